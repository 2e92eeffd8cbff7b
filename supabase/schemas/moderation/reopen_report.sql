-- reopen_report: Gate: admins whom it is not about. Limits: report_change per user. Whoever opens it again has it in hand.
create function private.reopen_report(p_report_id uuid, p_note text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports := private.begin_report_change(p_report_id);
  v_note text := private.require_note(p_note, 'p_note');
begin
  perform private.require_staff('admin');
  if v_report.state not in ('resolved', 'dismissed') then
    perform private.fail(
      'conflict', 'This report has not ended.', 409, pg_catalog.jsonb_build_object('state', v_report.state)
    );
  end if;
  begin
    update private.reports r
    set state = 'in_review', assignee_id = (select auth.uid()), changed_at = pg_catalog.now()
    where r.id = p_report_id;
  exception when unique_violation then
    -- Of the same reporter about the same subject: they did not wait for this.
    perform private.fail('conflict', 'There is a newer report about the same.', 409);
  end;
  perform private.write_report_event(p_report_id, 'reopened', v_note);
end
$$;

revoke all on function private.reopen_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.reopen_report(uuid, text) to authenticated;

create function public.reopen_report(p_report_id uuid, p_note text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.reopen_report(p_report_id, p_note); $$;

comment on function public.reopen_report(uuid, text) is
$$Takes up a report again that had ended: it is `in_review`, in the caller's hands. For admins of the platform staff. `conflict` where it has not
ended, and where there is a newer one by the same person about the same, which is not ended.
@param p_note why, up to 2,000 characters, for staff
@errors session_required, not_found, missing_permission, conflict, invalid_argument, rate_limited$$;

revoke all on function public.reopen_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.reopen_report(uuid, text) to authenticated;
