-- resolve_report: see end_report.
create function private.resolve_report(p_report_id uuid, p_resolution text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_report(p_report_id);
  perform private.end_report(p_report_id, 'resolved', private.require_note(p_resolution, 'p_resolution', true));
end
$$;

revoke all on function private.resolve_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.resolve_report(uuid, text) to authenticated;

create function public.resolve_report(p_report_id uuid, p_resolution text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.resolve_report(p_report_id, p_resolution); $$;

comment on function public.resolve_report(uuid, text) is
$$Ends a report that was right. For the member of platform staff who has it in hand.
@param p_resolution what was done about it, 1 to 2,000 characters, for staff
@errors session_required, not_found, conflict, invalid_argument, rate_limited$$;

revoke all on function public.resolve_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.resolve_report(uuid, text) to authenticated;
