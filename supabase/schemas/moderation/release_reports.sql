-- Whoever is staff no longer has nothing in hand any more, also where the account has ended.
create function private.release_reports()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  with released as (
    update private.reports r set assignee_id = null, changed_at = pg_catalog.now()
    where r.assignee_id = old.user_id and r.state = 'in_review'
    returning r.id
  )
  insert into private.report_events (report_id, actor_id, kind, details)
  select d.id, null, 'released', pg_catalog.jsonb_build_object('user_id', old.user_id) from released d;
  return null;
end
$$;

revoke all on function private.release_reports() from public, anon, authenticated, service_role;

create trigger moderation_release_reports
after delete on private.platform_staff
for each row execute function private.release_reports();
