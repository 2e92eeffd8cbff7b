-- write_report_event: adds one step to a report's history, as the caller's.
create function private.write_report_event(p_report_id uuid, p_kind text, p_note text default null, p_details jsonb default null)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.report_events (report_id, actor_id, kind, note, details)
  values (p_report_id, (select auth.uid()), p_kind, p_note, p_details);
end
$$;

revoke all on function private.write_report_event(uuid, text, text, jsonb) from public, anon, authenticated, service_role;
