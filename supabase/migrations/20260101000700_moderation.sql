-- Generated from supabase/schemas/moderation by npm run generate; do not edit.

-- schemas/moderation/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('report', 20, '1 hour', 'Reports made, per user: each keeps a copy of what it is about'),
  ('report_change', 300, '10 minutes', 'Steps in working on reports, per member of staff: a queue is worked off without a pause, a slip of a program is not');

-- schemas/moderation/platform_staff.sql

-- platform_staff: who works on reports, for the platform and not for a community. A role of its own table and not a mark on the
-- profile, which its owner can change. Only the secret key grants it: no client's function writes here.
-- Admins may do what reviewers may, and also see who made a report, hand reports to others, take them over and open them again.
create table private.platform_staff (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  role text not null check (role in ('reviewer', 'admin')),
  granted_at timestamptz not null default pg_catalog.now()
);

revoke all on table private.platform_staff from public, anon, authenticated, service_role;

-- schemas/moderation/grant_staff_role.sql

-- grant_staff_role: Gate: the secret key.
create function private.grant_staff_role(p_user_id uuid, p_role text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_role is null or p_role not in ('reviewer', 'admin') then
    perform private.fail(
      'invalid_argument', 'Staff are reviewer or admin.', 422, pg_catalog.jsonb_build_object('field', 'p_role')
    );
  end if;
  perform from public.profiles p where p.id = p_user_id for key share;
  if not found then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;

  insert into private.platform_staff (user_id, role) values (p_user_id, p_role)
  on conflict (user_id) do update set role = excluded.role;
end
$$;

revoke all on function private.grant_staff_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.grant_staff_role(uuid, text) to service_role;

create function public.grant_staff_role(p_user_id uuid, p_role text)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.grant_staff_role(p_user_id, p_role); $$;

comment on function public.grant_staff_role(uuid, text) is
$$Makes a user platform staff, or gives them the other role. Needs the secret key.
@param p_role {'reviewer' | 'admin'} reviewers work on reports; admins also see who made them, hand them to others and open them again
@errors not_found, invalid_argument
@idempotent$$;

revoke all on function public.grant_staff_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.grant_staff_role(uuid, text) to service_role;

-- schemas/moderation/revoke_staff_role.sql

-- revoke_staff_role: Gate: the secret key. What they had in hand is free again (see release_reports).
create function private.revoke_staff_role(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.platform_staff s where s.user_id = p_user_id;
  if not found then
    perform private.fail(
      'not_found', 'This user is not staff.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
end
$$;

revoke all on function private.revoke_staff_role(uuid) from public, anon, authenticated, service_role;
grant execute on function private.revoke_staff_role(uuid) to service_role;

create function public.revoke_staff_role(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.revoke_staff_role(p_user_id); $$;

comment on function public.revoke_staff_role(uuid) is
$$Ends a user's being platform staff, from this moment on. The reports they had in hand are free for others. Needs the secret key.
@errors not_found$$;

revoke all on function public.revoke_staff_role(uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_staff_role(uuid) to service_role;

-- schemas/moderation/my_staff_role.sql

-- my_staff_role: about the caller only.
create function private.my_staff_role()
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  return (select s.role from private.platform_staff s where s.user_id = v_user_id);
end
$$;

revoke all on function private.my_staff_role() from public, anon, authenticated, service_role;
grant execute on function private.my_staff_role() to authenticated;

create function public.my_staff_role()
returns text
language sql stable security invoker set search_path = ''
as $$ select private.my_staff_role(); $$;

comment on function public.my_staff_role() is
$$Says whether the caller is platform staff, and as what: what to show, not what is allowed, which every function asks for itself.
@errors session_required
@returns {'reviewer' | 'admin' | null}$$;

revoke all on function public.my_staff_role() from public, anon, authenticated, service_role;
grant execute on function public.my_staff_role() to authenticated;

-- schemas/moderation/list_staff.sql

-- staff_member: somebody of the platform staff.
create type public.staff_member as (
  user_id uuid,
  username text,
  display_name text,
  role text,
  granted_at timestamptz
);

comment on type public.staff_member is $$Somebody of the platform staff.
@not_null user_id, username, display_name, role, granted_at$$;
comment on column public.staff_member.role is $$Admins may what reviewers may, and see who made a report, hand reports to others and open them again.
@type {'reviewer' | 'admin'}$$;
comment on column public.staff_member.granted_at is 'Since when they are staff.';

-- list_staff: Gate: staff.
create function private.list_staff()
returns setof public.staff_member
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_staff();

  return query
  select p.id, p.username, p.display_name, s.role, s.granted_at
  from private.platform_staff s
  join public.profiles p on p.id = s.user_id
  order by p.username
  limit 1000;
end
$$;

revoke all on function private.list_staff() from public, anon, authenticated, service_role;
grant execute on function private.list_staff() to authenticated;

create function public.list_staff()
returns setof public.staff_member
language sql stable security invoker set search_path = ''
as $$ select * from private.list_staff(); $$;

comment on function public.list_staff() is
$$Returns the platform staff by name, at most 1,000: to whom a report can be handed. For platform staff.
@errors session_required, missing_permission$$;

revoke all on function public.list_staff() from public, anon, authenticated, service_role;
grant execute on function public.list_staff() to authenticated;

-- schemas/moderation/reports.sql

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

-- schemas/moderation/report_events.sql

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

-- schemas/moderation/write_report_event.sql

-- write_report_event: adds one step to a report's history, as the caller's.
create function private.write_report_event(p_report_id uuid, p_kind text, p_note text default null, p_details jsonb default null)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.report_events (report_id, actor_id, kind, note, details)
  values (p_report_id, (select auth.uid()), p_kind, p_note, p_details);
end
$$;

revoke all on function private.write_report_event(uuid, text, text, jsonb) from public, anon, authenticated, service_role;

-- schemas/moderation/release_reports.sql

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

-- schemas/moderation/end_staff_role.sql

-- Whose account has ended is staff no longer, and is not appointed again.
create function private.end_staff_role()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.platform_staff s where s.user_id = new.user_id;
  return null;
end
$$;

revoke all on function private.end_staff_role() from public, anon, authenticated, service_role;

create trigger moderation_end_staff_role
after insert on private.account_endings
for each row execute function private.end_staff_role();

create trigger moderation_refuse_ending_account
before insert on private.platform_staff
for each row execute function private.refuse_ending_account('user_id');

-- schemas/moderation/is_managing_class.sql

-- is_managing_class: whether members of this class manage something of their community, as a whole or in one of its channels.
-- What is stored is enough: a grant that has ended and is not swept yet still counts, so in doubt they do.
create function private.is_managing_class(p_access_class_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_managing bigint := private.permission_mask(
    'manage_threads', 'manage_messages', 'manage_invites', 'manage_channels', 'manage_roles', 'manage_community', 'kick_members',
    'ban_members', 'timeout_members', 'manage_reports', 'manage_webhooks', 'administrator'
  );
begin
  return exists (
    select from private.access_classes a where a.id = p_access_class_id and a.permissions & v_managing <> 0
  ) or exists (
    select from private.channel_access c where c.access_class_id = p_access_class_id and c.permissions & v_managing <> 0
  );
end
$$;

revoke all on function private.is_managing_class(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/managed_community_ids.sql

-- managed_community_ids: the communities of which somebody manages something, the owner's own among them.
create function private.managed_community_ids(p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.community_id from public.community_members m
    where m.user_id = p_user_id and private.is_managing_class(m.access_class_id)
  );
end
$$;

revoke all on function private.managed_community_ids(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/concerned_ids.sql

-- concerned_ids: whom a report is never shown that is made now: the accused, and who manages the community. Staff are named in any case;
-- of others who manage, who could only become staff later, the first 1,000 in a community that lets everybody manage.
create function private.concerned_ids(p_community_id uuid, p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_class_ids uuid[] := array(
    select a.id from private.access_classes a
    where a.community_id = p_community_id and private.is_managing_class(a.id)
  );
begin
  return array(
    select p_user_id where p_user_id is not null
    union
    select s.user_id
    from private.platform_staff s
    join public.community_members m on m.community_id = p_community_id and m.user_id = s.user_id
    where m.access_class_id = any (v_class_ids)
    union
    (
      select m.user_id from public.community_members m
      where m.community_id = p_community_id and m.access_class_id = any (v_class_ids)
      limit 1000
    )
  );
end
$$;

revoke all on function private.concerned_ids(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/may_work_on_report.sql

-- is_about: whether a report is about somebody who manages these communities: they are accused, manage the community that it is about,
-- or did when it was made.
create function private.is_about(p_report private.reports, p_user_id uuid, p_managed_community_ids uuid[])
returns boolean
language plpgsql immutable security definer set search_path = ''
as $$
begin
  return p_user_id = any (p_report.concerned_ids)
    -- Null for what belongs to no community, which nobody manages.
    or coalesce(p_report.community_id = any (p_managed_community_ids), false);
end
$$;

revoke all on function private.is_about(private.reports, uuid, uuid[]) from public, anon, authenticated, service_role;

-- may_work_on_report: whether somebody is staff, and the report is not about them.
create function private.may_work_on_report(p_report private.reports, p_user_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from private.platform_staff s where s.user_id = p_user_id)
    and not private.is_about(p_report, p_user_id, private.managed_community_ids(p_user_id));
end
$$;

revoke all on function private.may_work_on_report(private.reports, uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/require_staff.sql

-- require_staff: the gate of what staff do that is about no single report. Returns the caller's role. Admins may all that reviewers may.
create function private.require_staff(p_role text default 'reviewer')
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_role text := (select s.role from private.platform_staff s where s.user_id = v_user_id);
begin
  if v_role is null or v_role not in (p_role, 'admin') then
    perform private.fail(
      'missing_permission', 'This is for platform staff.', 403,
      pg_catalog.jsonb_build_object('permission', pg_catalog.format('platform_%s', p_role))
    );
  end if;
  return v_role;
end
$$;

revoke all on function private.require_staff(text) from public, anon, authenticated, service_role;

-- schemas/moderation/require_report.sql

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

-- schemas/moderation/hold_staff.sql

-- hold_staff: somebody stays staff until the caller's transaction has ended; whether they are. Before a report's lock: whoever stops
-- being staff locks in that order, too (see release_reports). The profile before it, as where an account ends. What is not held and asked afterwards holds nothing: the row that is seen
-- then may be a newer one, of somebody appointed again meanwhile.
create function private.hold_staff(p_user_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from public.profiles p where p.id = p_user_id for key share;
  perform from private.platform_staff s where s.user_id = p_user_id for key share;
  return found;
end
$$;

revoke all on function private.hold_staff(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/begin_report_change.sql

-- begin_report_change: the way into every step of a report: the gate, what holds the caller among the staff, the report's lock, and the
-- gate again, since what it asks may have changed while we waited. Returns the report as it is then. Asked first without the lock, because
-- otherwise a stranger's refused calls would make staff wait. Limits: report_change per user.
create function private.begin_report_change(p_report_id uuid)
returns private.reports
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  loop
    perform private.require_report(p_report_id);
    -- Not held: they have stopped being staff since, which the gate says, or were appointed again, which counts.
    exit when private.hold_staff((select auth.uid()));
  end loop;
  perform from private.reports r where r.id = p_report_id for update;
  v_report := private.require_report(p_report_id);
  perform private.take_token('report_change', (select auth.uid())::text);
  return v_report;
end
$$;

revoke all on function private.begin_report_change(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/require_in_hand.sql

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

-- schemas/moderation/require_note.sql

-- require_note: the one rule for what people write about reports: up to 2,000 characters, white space around it cut off. Null where
-- nothing is said and nothing need be.
create function private.require_note(p_note text, p_field text, p_is_needed boolean default false)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_note text := nullif(pg_catalog.btrim(p_note, E' \t\n\r'), '');
begin
  if pg_catalog.char_length(v_note) > 2000 or (p_is_needed and v_note is null) then
    perform private.fail(
      'invalid_argument', 'Write up to 2,000 characters.', 422, pg_catalog.jsonb_build_object('field', p_field, 'max', 2000)
    );
  end if;
  return v_note;
end
$$;

revoke all on function private.require_note(text, text, boolean) from public, anon, authenticated, service_role;

-- schemas/moderation/require_report_reason.sql

-- require_report_reason: one of the list that the table checks, too.
create function private.require_report_reason(p_reason text)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_reason is null
    or p_reason not in ('spam', 'harassment', 'hate', 'violence', 'sexual_content', 'self_harm', 'illegal', 'other')
  then
    perform private.fail(
      'invalid_argument', 'There is no such reason.', 422, pg_catalog.jsonb_build_object('field', 'p_reason')
    );
  end if;
  return p_reason;
end
$$;

revoke all on function private.require_report_reason(text) from public, anon, authenticated, service_role;

-- schemas/moderation/require_known_user.sql

-- require_known_user: the gate of what is done about somebody else: the caller shares a community or a direct channel with them, or is
-- their friend. Whoever does not is told that there is no such user, as of somebody who is not there.
create function private.require_known_user(p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_caller_id uuid := private.require_user();
begin
  if not private.shares_community(v_caller_id, p_user_id) and not exists (
    select
    from private.direct_members mine
    join private.direct_members m on m.channel_id = mine.channel_id
    where mine.user_id = v_caller_id and m.user_id = p_user_id
  ) and not private.are_friends(v_caller_id, p_user_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;
end
$$;

revoke all on function private.require_known_user(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/attachments_evidence.sql

-- attachments_evidence: what is kept of a message's files: what readers are shown of them, and Storage's ETag as etag. That is what
-- Storage's backend calls the content: for a file that was uploaded in one piece to S3 it is mostly the MD5 of it, for one in parts a hash of
-- their hashes, encrypted with a key of its own or on another backend whatever that likes. It tells the same file again at the same place, and
-- is no proof against somebody who makes two files with one MD5. Null where Storage says none. The files themselves are not kept.
create function private.attachments_evidence(p_message public.messages)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select coalesce(
      pg_catalog.jsonb_agg(
        i.item || pg_catalog.jsonb_build_object('etag', pg_catalog.btrim(o.metadata ->> 'eTag', '"')) order by i.place
      ),
      '[]'
    )
    from pg_catalog.jsonb_array_elements(private.shown_attachments(p_message.seq, p_message.attachments))
      with ordinality as i (item, place)
    left join storage.objects o on o.bucket_id = 'attachments' and o.name = i.item ->> 'path'
  );
end
$$;

revoke all on function private.attachments_evidence(public.messages) from public, anon, authenticated, service_role;

-- schemas/moderation/row_evidence.sql

-- row_evidence: all that a message's row says, and of its files what is kept of them.
create function private.row_evidence(p_message public.messages)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
begin
  -- The nonce is the sender's own mark, and says nothing.
  return pg_catalog.to_jsonb(p_message) - 'client_nonce'
    || pg_catalog.jsonb_build_object('attachments', private.attachments_evidence(p_message));
end
$$;

revoke all on function private.row_evidence(public.messages) from public, anon, authenticated, service_role;

-- schemas/moderation/person_evidence.sql

-- person_evidence: who somebody is, by the names that the whole platform shows. Null where the account is gone.
create function private.person_evidence(p_user_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select pg_catalog.jsonb_build_object('id', p.id, 'username', p.username, 'display_name', p.display_name)
    from public.profiles p where p.id = p_user_id
  );
end
$$;

revoke all on function private.person_evidence(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/message_evidence.sql

-- message_evidence: a message as readers of its channel see it at this moment, with what it said before, whose it is, where it stands,
-- and up to 5 messages before and after it. Stable, so that all of it is of one moment. The caller has asked the gate.
-- A channel that is neither a community's nor a thread belongs to no community: it is shown by its id alone.
create function private.message_evidence(p_channel_id uuid, p_seq bigint)
returns jsonb
-- In UTC: it writes times out as text, and a caller may have chosen any zone.
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_message public.messages := private.require_message(p_channel_id, p_seq);
  v_thread private.threads;
  v_channel public.channels;
begin
  select t.* into v_thread from private.threads t where t.id = p_channel_id;
  select c.* into v_channel from public.channels c where c.id = coalesce(v_thread.channel_id, p_channel_id);

  return pg_catalog.jsonb_build_object(
    'taken_at', pg_catalog.clock_timestamp(),
    'community', (
      select pg_catalog.jsonb_build_object('id', c.id, 'name', c.name)
      from public.communities c where c.id = v_channel.community_id
    ),
    'channel', pg_catalog.jsonb_build_object('id', coalesce(v_thread.channel_id, p_channel_id), 'name', v_channel.name),
    'thread', case when v_thread.id is not null then pg_catalog.jsonb_build_object('id', v_thread.id, 'name', v_thread.name) end,
    'author', private.person_evidence(v_message.author_id),
    'message', private.row_evidence(v_message),
    'edits', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('revision', e.revision, 'body', e.body, 'edited_at', e.edited_at) order by e.revision
        ),
        '[]'
      )
      from (
        select s.* from private.message_edits s
        where s.channel_id = p_channel_id and s.seq = p_seq
        order by s.revision desc
        limit 20
      ) e
    ),
    'around', (
      select coalesce(pg_catalog.jsonb_agg(private.row_evidence(s.m) order by (s.m).seq), '[]')
      from (
        select b as m from private.messages_up_to(p_channel_id, p_seq - 1, 5) b
        union all
        select a as m from private.messages_after(p_channel_id, p_seq, 5) a
      ) s
    )
  );
end
$$;

revoke all on function private.message_evidence(uuid, bigint) from public, anon, authenticated, service_role;

-- schemas/moderation/user_evidence.sql

-- user_evidence: a user as the caller sees them at this moment: the profile, and the names in communities that they share, at most 50.
-- The caller has asked the gate.
create function private.user_evidence(p_user_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
begin
  return pg_catalog.jsonb_build_object(
    'taken_at', pg_catalog.clock_timestamp(),
    'user', private.person_evidence(p_user_id),
    'communities', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('id', s.id, 'name', s.name, 'nickname', s.nickname) order by s.id
        ),
        '[]'
      )
      from (
        select c.id, c.name, m.nickname
        from public.community_members mine
        join public.community_members m on m.community_id = mine.community_id and m.user_id = p_user_id
        join public.communities c on c.id = mine.community_id
        where mine.user_id = (select auth.uid())
        order by c.id
        limit 50
      ) s
    )
  );
end
$$;

revoke all on function private.user_evidence(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/community_evidence.sql

-- community_evidence: a community as the caller sees it at this moment: its name, its owner, how many members it has (counted up to 1,000),
-- and the channels that the caller may view. The caller has asked the gate.
create function private.community_evidence(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_community public.communities;
begin
  select c.* into v_community from public.communities c where c.id = p_community_id;
  return pg_catalog.jsonb_build_object(
    'taken_at', pg_catalog.clock_timestamp(),
    'community', pg_catalog.jsonb_build_object('id', v_community.id, 'name', v_community.name),
    'owner', private.person_evidence(v_community.owner_id),
    'members', (
      select pg_catalog.count(*)
      from (select from public.community_members m where m.community_id = p_community_id limit 1000) s
    ),
    'channels', (
      select coalesce(
        pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('id', c.id, 'name', c.name) order by c.id), '[]'
      )
      from public.channels c
      -- Without view_channel there is no right at all (see rights_in).
      where c.community_id = p_community_id and private.channel_permissions(c.id) <> 0
    )
  );
end
$$;

revoke all on function private.community_evidence(uuid) from public, anon, authenticated, service_role;

-- schemas/moderation/my_report.sql

-- my_report: a report as who made it sees it: that it is there, and what has become of it. Nothing of who works on it and what they say.
create type public.my_report as (
  id uuid,
  subject_kind text,
  community_id uuid,
  channel_id uuid,
  seq bigint,
  user_id uuid,
  reason text,
  state text,
  created_at timestamptz
);

comment on type public.my_report is $$A report that one has made.
@not_null id, subject_kind, reason, state, created_at$$;
comment on column public.my_report.subject_kind is $$What it is about.
@type {'message' | 'user' | 'community'}$$;
comment on column public.my_report.community_id is 'The community, or where the message was sent; null for users, and outside of communities.';
comment on column public.my_report.channel_id is 'The channel or thread of the message; null for users and communities.';
comment on column public.my_report.seq is 'The message''s number there.';
comment on column public.my_report.user_id is 'The user, the message''s author, or the community''s owner; null: an author whose account was gone.';
comment on column public.my_report.reason is $$Why.
@type {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}$$;
comment on column public.my_report.state is $$Where it stands.
@type {'open' | 'in_review' | 'resolved' | 'dismissed'}$$;

create function private.described_my_report(p_report private.reports)
returns public.my_report
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_described public.my_report;
begin
  select
    p_report.id, p_report.subject_kind, p_report.community_id,
    case p_report.subject_kind when 'message' then p_report.subject_id end, p_report.seq, p_report.user_id, p_report.reason,
    p_report.state, p_report.created_at
  into v_described;
  return v_described;
end
$$;

revoke all on function private.described_my_report(private.reports) from public, anon, authenticated, service_role;

-- schemas/moderation/write_report.sql

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

-- schemas/moderation/report_message.sql

-- report_message: Gate: read_history, or to be one of the two people of a direct channel, and the message is there for its readers. Limits: report per user.
-- The community's lock before the gate, so that nobody is demoted and no channel goes while the evidence is taken.
create function private.report_message(p_channel_id uuid, p_seq bigint, p_reason text, p_details text)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_channel_id;
  -- Of two people each reports the other, also whom they have blocked and do not see any more.
  if not exists (
    select from private.direct_channels d where d.id = p_channel_id and (select auth.uid()) in (d.low_id, d.high_id)
  ) then
    perform private.require_in_channel(p_channel_id, 'read_history');
  end if;
  v_report.reason := private.require_report_reason(p_reason);
  v_report.details := private.require_note(p_details, 'p_details');
  perform private.take_token('report', (select auth.uid())::text);

  v_report.evidence := private.message_evidence(p_channel_id, p_seq);
  v_report.subject_kind := 'message';
  v_report.subject_id := p_channel_id;
  v_report.seq := p_seq;
  v_report.community_id := (v_report.evidence #>> '{community,id}')::uuid;
  v_report.user_id := (v_report.evidence #>> '{message,author_id}')::uuid;
  return private.write_report(v_report);
end
$$;

revoke all on function private.report_message(uuid, bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function private.report_message(uuid, bigint, text, text) to authenticated;

create function public.report_message(p_channel_id uuid, p_seq bigint, p_reason text, p_details text default null)
returns public.my_report
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.report_message(p_channel_id, p_seq, p_reason, p_details); $$;

comment on function public.report_message(uuid, bigint, text, text) is
$$Reports a message of a channel or thread to the platform's staff. Needs `read_history`. The server keeps what there is to be seen: the
message, what it said before, its author, its files' names and hashes, and up to 5 messages before and after it. While a report of yours about
the same message is not ended it comes back as it is, and nothing is added to it.
@param p_reason {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}
@param p_details up to 2,000 characters for staff
@errors session_required, not_found, missing_permission, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.report_message(uuid, bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function public.report_message(uuid, bigint, text, text) to authenticated;

-- schemas/moderation/report_user.sql

-- report_user: Gate: a user with whom the caller shares a community or a direct channel, or a friend. Limits: report per user.
create function private.report_user(p_user_id uuid, p_reason text, p_details text)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  perform private.require_known_user(p_user_id);
  v_report.reason := private.require_report_reason(p_reason);
  v_report.details := private.require_note(p_details, 'p_details');
  perform private.take_token('report', (select auth.uid())::text);

  v_report.evidence := private.user_evidence(p_user_id);
  v_report.subject_kind := 'user';
  v_report.subject_id := p_user_id;
  v_report.user_id := p_user_id;
  return private.write_report(v_report);
end
$$;

revoke all on function private.report_user(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.report_user(uuid, text, text) to authenticated;

create function public.report_user(p_user_id uuid, p_reason text, p_details text default null)
returns public.my_report
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.report_user(p_user_id, p_reason, p_details); $$;

comment on function public.report_user(uuid, text, text) is
$$Reports a friend, or somebody with whom one shares a community or a direct channel, to the platform's staff. The server keeps their profile and their names in the communities
that you share. While a report of yours about the same user is not ended it comes back as it is, and nothing is added to it.
@param p_reason {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}
@param p_details up to 2,000 characters for staff
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.report_user(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.report_user(uuid, text, text) to authenticated;

-- schemas/moderation/report_community.sql

-- report_community: Gate: membership. Limits: report per user. The community's lock before the gate: see report_message.
create function private.report_community(p_community_id uuid, p_reason text, p_details text)
returns public.my_report
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports;
begin
  perform private.hold_access(p_community_id);
  perform private.require_in_community(p_community_id);
  v_report.reason := private.require_report_reason(p_reason);
  v_report.details := private.require_note(p_details, 'p_details');
  perform private.take_token('report', (select auth.uid())::text);

  v_report.evidence := private.community_evidence(p_community_id);
  v_report.subject_kind := 'community';
  v_report.subject_id := p_community_id;
  v_report.community_id := p_community_id;
  v_report.user_id := (v_report.evidence #>> '{owner,id}')::uuid;
  return private.write_report(v_report);
end
$$;

revoke all on function private.report_community(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.report_community(uuid, text, text) to authenticated;

create function public.report_community(p_community_id uuid, p_reason text, p_details text default null)
returns public.my_report
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.report_community(p_community_id, p_reason, p_details); $$;

comment on function public.report_community(uuid, text, text) is
$$Reports a community of which one is a member to the platform's staff. The server keeps its name, its owner and the names of the channels
that you see. While a report of yours about the same community is not ended it comes back as it is, and nothing is added to it.
@param p_reason {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}
@param p_details up to 2,000 characters for staff
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.report_community(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.report_community(uuid, text, text) to authenticated;

-- schemas/moderation/my_reports.sql

-- my_reports: about the caller only.
create function private.my_reports(p_before_id uuid, p_limit integer)
returns setof public.my_report
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_reporter_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);

  return query
  select d.*
  from (
    select r from private.reports r
    where r.reporter_id = v_reporter_id and (p_before_id is null or r.id < p_before_id)
    order by r.id desc
    limit p_limit
  ) s, private.described_my_report(s.r) d
  order by d.id desc;
end
$$;

revoke all on function private.my_reports(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.my_reports(uuid, integer) to authenticated;

create function public.my_reports(p_before_id uuid default null, p_limit integer default 50)
returns setof public.my_report
language sql stable security invoker set search_path = ''
as $$ select * from private.my_reports(p_before_id, p_limit); $$;

comment on function public.my_reports(uuid, integer) is
$$Returns a page of the reports that the caller has made, the newest first, with what has become of each.
@param p_before_id go on before this report
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.my_reports(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.my_reports(uuid, integer) to authenticated;

-- schemas/moderation/report.sql

-- report: a report as staff see it. Who made it only admins see.
create type public.report as (
  id uuid,
  subject_kind text,
  community_id uuid,
  channel_id uuid,
  seq bigint,
  user_id uuid,
  reason text,
  details text,
  state text,
  assignee_id uuid,
  reporter_id uuid,
  created_at timestamptz,
  changed_at timestamptz
);

comment on type public.report is $$A report, for platform staff.
@not_null id, subject_kind, reason, state, created_at, changed_at$$;
comment on column public.report.subject_kind is $$What it is about.
@type {'message' | 'user' | 'community'}$$;
comment on column public.report.community_id is 'The community, or where the message was sent; null for users, and outside of communities.';
comment on column public.report.channel_id is 'The channel or thread of the message; null for users and communities.';
comment on column public.report.seq is 'The message''s number there.';
comment on column public.report.user_id is 'The accused: the user, the message''s author, or the community''s owner then; null: an author whose account was gone.';
comment on column public.report.reason is $$Why.
@type {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}$$;
comment on column public.report.details is 'What who made it has to say: up to 2,000 characters.';
comment on column public.report.state is $$Where it stands: `open`, until somebody takes it on.
@type {'open' | 'in_review' | 'resolved' | 'dismissed'}$$;
comment on column public.report.assignee_id is 'Who has it in hand; null: nobody.';
comment on column public.report.reporter_id is 'Who made it; null for reviewers, who are not told.';
comment on column public.report.changed_at is 'When it was last made, taken on, ended or opened again.';

create function private.described_report(p_report private.reports, p_role text)
returns public.report
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_described public.report;
begin
  select
    p_report.id, p_report.subject_kind, p_report.community_id,
    case p_report.subject_kind when 'message' then p_report.subject_id end, p_report.seq, p_report.user_id, p_report.reason,
    p_report.details, p_report.state, p_report.assignee_id, case p_role when 'admin' then p_report.reporter_id end,
    p_report.created_at, p_report.changed_at
  into v_described;
  return v_described;
end
$$;

revoke all on function private.described_report(private.reports, text) from public, anon, authenticated, service_role;

-- schemas/moderation/list_reports.sql

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

-- schemas/moderation/get_report.sql

-- get_report: Gate: staff whom it is not about.
create function private.get_report(p_report_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_report private.reports := private.require_report(p_report_id);
  v_role text := private.require_staff();
begin
  return pg_catalog.jsonb_build_object(
    'report', private.described_report(v_report, v_role),
    'evidence', v_report.evidence,
    'events', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object(
            'at', e.at,
            'actor_id', case when e.kind <> 'reported' or v_role = 'admin' then e.actor_id end,
            'kind', e.kind, 'note', e.note, 'details', e.details
          )
          order by e.id
        ),
        '[]'
      )
      from private.report_events e
      where e.report_id = p_report_id
    )
  );
end
$$;

revoke all on function private.get_report(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_report(uuid) to authenticated;

create function public.get_report(p_report_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.get_report(p_report_id); $$;

comment on function public.get_report(uuid) is
$$Returns a report with its evidence, which is what there was to be seen when it was made, whatever has become of it, and with every step that was
done. For platform staff; what is about oneself, or about a community that one manages, is `not_found`.
Of a message there are `message` and `edits` (what it said before, at most the last 20), `author`, `channel`, `thread`, `community`, and
`around`, up to 5 messages before and 5 after it. Of a user: `user` and the `communities` shared with who made the report. Of a community:
`community`, `owner`, `members` (counted up to 1,000) and the `channels` that who made the report saw. `etag` is what Storage calls a
file's content, often its MD5; the file itself is not kept. `actor_id` of a step is null where the server did it, and for reviewers also where
it tells who made the report.
@errors session_required, not_found
@returns {{ report: Report; evidence: { taken_at: string; community?: { id: string; name: string } | null; channel?: { id: string; name: string | null }; thread?: { id: string; name: string } | null; author?: { id: string; username: string; display_name: string } | null; message?: Omit<Message, 'client_nonce' | 'attachments'> & { attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null; etag: string | null }[] }; edits?: { revision: number; body: string; edited_at: string }[]; around?: (Omit<Message, 'client_nonce' | 'attachments'> & { attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null; etag: string | null }[] })[]; user?: { id: string; username: string; display_name: string }; communities?: { id: string; name: string; nickname: string | null }[]; owner?: { id: string; username: string; display_name: string }; members?: number; channels?: { id: string; name: string }[] }; events: { at: string; actor_id: string | null; kind: 'reported' | 'assigned' | 'released' | 'noted' | 'acted' | 'resolved' | 'dismissed' | 'reopened'; note: string | null; details: Record<string, string> | null }[] }}$$;

revoke all on function public.get_report(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_report(uuid) to authenticated;

-- schemas/moderation/assign_report.sql

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

-- schemas/moderation/note_report.sql

-- note_report: Gate: staff whom it is not about. Limits: report_change per user.
create function private.note_report(p_report_id uuid, p_note text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_report_change(p_report_id);
  perform private.write_report_event(p_report_id, 'noted', private.require_note(p_note, 'p_note', true));
end
$$;

revoke all on function private.note_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.note_report(uuid, text) to authenticated;

create function public.note_report(p_report_id uuid, p_note text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.note_report(p_report_id, p_note); $$;

comment on function public.note_report(uuid, text) is
$$Adds a note to a report's history, whatever its state. For platform staff, who read it; whoever made the report does not.
@param p_note 1 to 2,000 characters
@errors session_required, not_found, invalid_argument, rate_limited$$;

revoke all on function public.note_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.note_report(uuid, text) to authenticated;

-- schemas/moderation/end_report.sql

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

-- schemas/moderation/resolve_report.sql

-- resolve_report: see end_report.
create function private.resolve_report(p_report_id uuid, p_resolution text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_report(p_report_id);
  perform private.end_report(p_report_id, 'resolved', private.require_note(p_resolution, 'p_resolution', true));
end
$$;

revoke all on function private.resolve_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.resolve_report(uuid, text) to authenticated;

create function public.resolve_report(p_report_id uuid, p_resolution text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.resolve_report(p_report_id, p_resolution); $$;

comment on function public.resolve_report(uuid, text) is
$$Ends a report that was right. For the member of platform staff who has it in hand.
@param p_resolution what was done about it, 1 to 2,000 characters, for staff
@errors session_required, not_found, conflict, invalid_argument, rate_limited$$;

revoke all on function public.resolve_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.resolve_report(uuid, text) to authenticated;

-- schemas/moderation/dismiss_report.sql

-- dismiss_report: see end_report.
create function private.dismiss_report(p_report_id uuid, p_note text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_report(p_report_id);
  perform private.end_report(p_report_id, 'dismissed', private.require_note(p_note, 'p_note'));
end
$$;

revoke all on function private.dismiss_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.dismiss_report(uuid, text) to authenticated;

create function public.dismiss_report(p_report_id uuid, p_note text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.dismiss_report(p_report_id, p_note); $$;

comment on function public.dismiss_report(uuid, text) is
$$Ends a report of which nothing comes. For the member of platform staff who has it in hand.
@param p_note why, up to 2,000 characters, for staff
@errors session_required, not_found, conflict, invalid_argument, rate_limited$$;

revoke all on function public.dismiss_report(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.dismiss_report(uuid, text) to authenticated;

-- schemas/moderation/reopen_report.sql

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

-- schemas/moderation/delete_reported_message.sql

-- delete_reported_message: what delete_message does after its gate. Also of what a ban has hidden, which comes back when that is undone.
-- The caller holds the community's lock.
create function private.delete_reported_message(p_report private.reports, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from private.channel_heads h where h.channel_id = p_report.subject_id and h.deleted_at is null for no key update;
  if not exists (
    select
    from private.channel_heads h
    join public.messages m on m.channel_id = h.channel_id
    where h.channel_id = p_report.subject_id and h.deleted_at is null and m.seq = p_report.seq
  ) then
    perform private.fail('conflict', 'This message is gone already.', 409);
  end if;
  perform private.remove_messages(p_report.subject_id, array[p_report.seq], p_reason);
end
$$;

revoke all on function private.delete_reported_message(private.reports, text) from public, anon, authenticated, service_role;

-- schemas/moderation/require_removable.sql

-- require_removable: the accused can be taken out of the community: their account is there, and they do not own it, since a community has
-- exactly one owner, always. Staff stand above everybody else. The caller holds change_access.
create function private.require_removable(p_report private.reports)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from public.profiles p where p.id = p_report.user_id) then
    perform private.fail('conflict', 'This account is gone.', 409);
  end if;
  if exists (
    select from public.communities c where c.id = p_report.community_id and c.owner_id = p_report.user_id
  ) then
    perform private.fail('role_hierarchy', 'The owner cannot be taken out of their community.', 403);
  end if;
end
$$;

revoke all on function private.require_removable(private.reports) from public, anon, authenticated, service_role;

-- schemas/moderation/kick_accused.sql

-- kick_accused: what kick_member does after its gate. The caller holds change_access.
create function private.kick_accused(p_report private.reports, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_removable(p_report);
  if not private.remove_member(p_report.community_id, p_report.user_id, 'kicked') then
    perform private.fail('conflict', 'They are no member any more.', 409);
  end if;
  perform private.write_audit(p_report.community_id, 'member_kicked', p_report.user_id::text, p_reason => p_reason);
end
$$;

revoke all on function private.kick_accused(private.reports, text) from public, anon, authenticated, service_role;

-- schemas/moderation/ban_accused.sql

-- ban_accused: what ban_member does after its gate, without an end. The caller holds change_access.
create function private.ban_accused(p_report private.reports, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_removable(p_report);
  perform private.write_ban(p_report.community_id, p_report.user_id, p_reason, null, null);
end
$$;

revoke all on function private.ban_accused(private.reports, text) from public, anon, authenticated, service_role;

-- schemas/moderation/act_on_report.sql

-- act_on_report: staff act where they are no members. It is the caller who does it, under their own name in the community's log and in the
-- report's history, by what the members' functions do after their gates; the gate here is to be staff whom the report is not about, with
-- the report in hand. Limits: report_change per user.
-- The community's lock comes before any row's, as everywhere, and with it the gate is asked once more (see begin_report_change).
create function private.act_on_report(p_report_id uuid, p_action text, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_report private.reports := private.require_report(p_report_id);
begin
  if p_action is null
    or p_action not in ('delete_message', 'kick_member', 'ban_member')
    or v_report.subject_kind <> 'message'
  then
    perform private.fail(
      'invalid_argument', 'There is no such thing to be done about this report.', 422,
      pg_catalog.jsonb_build_object('field', 'p_action')
    );
  end if;

  if p_action = 'delete_message' then
    perform private.hold_access(v_report.community_id);
  else
    perform private.change_access(v_report.community_id);
  end if;
  v_report := private.begin_report_change(p_report_id);
  perform private.require_in_hand(v_report);
  if not exists (select from public.communities c where c.id = v_report.community_id) then
    perform private.fail('conflict', 'There is no community any more to do it in.', 409);
  end if;

  case p_action
    when 'delete_message' then perform private.delete_reported_message(v_report, p_reason);
    when 'kick_member' then perform private.kick_accused(v_report, p_reason);
    when 'ban_member' then perform private.ban_accused(v_report, p_reason);
  end case;
  perform private.write_report_event(
    p_report_id, 'acted', nullif(pg_catalog.btrim(p_reason), ''), pg_catalog.jsonb_build_object('action', p_action)
  );
end
$$;

revoke all on function private.act_on_report(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.act_on_report(uuid, text, text) to authenticated;

create function public.act_on_report(p_report_id uuid, p_action text, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.act_on_report(p_report_id, p_action, p_reason); $$;

comment on function public.act_on_report(uuid, text, text) is
$$Acts on a reported message in the community where it was sent, member of it or not: deletes the message, kicks its author, or bans them there until
somebody ends the ban. For the member of platform staff who has the report in hand. It stands in the community's audit log under
the caller's name, and in the report's history; the report stays in review. Nobody takes the owner out of their community: `role_hierarchy`.
`conflict` where there is nothing any more to act on.
@param p_action {'delete_message' | 'kick_member' | 'ban_member'} what is to be done
@param p_reason up to 512 characters, which also the community reads in its audit log
@errors session_required, not_found, conflict, role_hierarchy, invalid_argument, rate_limited$$;

revoke all on function public.act_on_report(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.act_on_report(uuid, text, text) to authenticated;

-- schemas/moderation/personal_data.sql

-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('private.platform_staff', 'user_id', 'staff_role', '{user_id}', $$jsonb_build_object('role', t.role, 'granted_at', t.granted_at)$$),
  ('private.reports', 'reporter_id', 'reports', '{id}', $$jsonb_build_object('id', t.id, 'subject_kind', t.subject_kind, 'subject_id', t.subject_id, 'seq', t.seq, 'reason', t.reason, 'details', t.details, 'state', t.state, 'created_at', t.created_at)$$);

insert into private.personal_data (relation, user_column, reason) values
  ('private.reports', 'user_id', 'Who is accused is not told, to protect who has reported'),
  ('private.reports', 'assignee_id', 'Work for the platform'),
  ('private.reports', 'concerned_ids', 'Who is concerned is not told, to protect who has reported'),
  ('private.reports', 'subject_id', 'Who is accused is not told, to protect who has reported'),
  ('private.report_events', 'actor_id', 'Work for the platform');
