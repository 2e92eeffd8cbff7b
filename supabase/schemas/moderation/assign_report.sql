-- assign_report: Gate: staff whom it is not about; admins to hand it to others or to take it over. Limits: report_change per user.
-- Who is to have it is held before the report is locked: whoever stops being staff meanwhile has nothing in hand afterwards.
create function private.assign_report(p_report_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := (select auth.uid());
  v_user_id uuid := coalesce(p_user_id, v_caller_id);
  v_held boolean;
  v_report private.reports;
begin
  perform private.require_report(p_report_id);
  v_held := private.hold_staff(v_user_id);
  v_report := private.begin_report_change(p_report_id);
  if v_user_id <> v_caller_id then
    perform private.require_staff('admin');
  end if;
  if not v_held or not private.may_work_on_report(v_report, v_user_id) then
    perform private.fail(
      'not_found', 'There is nobody on the staff who may have it.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  if v_report.state not in ('open', 'in_review') then
    perform private.fail(
      'conflict', 'This report has ended: open it again first.', 409, pg_catalog.jsonb_build_object('state', v_report.state)
    );
  end if;
  if v_report.assignee_id = v_user_id then
    return;
  end if;
  -- Whoever has it and may not see it any more, for a right that the accused may have given them, holds nobody up.
  if v_report.assignee_id <> v_caller_id
    and private.may_work_on_report(v_report, v_report.assignee_id)
    and private.require_staff() <> 'admin'
  then
    perform private.fail(
      'conflict', 'Somebody else has this report in hand.', 409,
      pg_catalog.jsonb_build_object('state', v_report.state, 'assignee_id', v_report.assignee_id)
    );
  end if;

  update private.reports r
  set state = 'in_review', assignee_id = v_user_id, changed_at = pg_catalog.now()
  where r.id = p_report_id;
  perform private.write_report_event(
    p_report_id, 'assigned', p_details => pg_catalog.jsonb_build_object('user_id', v_user_id)
  );
end
$$;

revoke all on function private.assign_report(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.assign_report(uuid, uuid) to authenticated;

create function public.assign_report(p_report_id uuid, p_user_id uuid default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.assign_report(p_report_id, p_user_id); $$;

comment on function public.assign_report(uuid, uuid) is
$$Takes a report on, or hands it to somebody else of the staff; it is `in_review` then. For platform staff: reviewers take on what nobody has in hand;
admins also take over, and hand to others. Who is accused, or manages the community, is handed nothing.
@param p_user_id who is to have it in hand; left out: oneself
@errors session_required, not_found, missing_permission, conflict, rate_limited
@idempotent$$;

revoke all on function public.assign_report(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.assign_report(uuid, uuid) to authenticated;
