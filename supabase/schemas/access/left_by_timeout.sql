-- left_by_timeout: what a timeout leaves of these permissions to a member of this class: looking and reading. The owner
-- and administrators are exempt.
create function private.left_by_timeout(p_permissions bigint, p_access_class_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (
    select from private.access_classes a
    where a.id = p_access_class_id and a.permissions & private.permission_mask('administrator') <> 0
  ) then
    return p_permissions;
  end if;
  return p_permissions & private.permission_mask('view_channel', 'read_history');
end
$$;

revoke all on function private.left_by_timeout(bigint, uuid) from public, anon, authenticated, service_role;
