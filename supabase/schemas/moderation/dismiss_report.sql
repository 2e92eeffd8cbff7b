-- dismiss_report: see end_report.
create function private.dismiss_report(p_report_id uuid, p_note text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_report(p_report_id);
  perform private.end_report(p_report_id, 'dismissed', private.require_note(p_note, 'p_note'));
end
$$;

revoke all on function private.dismiss_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.dismiss_report(uuid, text) to authenticated;

create function public.dismiss_report(p_report_id uuid, p_note text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.dismiss_report(p_report_id, p_note); $$;

comment on function public.dismiss_report(uuid, text) is
$$Ends a report of which nothing comes. For the member of platform staff who has it in hand.
@param p_note why, up to 2,000 characters, for staff
@errors session_required, not_found, conflict, invalid_argument, rate_limited$$;

revoke all on function public.dismiss_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.dismiss_report(uuid, text) to authenticated;
