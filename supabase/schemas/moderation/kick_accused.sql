-- kick_accused: what kick_member does after its gate. The caller holds change_access.
create function private.kick_accused(p_report private.reports, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_removable(p_report);
  if not private.remove_member(p_report.community_id, p_report.user_id, 'kicked') then
    perform private.fail('conflict', 'They are no member any more.', 409);
  end if;
  perform private.write_audit(p_report.community_id, 'member_kicked', p_report.user_id::text, p_reason => p_reason);
end
$$;

revoke all on function private.kick_accused(private.reports, text) from public, anon, authenticated, service_role;
