-- revoke_role: Gate: manage_roles; see change_member_roles.
create function private.revoke_role(p_community_id uuid, p_user_id uuid, p_role_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  v_held := private.begin_change(p_community_id, 'manage_roles');
  perform private.change_member_roles(p_community_id, p_user_id, '{}', array[p_role_id], null, v_held);
end
$$;

revoke all on function private.revoke_role(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.revoke_role(uuid, uuid, uuid) to authenticated;

create function public.revoke_role(p_community_id uuid, p_user_id uuid, p_role_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.revoke_role(p_community_id, p_user_id, p_role_id); $$;

comment on function public.revoke_role(uuid, uuid, uuid) is
$$Takes a role below the caller's own from a member below the caller. Needs `manage_roles`, and each permission that the
role's overwrites deny and that so comes back. The owner may take roles from themself.
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, rate_limited$$;

revoke all on function public.revoke_role(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_role(uuid, uuid, uuid) to authenticated;
