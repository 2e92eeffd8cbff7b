-- require_report: the gate of everything that is done with a report. Whoever is no staff learns nothing, nor do staff whom it is
-- about: for them there is no such report.
create function private.require_report(p_report_id uuid)
returns private.reports
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_report private.reports;
begin
  select r.* into v_report
  from private.reports r
  where r.id = p_report_id and private.may_work_on_report(r, v_user_id);
  if not found then
    perform private.fail(
      'not_found', 'There is no such report.', 404, pg_catalog.jsonb_build_object('field', 'p_report_id')
    );
  end if;
  return v_report;
end
$$;

revoke all on function private.require_report(uuid) from public, anon, authenticated, service_role;
