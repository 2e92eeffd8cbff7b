-- viewable_channel_ids: see my_community_ids.
create function private.viewable_channel_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
begin
  return array(
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id
    where m.user_id = (select auth.uid()) and ca.permissions & v_view <> 0
  );
end
$$;

revoke all on function private.viewable_channel_ids() from public, anon, authenticated, service_role;
grant execute on function private.viewable_channel_ids() to authenticated;
