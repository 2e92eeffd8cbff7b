-- delete_role: for its holders the same as taking it away: what its overwrites denied them comes back, and must be held
-- by the caller. Gate: manage_roles, the role below the caller's own. In one statement after the other under the
-- community's lock: nobody is without rights in between.
create function private.delete_role(p_role_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select r.community_id from public.roles r where r.id = p_role_id);
  v_role public.roles;
  v_holder_ids uuid[];
begin
  perform private.begin_change(v_community_id, 'manage_roles', 'role');
  v_role := private.require_above_role(v_community_id, p_role_id);
  if v_role.is_default then
    perform private.fail('conflict', 'The default role cannot be deleted.', 409);
  end if;
  perform private.require_held_in_channels(v_community_id, '{}', array[p_role_id]);

  v_holder_ids := array(
    select m.user_id from public.member_roles m where m.community_id = v_community_id and m.role_id = p_role_id
  );
  delete from public.roles r where r.community_id = v_community_id and r.id = p_role_id;
  update public.roles r
  set position = r.position - 1
  where r.community_id = v_community_id and r.position > v_role.position;

  -- Only its holders' rights came from it, so no other class has to be resolved.
  perform private.announce(
    v_community_id, 'role_deleted', pg_catalog.jsonb_build_object('role_id', p_role_id),
    private.assign_access_classes(v_community_id, v_holder_ids)
  );
  perform private.write_audit(
    v_community_id, 'role_deleted', p_role_id::text,
    pg_catalog.jsonb_build_object(
      'name', v_role.name, 'permissions', private.permission_keys(v_role.permissions), 'color', v_role.color
    ),
    p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_role(uuid, text) to authenticated;

create function public.delete_role(p_role_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_role(p_role_id, p_reason); $$;

comment on function public.delete_role(uuid, text) is
$$Deletes a role below the caller's own; its holders lose it and its overwrites go. Needs `manage_roles`, and each
permission that its overwrites deny. The default role cannot be deleted.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.delete_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_role(uuid, text) to authenticated;
