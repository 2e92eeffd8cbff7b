-- write_report: keeps a report of the caller's with its evidence, after the gate and the limit. While one of theirs about the same is not
-- ended it is that one, and nothing is written: a retry is none, and many of them by one person say no more than the first.
create function private.write_report(p_report private.reports)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_reporter_id uuid := (select auth.uid());
  v_report private.reports;
begin
  loop
    insert into private.reports (
      reporter_id, subject_kind, subject_id, seq, community_id, user_id, reason, details, evidence, concerned_ids
    )
    values (
      v_reporter_id, p_report.subject_kind, p_report.subject_id, p_report.seq, p_report.community_id, p_report.user_id,
      p_report.reason, p_report.details, p_report.evidence, private.concerned_ids(p_report.community_id, p_report.user_id)
    )
    on conflict do nothing
    returning * into v_report;
    if found then
      perform private.write_report_event(v_report.id, 'reported');
      exit;
    end if;
    select r.* into v_report
    from private.reports r
    where r.reporter_id = v_reporter_id
      and r.subject_kind = p_report.subject_kind
      and r.subject_id = p_report.subject_id
      and r.seq is not distinct from p_report.seq
      and r.state in ('open', 'in_review');
    -- It has ended between the two: then this one is a new one.
    exit when found;
  end loop;
  return private.described_my_report(v_report);
end
$$;

revoke all on function private.write_report(private.reports) from public, anon, authenticated, service_role;
