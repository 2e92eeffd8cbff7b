-- Whoever unblocks somebody is shown again what they did not see: the channel of the two, and groups that the other has added them to.
-- What was said meanwhile is there, and counts as read.
create function private.show_after_unblock()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.direct_members m
  set last_read_seq = greatest(m.last_read_seq, h.last_seq)
  from private.direct_channels d
  join private.channel_heads h on h.channel_id = d.id
  where d.low_id = least(old.blocker_id, old.blocked_id) and d.high_id = greatest(old.blocker_id, old.blocked_id)
    and m.channel_id = d.id and m.user_id = old.blocker_id;

  update private.direct_members m
  set is_hidden = false, last_read_seq = greatest(m.last_read_seq, h.last_seq)
  from private.channel_heads h
  where m.user_id = old.blocker_id and m.added_by = old.blocked_id and m.is_hidden and h.channel_id = m.channel_id;
  return null;
end
$$;

revoke all on function private.show_after_unblock() from public, anon, authenticated, service_role;

create trigger direct_show_after_unblock
after delete on private.blocks
for each row execute function private.show_after_unblock();
