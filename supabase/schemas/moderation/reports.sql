-- reports: what somebody has reported, with what there was to be seen at that moment. It refers to nothing: ids are kept as plain
-- values, and so a report outlives the message, its author, the channel, the community and whoever made it.
-- subject_id: the channel or thread of a message (seq is its number there), the user, or the community.
-- community_id: where it happened; null for users, and for channels that belong to no community.
-- user_id: who is accused: the author, the user, or who owned the community then; null where a message's author was gone already.
-- concerned_ids: who never sees it: the accused, and who managed the community when it was made (see concerned_ids). It is kept,
-- because a community that is deleted does not tell any more who managed it.
create table private.reports (
  id uuid primary key default private.uuid_v7(),
  reporter_id uuid not null,
  subject_kind text not null check (subject_kind in ('message', 'user', 'community')),
  subject_id uuid not null,
  seq bigint,
  community_id uuid,
  user_id uuid,
  reason text not null check (
    reason in ('spam', 'harassment', 'hate', 'violence', 'sexual_content', 'self_harm', 'illegal', 'other')
  ),
  details text check (pg_catalog.char_length(details) between 1 and 2000),
  evidence jsonb not null,
  concerned_ids uuid[] not null,
  state text not null default 'open' check (state in ('open', 'in_review', 'resolved', 'dismissed')),
  assignee_id uuid,
  created_at timestamptz not null default pg_catalog.now(),
  changed_at timestamptz not null default pg_catalog.now(),
  check ((seq is not null) = (subject_kind = 'message')),
  check (state <> 'open' or assignee_id is null)
);

-- One that is not ended, for each reporter and subject.
create unique index reports_unended on private.reports (reporter_id, subject_kind, subject_id, seq)
nulls not distinct where state in ('open', 'in_review');
create index reports_reporter_id on private.reports (reporter_id, id);
create index reports_state on private.reports (state, id);
create index reports_assignee_id on private.reports (assignee_id) where state = 'in_review';

revoke all on table private.reports from public, anon, authenticated, service_role;

-- What was reported stays as it was. A report is worked on, or removed whole by who answers for the database.
create function private.refuse_report_change()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise exception using errcode = 'restrict_violation', message = 'What a report says and shows does not change.';
end
$$;

revoke all on function private.refuse_report_change() from public, anon, authenticated, service_role;

create trigger reports_stay_as_made
before update on private.reports
for each row when (
  (
    new.id, new.reporter_id, new.subject_kind, new.subject_id, new.seq, new.community_id, new.user_id, new.reason, new.details,
    new.evidence, new.concerned_ids, new.created_at
  ) is distinct from (
    old.id, old.reporter_id, old.subject_kind, old.subject_id, old.seq, old.community_id, old.user_id, old.reason, old.details,
    old.evidence, old.concerned_ids, old.created_at
  )
)
execute function private.refuse_report_change();

create trigger reports_are_not_emptied
before truncate on private.reports
for each statement execute function private.refuse_report_change();
