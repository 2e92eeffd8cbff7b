-- create_role: a role right above the default role, so below everybody who could be asked about it; the others move up.
-- Gate: manage_roles; its permissions are held by the caller.
create function private.create_role(p_community_id uuid, p_name text, p_permissions text[], p_color integer)
returns public.described_role
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_permissions bigint := coalesce(private.require_permission_keys(p_permissions, 'p_permissions'), 0);
  v_held bigint;
  v_role public.roles;
begin
  perform private.require_color(p_color);
  v_held := private.begin_change(p_community_id, 'manage_roles');
  perform private.require_held(v_held, v_permissions);
  if (select pg_catalog.count(*) from public.roles r where r.community_id = p_community_id) >= 250 then
    perform private.fail('limit_reached', 'A community has at most 250 roles.', 409);
  end if;

  update public.roles r set position = r.position + 1 where r.community_id = p_community_id and r.position > 0;
  insert into public.roles (community_id, name, position, permissions, color)
  values (p_community_id, v_name, 1, v_permissions, coalesce(p_color, 0))
  returning * into v_role;

  perform private.announce(p_community_id, 'role_created', pg_catalog.jsonb_build_object('role_id', v_role.id));
  perform private.write_audit(
    p_community_id, 'role_created', v_role.id::text,
    p_after => pg_catalog.jsonb_build_object(
      'name', v_name, 'permissions', private.permission_keys(v_permissions), 'color', v_role.color
    )
  );
  return private.describe_role(v_role);
end
$$;

revoke all on function private.create_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function private.create_role(uuid, text, text[], integer) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_role(
  p_community_id uuid,
  p_name text,
  p_permissions text[] default '{}',
  p_color integer default 0
)
returns public.described_role
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_role(p_community_id, p_name, p_permissions, p_color); $$;

comment on function public.create_role(uuid, text, text[], integer) is
$$Creates a role right above the default role. Needs `manage_roles`, and each permission that it gives. A
community has at most 250 roles.
@param p_name 1 to 100 characters
@param p_permissions keys of permissions_catalog
@param p_color 0xRRGGBB; 0: none of its own
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.create_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function public.create_role(uuid, text, text[], integer) to authenticated;
