-- left_by_timeout: what a timeout leaves a member of these permissions: looking and reading. The owner and
-- administrators are exempt.
create function private.left_by_timeout(p_permissions bigint, p_community_id uuid, p_user_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.base_permissions(p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id)
    & private.permission_mask('administrator') <> 0
  then
    return p_permissions;
  end if;
  return p_permissions & private.permission_mask('view_channel', 'read_history');
end
$$;

revoke all on function private.left_by_timeout(bigint, uuid, uuid) from public, anon, authenticated, service_role;
