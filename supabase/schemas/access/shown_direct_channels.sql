-- shown_direct_channels: the direct channels that somebody is shown, which are those that they may read (see direct_permissions).
create function private.shown_direct_channels(p_user_id uuid)
returns setof private.direct_members
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select m.*
  from private.direct_members m
  join private.direct_channels d on d.id = m.channel_id
  where m.user_id = p_user_id
    -- As in hides_direct_channel, here without a call for each.
    and not exists (
      select from private.blocks b
      where b.blocker_id = p_user_id
        and case d.kind
          when 'pair' then b.blocked_id in (d.low_id, d.high_id)
          else b.blocked_id = m.added_by and b.created_at <= m.joined_at
        end
    );
end
$$;

revoke all on function private.shown_direct_channels(uuid) from public, anon, authenticated, service_role;
