-- my_channel_ids: see my_community_ids. The channels in which the caller holds all of these permissions. Made for what a
-- timeout leaves, view_channel and read_history: it does not look at timeouts.
create function private.my_channel_ids(variadic p_permissions text[])
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_needed bigint := private.permission_mask(variadic p_permissions);
begin
  return array(
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id
    where m.user_id = (select auth.uid())
      and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
      and ca.permissions & v_needed = v_needed
    union all
    select r.place_id
    from public.community_members m
    cross join lateral private.rights_now(m.community_id, m.user_id) r
    where m.user_id = (select auth.uid())
      and m.access_expires_at <= pg_catalog.now()
      and r.permissions & v_needed = v_needed
  );
end
$$;

revoke all on function private.my_channel_ids(text[]) from public, anon, authenticated, service_role;
grant execute on function private.my_channel_ids(text[]) to authenticated;
