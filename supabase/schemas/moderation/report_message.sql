-- report_message: Gate: read_history, or to be one of the two people of a direct channel, and the message is there for its readers. Limits: report per user.
-- The community's lock before the gate, so that nobody is demoted and no channel goes while the evidence is taken.
create function private.report_message(p_channel_id uuid, p_seq bigint, p_reason text, p_details text)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_channel_id;
  -- Of two people each reports the other, also whom they have blocked and do not see any more.
  if not exists (
    select from private.direct_channels d where d.id = p_channel_id and (select auth.uid()) in (d.low_id, d.high_id)
  ) then
    perform private.require_in_channel(p_channel_id, 'read_history');
  end if;
  v_report.reason := private.require_report_reason(p_reason);
  v_report.details := private.require_note(p_details, 'p_details');
  perform private.take_token('report', (select auth.uid())::text);

  v_report.evidence := private.message_evidence(p_channel_id, p_seq);
  v_report.subject_kind := 'message';
  v_report.subject_id := p_channel_id;
  v_report.seq := p_seq;
  v_report.community_id := (v_report.evidence #>> '{community,id}')::uuid;
  v_report.user_id := (v_report.evidence #>> '{message,author_id}')::uuid;
  return private.write_report(v_report);
end
$$;

revoke all on function private.report_message(uuid, bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function private.report_message(uuid, bigint, text, text) to authenticated;

create function public.report_message(p_channel_id uuid, p_seq bigint, p_reason text, p_details text default null)
returns public.my_report
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.report_message(p_channel_id, p_seq, p_reason, p_details); $$;

comment on function public.report_message(uuid, bigint, text, text) is
$$Reports a message of a channel or thread to the platform's staff. Needs `read_history`. The server keeps what there is to be seen: the
message, what it said before, its author, its files' names and hashes, and up to 5 messages before and after it. While a report of yours about
the same message is not ended it comes back as it is, and nothing is added to it.
@param p_reason {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}
@param p_details up to 2,000 characters for staff
@errors session_required, not_found, missing_permission, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.report_message(uuid, bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function public.report_message(uuid, bigint, text, text) to authenticated;
