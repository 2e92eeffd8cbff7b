-- list_reports: Gate: staff. What is about the caller, or about a community that the caller manages, is left out: see may_work_on_report.
create function private.list_reports(p_state text, p_after_id uuid, p_limit integer)
returns setof public.report
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_role text := private.require_staff();
  v_user_id uuid := (select auth.uid());
  v_managed_ids uuid[] := private.managed_community_ids(v_user_id);
  v_is_waiting boolean := p_state in ('open', 'in_review');
begin
  if p_state is null or p_state not in ('open', 'in_review', 'resolved', 'dismissed') then
    perform private.fail(
      'invalid_argument', 'There is no such state.', 422, pg_catalog.jsonb_build_object('field', 'p_state')
    );
  end if;
  perform private.require_limit(p_limit, 100);

  return query
  select d.*
  from (
    (
      select r from private.reports r
      where v_is_waiting and r.state = p_state and (p_after_id is null or r.id > p_after_id)
        and not private.is_about(r, v_user_id, v_managed_ids)
      order by r.id
      limit p_limit
    )
    union all
    (
      select r from private.reports r
      where not v_is_waiting and r.state = p_state and (p_after_id is null or r.id < p_after_id)
        and not private.is_about(r, v_user_id, v_managed_ids)
      order by r.id desc
      limit p_limit
    )
  ) s, private.described_report(s.r, v_role) d
  order by case when v_is_waiting then d.id end, d.id desc;
end
$$;

revoke all on function private.list_reports(text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_reports(text, uuid, integer) to authenticated;

create function public.list_reports(p_state text default 'open', p_after_id uuid default null, p_limit integer default 50)
returns setof public.report
language sql stable security invoker set search_path = ''
as $$ select * from private.list_reports(p_state, p_after_id, p_limit); $$;

comment on function public.list_reports(text, uuid, integer) is
$$Returns a page of the reports in one state: those that wait the oldest first, those that have ended the newest first. For platform staff. What
is about oneself, or about a community that one manages, is not among them.
@param p_state {'open' | 'in_review' | 'resolved' | 'dismissed'} which
@param p_after_id go on after this report
@param p_limit 1 to 100
@errors session_required, missing_permission, invalid_argument$$;

revoke all on function public.list_reports(text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_reports(text, uuid, integer) to authenticated;
