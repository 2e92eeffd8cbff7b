-- report_user: Gate: a user with whom the caller shares a community or a direct channel, or a friend. Limits: report per user.
create function private.report_user(p_user_id uuid, p_reason text, p_details text)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  perform private.require_known_user(p_user_id);
  v_report.reason := private.require_report_reason(p_reason);
  v_report.details := private.require_note(p_details, 'p_details');
  perform private.take_token('report', (select auth.uid())::text);

  v_report.evidence := private.user_evidence(p_user_id);
  v_report.subject_kind := 'user';
  v_report.subject_id := p_user_id;
  v_report.user_id := p_user_id;
  return private.write_report(v_report);
end
$$;

revoke all on function private.report_user(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.report_user(uuid, text, text) to authenticated;

create function public.report_user(p_user_id uuid, p_reason text, p_details text default null)
returns public.my_report
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.report_user(p_user_id, p_reason, p_details); $$;

comment on function public.report_user(uuid, text, text) is
$$Reports a friend, or somebody with whom one shares a community or a direct channel, to the platform's staff. The server keeps their profile and their names in the communities
that you share. While a report of yours about the same user is not ended it comes back as it is, and nothing is added to it.
@param p_reason {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}
@param p_details up to 2,000 characters for staff
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.report_user(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.report_user(uuid, text, text) to authenticated;
