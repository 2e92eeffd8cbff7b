-- kick_member: Gate: kick_members, the member below the caller.
create function private.kick_member(p_community_id uuid, p_user_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_change(p_community_id, 'kick_members');
  perform private.require_above_member(p_community_id, p_user_id);
  perform private.remove_member(p_community_id, p_user_id, 'kicked');
  perform private.write_audit(p_community_id, 'member_kicked', p_user_id::text, p_reason => p_reason);
end
$$;

revoke all on function private.kick_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.kick_member(uuid, uuid, text) to authenticated;

create function public.kick_member(p_community_id uuid, p_user_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.kick_member(p_community_id, p_user_id, p_reason); $$;

comment on function public.kick_member(uuid, uuid, text) is
$$Ends the membership of a member below the caller, who may come back by an invite, also by one of their own: to keep
somebody out is what `ban_member` is for. Needs `kick_members`. What stays and what goes: see `leave_community`.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.kick_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.kick_member(uuid, uuid, text) to authenticated;
