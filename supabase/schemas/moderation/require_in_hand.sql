-- require_in_hand: the report is in review, and by the caller: two people never decide on one crosswise. After begin_report_change.
create function private.require_in_hand(p_report private.reports)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_report.state <> 'in_review' or p_report.assignee_id is distinct from (select auth.uid()) then
    perform private.fail(
      'conflict', 'Take this report on first.', 409,
      pg_catalog.jsonb_build_object('state', p_report.state, 'assignee_id', p_report.assignee_id)
    );
  end if;
end
$$;

revoke all on function private.require_in_hand(private.reports) from public, anon, authenticated, service_role;
