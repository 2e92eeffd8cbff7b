-- set_member_roles: an administrator's screen saved at once: all of it or nothing. Gate: manage_roles; see
-- change_member_roles. Roles that stay keep their end, and are not asked about: what does not change needs no right.
create function private.set_member_roles(p_community_id uuid, p_user_id uuid, p_role_ids uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_ids uuid[] := private.require_ids(p_role_ids, 'p_role_ids');
  v_held bigint;
  v_now uuid[];
begin
  v_held := private.begin_change(p_community_id, 'manage_roles');
  v_now := private.granted_role_ids(p_community_id, p_user_id);
  perform private.change_member_roles(
    p_community_id, p_user_id,
    array(select w.id from pg_catalog.unnest(v_role_ids) as w (id) where w.id <> all (v_now)),
    array(select h.id from pg_catalog.unnest(v_now) as h (id) where h.id <> all (v_role_ids)),
    null, v_held
  );
end
$$;

revoke all on function private.set_member_roles(uuid, uuid, uuid[]) from public, anon, authenticated, service_role;
grant execute on function private.set_member_roles(uuid, uuid, uuid[]) to authenticated;

create function public.set_member_roles(p_community_id uuid, p_user_id uuid, p_role_ids uuid[])
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_member_roles(p_community_id, p_user_id, p_role_ids); $$;

comment on function public.set_member_roles(uuid, uuid, uuid[]) is
$$Sets all roles of a member at once: those missing are granted, the others revoked, or nothing happens. Needs what
`grant_role` and `revoke_role` need for the roles that change.
@param p_role_ids the whole new set beside the default role, at most 250
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.set_member_roles(uuid, uuid, uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.set_member_roles(uuid, uuid, uuid[]) to authenticated;
