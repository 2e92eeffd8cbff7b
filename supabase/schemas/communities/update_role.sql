-- update_role: what is left out stays. Gate: manage_roles, the role below the caller's own; every permission that is
-- given or taken is held. However many hold the role, one resolution of the community's classes and one event.
create function private.update_role(p_role_id uuid, p_name text, p_permissions text[], p_color integer)
returns public.described_role
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := case when p_name is not null then private.require_name(p_name) end;
  v_permissions bigint := private.require_permission_keys(p_permissions, 'p_permissions');
  v_community_id uuid := (select r.community_id from public.roles r where r.id = p_role_id);
  v_held bigint;
  v_old public.roles;
  v_new public.roles;
  v_lost uuid[] := array[]::uuid[];
begin
  perform private.require_color(p_color);
  v_held := private.begin_change(v_community_id, 'manage_roles', 'role');
  v_old := private.require_above_role(v_community_id, p_role_id);
  perform private.require_held(v_held, v_old.permissions # coalesce(v_permissions, v_old.permissions));

  v_new := v_old;
  v_new.name := coalesce(v_name, v_old.name);
  v_new.permissions := coalesce(v_permissions, v_old.permissions);
  v_new.color := coalesce(p_color, v_old.color);
  if v_new = v_old then
    return private.describe_role(v_old);
  end if;

  update public.roles r
  set name = v_new.name, permissions = v_new.permissions, color = v_new.color
  where r.community_id = v_community_id and r.id = p_role_id;
  if v_new.permissions <> v_old.permissions then
    v_lost := private.resolve_access(v_community_id);
  end if;

  perform private.announce(
    v_community_id, 'role_updated', pg_catalog.jsonb_build_object('role_id', p_role_id), v_lost
  );
  perform private.write_audit(
    v_community_id, 'role_updated', p_role_id::text,
    pg_catalog.jsonb_build_object(
      'name', v_old.name, 'permissions', private.permission_keys(v_old.permissions), 'color', v_old.color
    ),
    pg_catalog.jsonb_build_object(
      'name', v_new.name, 'permissions', private.permission_keys(v_new.permissions), 'color', v_new.color
    )
  );
  return private.describe_role(v_new);
end
$$;

revoke all on function private.update_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function private.update_role(uuid, text, text[], integer) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_role(
  p_role_id uuid,
  p_name text default null,
  p_permissions text[] default null,
  p_color integer default null
)
returns public.described_role
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_role(p_role_id, p_name, p_permissions, p_color); $$;

comment on function public.update_role(uuid, text, text[], integer) is
$$Changes a role below the caller's own; what is left out stays. Needs `manage_roles`, and each permission whose value
changes.
@param p_name 1 to 100 characters
@param p_permissions the whole new set: keys of permissions_catalog
@param p_color 0xRRGGBB; 0: none of its own
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function public.update_role(uuid, text, text[], integer) to authenticated;
