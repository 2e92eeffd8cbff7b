-- read_what_was_hidden: what was said in direct channels that somebody was not shown counts as read when they are shown them again (see
-- hides_direct_channel).
create function private.read_what_was_hidden(p_block private.blocks)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.direct_members m
  set last_read_seq = h.last_seq
  from private.direct_channels d
  join private.channel_heads h on h.channel_id = d.id
  where m.channel_id = d.id
    and m.user_id = p_block.blocker_id
    and m.last_read_seq < h.last_seq
    and case d.kind
      when 'pair' then p_block.blocked_id in (d.low_id, d.high_id)
      else m.added_by = p_block.blocked_id and p_block.created_at <= m.joined_at
    end;
end
$$;

revoke all on function private.read_what_was_hidden(private.blocks) from public, anon, authenticated, service_role;

create function private.read_after_unblock()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.read_what_was_hidden(old);
  return null;
end
$$;

revoke all on function private.read_after_unblock() from public, anon, authenticated, service_role;

create trigger direct_read_after_unblock
after delete on private.blocks
for each row execute function private.read_after_unblock();

-- A block ends with the blocked person's account, too. Before that, while the channels still say whose they were.
create function private.read_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.read_what_was_hidden(b) from private.blocks b where b.blocked_id = old.id;
  return old;
end
$$;

revoke all on function private.read_before_account_ends() from public, anon, authenticated, service_role;

create trigger direct_read_before_account_ends
before delete on public.profiles
for each row execute function private.read_before_account_ends();
