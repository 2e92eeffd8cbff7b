-- act_on_report: staff act where they are no members. It is the caller who does it, under their own name in the community's log and in the
-- report's history, by what the members' functions do after their gates; the gate here is to be staff whom the report is not about, with
-- the report in hand. Limits: report_change per user.
-- The community's lock comes before any row's, as everywhere, and with it the gate is asked once more (see begin_report_change).
create function private.act_on_report(p_report_id uuid, p_action text, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports := private.require_report(p_report_id);
begin
  if p_action is null
    or p_action not in ('delete_message', 'kick_member', 'ban_member')
    or v_report.subject_kind <> 'message'
  then
    perform private.fail(
      'invalid_argument', 'There is no such thing to be done about this report.', 422,
      pg_catalog.jsonb_build_object('field', 'p_action')
    );
  end if;

  if p_action = 'delete_message' then
    perform private.hold_access(v_report.community_id);
  else
    perform private.change_access(v_report.community_id);
  end if;
  v_report := private.begin_report_change(p_report_id);
  perform private.require_in_hand(v_report);
  if not exists (select from public.communities c where c.id = v_report.community_id) then
    perform private.fail('conflict', 'There is no community any more to do it in.', 409);
  end if;

  case p_action
    when 'delete_message' then perform private.delete_reported_message(v_report, p_reason);
    when 'kick_member' then perform private.kick_accused(v_report, p_reason);
    when 'ban_member' then perform private.ban_accused(v_report, p_reason);
  end case;
  perform private.write_report_event(
    p_report_id, 'acted', nullif(pg_catalog.btrim(p_reason), ''), pg_catalog.jsonb_build_object('action', p_action)
  );
end
$$;

revoke all on function private.act_on_report(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.act_on_report(uuid, text, text) to authenticated;

create function public.act_on_report(p_report_id uuid, p_action text, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.act_on_report(p_report_id, p_action, p_reason); $$;

comment on function public.act_on_report(uuid, text, text) is
$$Acts on a reported message in the community where it was sent, member of it or not: deletes the message, kicks its author, or bans them there until
somebody ends the ban. For the member of platform staff who has the report in hand. It stands in the community's audit log under
the caller's name, and in the report's history; the report stays in review. Nobody takes the owner out of their community: `role_hierarchy`.
`conflict` where there is nothing any more to act on.
@param p_action {'delete_message' | 'kick_member' | 'ban_member'} what is to be done
@param p_reason up to 512 characters, which also the community reads in its audit log
@errors session_required, not_found, conflict, role_hierarchy, invalid_argument, rate_limited$$;

revoke all on function public.act_on_report(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.act_on_report(uuid, text, text) to authenticated;
