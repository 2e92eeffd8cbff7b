-- report_events: every step of every report, written in the transaction of the step, and never touched again.
-- actor_id is a plain value, as all ids of a report are; null: the server by itself.
create table private.report_events (
  id bigint generated always as identity primary key,
  report_id uuid not null references private.reports (id) on delete cascade,
  at timestamptz not null default pg_catalog.clock_timestamp(),
  actor_id uuid,
  kind text not null check (
    kind in ('reported', 'assigned', 'released', 'noted', 'acted', 'resolved', 'dismissed', 'reopened')
  ),
  note text check (pg_catalog.char_length(note) between 1 and 2000),
  details jsonb
);

create index report_events_report_id on private.report_events (report_id, id);

revoke all on table private.report_events from public, anon, authenticated, service_role;

-- A report's history goes with the whole report, and in no other way.
create function private.refuse_report_event_change()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if tg_op <> 'DELETE' or exists (select from private.reports r where r.id = old.report_id) then
    raise exception using errcode = 'restrict_violation', message = 'A report''s history is only ever added to.';
  end if;
  return old;
end
$$;

revoke all on function private.refuse_report_event_change() from public, anon, authenticated, service_role;

create trigger report_events_append_only
before update or delete on private.report_events
for each row execute function private.refuse_report_event_change();

create trigger report_events_are_not_emptied
before truncate on private.report_events
for each statement execute function private.refuse_report_event_change();
