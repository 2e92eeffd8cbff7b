-- verify_audit_chain: Gate: view_audit_log. See audit_chain.
create function private.verify_audit_chain(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'view_audit_log');
  return private.audit_chain(p_community_id);
end
$$;

revoke all on function private.verify_audit_chain(uuid) from public, anon, authenticated, service_role;
grant execute on function private.verify_audit_chain(uuid) to authenticated;

create function public.verify_audit_chain(p_community_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.verify_audit_chain(p_community_id); $$;

comment on function public.verify_audit_chain(uuid) is
$$Says whether a community's audit log is as it was written: every row unchanged, none missing, none cut off. Reads the whole
log. Needs `view_audit_log`.
@errors session_required, not_found, missing_permission, timed_out
@returns {{ is_valid: boolean; entries: number; first_bad_number: number | null; problem: 'missing' | 'broken link' | 'changed' | 'cut off' | null }}$$;

revoke all on function public.verify_audit_chain(uuid) from public, anon, authenticated, service_role;
grant execute on function public.verify_audit_chain(uuid) to authenticated;
