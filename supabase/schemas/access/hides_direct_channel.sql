-- hides_direct_channel: whether a member is not shown a direct channel, for a block of their own: of the other of two people, or of who
-- has added them to a group while they were blocked. Asked anew each time and stored nowhere, so it begins and ends with the block, in
-- whatever order blocks, additions and ended accounts commit.
create function private.hides_direct_channel(p_member private.direct_members)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from private.blocks b
    join private.direct_channels d on d.id = p_member.channel_id
    where b.blocker_id = p_member.user_id
      and case d.kind
        when 'pair' then b.blocked_id in (d.low_id, d.high_id)
        else b.blocked_id = p_member.added_by and b.created_at <= p_member.joined_at
      end
  );
end
$$;

revoke all on function private.hides_direct_channel(private.direct_members) from public, anon, authenticated, service_role;
