-- report_community: Gate: membership. Limits: report per user. The community's lock before the gate: see report_message.
create function private.report_community(p_community_id uuid, p_reason text, p_details text)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  perform private.hold_access(p_community_id);
  perform private.require_in_community(p_community_id);
  v_report.reason := private.require_report_reason(p_reason);
  v_report.details := private.require_note(p_details, 'p_details');
  perform private.take_token('report', (select auth.uid())::text);

  v_report.evidence := private.community_evidence(p_community_id);
  v_report.subject_kind := 'community';
  v_report.subject_id := p_community_id;
  v_report.community_id := p_community_id;
  v_report.user_id := (v_report.evidence #>> '{owner,id}')::uuid;
  return private.write_report(v_report);
end
$$;

revoke all on function private.report_community(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.report_community(uuid, text, text) to authenticated;

create function public.report_community(p_community_id uuid, p_reason text, p_details text default null)
returns public.my_report
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.report_community(p_community_id, p_reason, p_details); $$;

comment on function public.report_community(uuid, text, text) is
$$Reports a community of which one is a member to the platform's staff. The server keeps its name, its owner and the names of the channels
that you see. While a report of yours about the same community is not ended it comes back as it is, and nothing is added to it.
@param p_reason {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}
@param p_details up to 2,000 characters for staff
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.report_community(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.report_community(uuid, text, text) to authenticated;
