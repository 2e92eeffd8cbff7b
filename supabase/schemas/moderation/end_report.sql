-- end_report: what resolving and dismissing have in common. Gate: staff whom it is not about, who have it in hand.
-- Limits: report_change per user.
create function private.end_report(p_report_id uuid, p_state text, p_note text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_in_hand(private.begin_report_change(p_report_id));
  update private.reports r set state = p_state, changed_at = pg_catalog.now() where r.id = p_report_id;
  -- The kinds of steps are called as the states they lead to.
  perform private.write_report_event(p_report_id, p_state, p_note);
end
$$;

revoke all on function private.end_report(uuid, text, text) from public, anon, authenticated, service_role;
