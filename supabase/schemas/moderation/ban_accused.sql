-- ban_accused: what ban_member does after its gate, without an end. The caller holds change_access.
create function private.ban_accused(p_report private.reports, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_removable(p_report);
  perform private.write_ban(p_report.community_id, p_report.user_id, p_reason, null, null);
end
$$;

revoke all on function private.ban_accused(private.reports, text) from public, anon, authenticated, service_role;
