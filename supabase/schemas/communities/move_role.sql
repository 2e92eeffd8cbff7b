-- move_role: Gate: manage_roles; the role and the place it goes to are below the caller's highest role. Nobody's rights
-- change by it: position decides who acts on whom, and plays no part in the rule.
create function private.move_role(p_role_id uuid, p_position integer)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select r.community_id from public.roles r where r.id = p_role_id);
  v_role public.roles;
  v_highest integer;
begin
  perform private.begin_change(v_community_id, 'manage_roles', 'role');
  v_role := private.require_above_role(v_community_id, p_role_id);
  if v_role.is_default then
    perform private.fail('conflict', 'The default role stays at the bottom.', 409);
  end if;
  select pg_catalog.max(r.position) into v_highest from public.roles r where r.community_id = v_community_id;
  if p_position is null or p_position not between 1 and v_highest then
    perform private.fail(
      'invalid_argument', 'A role''s place is from 1 to the number of roles above the default role.', 422,
      pg_catalog.jsonb_build_object('field', 'p_position', 'max', v_highest)
    );
  end if;
  if p_position >= private.member_rank(v_community_id, (select auth.uid())) then
    perform private.fail('role_hierarchy', 'This place is not below your own highest role.', 403);
  end if;
  if p_position = v_role.position then
    return;
  end if;

  update public.roles r
  set position = case
    when r.id = p_role_id then p_position
    when p_position > v_role.position then r.position - 1
    else r.position + 1
  end
  where r.community_id = v_community_id
    and r.position between least(p_position, v_role.position) and greatest(p_position, v_role.position);

  perform private.announce(v_community_id, 'roles_moved');
  perform private.write_audit(
    v_community_id, 'role_moved', p_role_id::text,
    pg_catalog.jsonb_build_object('position', v_role.position),
    pg_catalog.jsonb_build_object('position', p_position)
  );
end
$$;

revoke all on function private.move_role(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.move_role(uuid, integer) to authenticated;

create function public.move_role(p_role_id uuid, p_position integer)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_role(p_role_id, p_position); $$;

comment on function public.move_role(uuid, integer) is
$$Moves a role to another place in the hierarchy; those between move by one. Needs `manage_roles`; both places are below
the caller's highest role.
@param p_position 1 is right above the default role, higher is stronger
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.move_role(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_role(uuid, integer) to authenticated;
