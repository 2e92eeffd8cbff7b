-- readable_channel_ids: see my_community_ids. The channels whose past messages the caller may read.
create function private.readable_channel_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_read bigint := private.permission_mask('view_channel', 'read_history');
begin
  return array(
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id
    where m.user_id = (select auth.uid()) and ca.permissions & v_read = v_read
  );
end
$$;

revoke all on function private.readable_channel_ids() from public, anon, authenticated, service_role;
grant execute on function private.readable_channel_ids() to authenticated;
