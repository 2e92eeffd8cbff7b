-- role_permission_keys: a role's permissions as names, for the view below. The mask itself is not readable by clients,
-- and the view shows roles only to those who may read them.
create function private.role_permission_keys(p_role_id uuid)
returns text[]
language sql stable security definer set search_path = ''
as $$
  select private.permission_keys(r.permissions) from public.roles r where r.id = p_role_id;
$$;

revoke all on function private.role_permission_keys(uuid) from public, anon, authenticated, service_role;
grant execute on function private.role_permission_keys(uuid) to authenticated;

-- role_permissions: one row for each permission of each role.
create view public.role_permissions with (security_invoker = true) as
select r.id as role_id, k.key as permission_key
from public.roles r
cross join lateral pg_catalog.unnest(private.role_permission_keys(r.id)) as k (key);

comment on view public.role_permissions is $$Which permissions a role gives, by name.
@not_null role_id, permission_key$$;

revoke all on table public.role_permissions from public, anon, authenticated, service_role;
grant select on table public.role_permissions to authenticated;
