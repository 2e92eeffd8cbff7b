-- begin_report_change: the way into every step of a report: the gate, what holds the caller among the staff, the report's lock, and the
-- gate again, since what it asks may have changed while we waited. Returns the report as it is then. Asked first without the lock, because
-- otherwise a stranger's refused calls would make staff wait. Limits: report_change per user.
create function private.begin_report_change(p_report_id uuid)
returns private.reports
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  loop
    perform private.require_report(p_report_id);
    -- Not held: they have stopped being staff since, which the gate says, or were appointed again, which counts.
    exit when private.hold_staff((select auth.uid()));
  end loop;
  perform from private.reports r where r.id = p_report_id for update;
  v_report := private.require_report(p_report_id);
  perform private.take_token('report_change', (select auth.uid())::text);
  return v_report;
end
$$;

revoke all on function private.begin_report_change(uuid) from public, anon, authenticated, service_role;
