-- community_permissions: the caller's mask in the community as a whole; null without membership.
-- A timeout leaves view_channel and read_history; the owner and administrators are exempt.
create function private.community_permissions(p_community_id uuid)
returns bigint
language sql stable security definer set search_path = ''
as $$
  select case
    when m.timed_out_until > pg_catalog.now()
      and a.permissions & (select 1::bigint << c.bit from public.permissions_catalog c where c.key = 'administrator') = 0
    then a.permissions & (
      select pg_catalog.bit_or(1::bigint << c.bit) from public.permissions_catalog c
      where c.key in ('view_channel', 'read_history')
    )
    else a.permissions
  end
  from public.community_members m
  join private.access_classes a on a.id = m.access_class_id
  where m.community_id = p_community_id and m.user_id = (select auth.uid());
$$;

revoke all on function private.community_permissions(uuid) from public, anon, authenticated, service_role;
