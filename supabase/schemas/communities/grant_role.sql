-- grant_role: Gate: manage_roles; see change_member_roles.
create function private.grant_role(p_community_id uuid, p_user_id uuid, p_role_id uuid, p_expires_at timestamptz)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  v_held := private.begin_change(p_community_id, 'manage_roles');
  if p_expires_at is not null and (
    p_expires_at <= pg_catalog.clock_timestamp() or p_expires_at = 'infinity'
  ) then
    perform private.fail(
      'invalid_argument', 'A grant ends in the future.', 422, pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  perform private.change_member_roles(p_community_id, p_user_id, array[p_role_id], '{}', p_expires_at, v_held);
end
$$;

revoke all on function private.grant_role(uuid, uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.grant_role(uuid, uuid, uuid, timestamptz) to authenticated;

create function public.grant_role(
  p_community_id uuid,
  p_user_id uuid,
  p_role_id uuid,
  p_expires_at timestamptz default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.grant_role(p_community_id, p_user_id, p_role_id, p_expires_at); $$;

comment on function public.grant_role(uuid, uuid, uuid, timestamptz) is
$$Grants a role below the caller's own to a member below the caller. Needs `manage_roles`, and everything the role gives, in
the community and in single channels. The owner may grant roles to themself.
@param p_expires_at when the grant ends by itself; left out: never. Granted again: the new end holds
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.grant_role(uuid, uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.grant_role(uuid, uuid, uuid, timestamptz) to authenticated;
