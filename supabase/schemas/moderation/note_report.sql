-- note_report: Gate: staff whom it is not about. Limits: report_change per user.
create function private.note_report(p_report_id uuid, p_note text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_report_change(p_report_id);
  perform private.write_report_event(p_report_id, 'noted', private.require_note(p_note, 'p_note', true));
end
$$;

revoke all on function private.note_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.note_report(uuid, text) to authenticated;

create function public.note_report(p_report_id uuid, p_note text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.note_report(p_report_id, p_note); $$;

comment on function public.note_report(uuid, text) is
$$Adds a note to a report's history, whatever its state. For platform staff, who read it; whoever made the report does not.
@param p_note 1 to 2,000 characters
@errors session_required, not_found, invalid_argument, rate_limited$$;

revoke all on function public.note_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.note_report(uuid, text) to authenticated;
