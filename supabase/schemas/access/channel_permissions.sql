-- channel_permissions: the caller's mask in a channel; null where there is no such channel or no membership.
-- One index lookup each: the channel, the membership, the answer.
-- plpgsql, because every gate asks it and only plpgsql keeps the plan from one call to the next.
create function private.channel_permissions(p_channel_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when m.timed_out_until > pg_catalog.now() then private.left_by_timeout(ca.permissions, m.access_class_id)
      else ca.permissions
    end
    from public.channels ch
    join public.community_members m on m.community_id = ch.community_id and m.user_id = (select auth.uid())
    join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.channel_id = ch.id
    where ch.id = p_channel_id
  );
end
$$;

revoke all on function private.channel_permissions(uuid) from public, anon, authenticated, service_role;
