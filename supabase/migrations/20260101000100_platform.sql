-- Generated from supabase/schemas/platform by npm run generate; do not edit.

-- schemas/platform/extensions.sql

-- Extensions Guildhall needs and a fresh project does not have. Versions are never pinned: hosted projects ignore them.
-- Where the platform already offers the schemas `cron` and `net` (the embedded stack has its own workers), there is nothing
-- to create.
do $$
begin
  if pg_catalog.to_regnamespace('cron') is null then
    create extension if not exists pg_cron with schema pg_catalog;
  end if;
  if pg_catalog.to_regnamespace('net') is null then
    create extension if not exists pg_net with schema extensions;
  end if;
end
$$;

-- schemas/platform/private.sql

-- private: implementation, counters, secrets and queues. Not among the Data API's exposed schemas.
-- Signed-in users need USAGE because the thin functions in public and the policies call into it as the caller;
-- what they may call is granted function by function, and no table in it is granted to anybody.
create schema private;

revoke all on schema private from public, anon, authenticated, service_role;
grant usage on schema private to authenticated, service_role;

-- schemas/platform/fail.sql

-- fail: the one way an error leaves the database.
-- The SQLSTATE is PT plus the HTTP status, which PostgREST turns into the response's status; the message is a sentence
-- for a person; DETAIL is JSON with the code that stays and what a program needs (retry_after, permission, field).
create function private.fail(p_code text, p_message text, p_status integer, p_details jsonb default '{}')
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || p_status,
    message = p_message,
    detail = (pg_catalog.jsonb_build_object('code', p_code) || p_details)::text;
end
$$;

revoke all on function private.fail(text, text, integer, jsonb) from public, anon, authenticated, service_role;

-- schemas/platform/refusal.sql

-- refusal: an error that is answered instead of raised. What a raised error undoes includes what was charged for the try,
-- so a function whose failed tries count returns this: the response gets the status, the body is the one a raised error
-- would have given, and the transaction is kept. See fail.
create function private.refusal(p_code text, p_message text, p_status integer, p_details jsonb default '{}')
returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pg_catalog.set_config('response.status', p_status::text, true);
  return pg_catalog.jsonb_build_object(
    'code', 'PT' || p_status,
    'message', p_message,
    'details', (pg_catalog.jsonb_build_object('code', p_code) || p_details)::text,
    'hint', null
  );
end
$$;

revoke all on function private.refusal(text, text, integer, jsonb) from public, anon, authenticated, service_role;

-- schemas/platform/require_ids.sql

-- require_ids: the one rule for lists of ids from outside: no null, no id twice, at most 250. Returns the list.
create function private.require_ids(p_ids uuid[], p_field text)
returns uuid[]
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_ids is null
    or pg_catalog.array_ndims(p_ids) > 1
    or pg_catalog.cardinality(p_ids) > 250
    or pg_catalog.array_position(p_ids, null) is not null
    or (select pg_catalog.count(distinct i.id) from pg_catalog.unnest(p_ids) as i (id)) < pg_catalog.cardinality(p_ids)
  then
    perform private.fail(
      'invalid_argument', 'A list of ids has at most 250, none of them twice or missing.', 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  return p_ids;
end
$$;

revoke all on function private.require_ids(uuid[], text) from public, anon, authenticated, service_role;

-- schemas/platform/require_limit.sql

-- require_limit: the one rule for the size of a page.
create function private.require_limit(p_limit integer, p_max integer)
returns integer
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_limit is null or p_limit not between 1 and p_max then
    perform private.fail(
      'invalid_argument', pg_catalog.format('A page has 1 to %s rows.', p_max), 422,
      pg_catalog.jsonb_build_object('field', 'p_limit', 'max', p_max)
    );
  end if;
  return p_limit;
end
$$;

revoke all on function private.require_limit(integer, integer) from public, anon, authenticated, service_role;

-- schemas/platform/uuid_v7.sql

-- uuid_v7: a time-ordered key (RFC 9562, section 5.7). PostgreSQL has one of its own only from version 18 on.
-- 48 bits of unix milliseconds replace the front of a random uuid; its version nibble 0100 becomes 0111.
-- plpgsql, because a function in sql that sets its search_path is planned anew with each call: 66 us, against 6.
create function private.uuid_v7()
returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  return pg_catalog.encode(
    pg_catalog.set_bit(
      pg_catalog.set_bit(
        pg_catalog.overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid()),
          pg_catalog.substring(
            pg_catalog.int8send(
              pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000)::bigint
            ), 3
          ),
          1, 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid;
end
$$;

revoke all on function private.uuid_v7() from public, anon, authenticated, service_role;

-- schemas/platform/strip_hidden.sql

-- strip_hidden: a text without the characters that show nothing or turn the text around them: control characters, zero
-- width, bidirectional marks, invisible letters. They have no place in a shown name.
create function private.strip_hidden(p_text text)
returns text
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.regexp_replace(
    p_text,
    '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]',
    '', 'g'
  );
$$;

revoke all on function private.strip_hidden(text) from public, anon, authenticated, service_role;

-- schemas/platform/is_blank.sql

-- is_blank: whether a text shows nothing at all. Spelled out, because what counts as a space differs between locales.
create function private.is_blank(p_text text)
returns boolean
language sql immutable security invoker set search_path = ''
as $$
  select private.strip_hidden(p_text)
    !~ '[^\u0001-\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\ufe00-\ufe0f]';
$$;

revoke all on function private.is_blank(text) from public, anon, authenticated, service_role;

-- schemas/platform/require_user.sql

-- require_user: the caller's id, from the verified token and from nowhere else.
create function private.require_user()
returns uuid
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  if v_user_id is null then
    perform private.fail('session_required', 'Sign in first.', 401);
  end if;
  return v_user_id;
end
$$;

revoke all on function private.require_user() from public, anon, authenticated, service_role;

-- schemas/platform/rate_limit_catalog.sql

-- rate_limit_catalog: every limit by name. capacity is how many calls may come at once; they come back evenly over period.
-- An operator may change a row; the next call follows it, and check:contract names it as a difference.
create table private.rate_limit_catalog (
  key text primary key,
  capacity integer not null check (capacity > 0),
  period interval not null check (period > interval '0'),
  description text not null
);

revoke all on table private.rate_limit_catalog from public, anon, authenticated, service_role;

-- schemas/platform/rate_limits.sql

-- rate_limits: for each limit and subject, the time at which the bucket is full again (GCRA's theoretical arrival time).
-- Unlogged: after a crash everybody starts with a full bucket, which is harmless. Bans and slow mode are facts and live
-- in logged tables.
-- No index on the time and half of each page free: a charge rewrites its row within the page, and no index with it. The sweep
-- reads the table from end to end, every five minutes.
create unlogged table private.rate_limits (
  limit_key text not null references private.rate_limit_catalog (key) on delete cascade,
  subject text not null,
  full_at timestamptz not null,
  primary key (limit_key, subject)
) with (fillfactor = 50);

revoke all on table private.rate_limits from public, anon, authenticated, service_role;

-- schemas/platform/take_token.sql

-- take_token: charges one call against a limit, or fails with rate_limited and the seconds to wait.
-- GCRA in one statement: the row lock of the upsert makes racing calls queue, so none of them is counted twice or not at all.
create function private.take_token(p_limit_key text, p_subject text)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_period interval;
  v_interval interval;
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_wait interval;
begin
  -- In seconds: a day added to a time is 23 hours long where the session's zone changes its clocks.
  select
    pg_catalog.make_interval(secs => extract(epoch from c.period)::double precision),
    pg_catalog.make_interval(secs => extract(epoch from c.period)::double precision / c.capacity)
  into v_period, v_interval
  from private.rate_limit_catalog c
  where c.key = p_limit_key;

  if not found then
    -- A limit nobody declared would be no limit.
    perform private.fail('internal', 'This operation is not configured.', 500, pg_catalog.jsonb_build_object('limit', p_limit_key));
  end if;

  insert into private.rate_limits as r (limit_key, subject, full_at)
  values (p_limit_key, p_subject, v_now + v_interval)
  on conflict (limit_key, subject) do update
    set full_at = greatest(r.full_at, v_now) + v_interval
    where greatest(r.full_at, v_now) + v_interval <= v_now + v_period;

  if not found then
    select r.full_at + v_interval - v_period - v_now into v_wait
    from private.rate_limits r
    where r.limit_key = p_limit_key and r.subject = p_subject;

    perform private.fail(
      'rate_limited', 'Too many requests: wait a moment.', 429,
      pg_catalog.jsonb_build_object(
        'limit', p_limit_key,
        'retry_after', greatest(pg_catalog.round(extract(epoch from v_wait)::numeric, 3), 0.001)
      )
    );
  end if;
end
$$;

revoke all on function private.take_token(text, text) from public, anon, authenticated, service_role;

-- schemas/platform/request_header.sql

-- request_header: a header of the Data API's request; null outside of one. p_name in lower case.
create function private.request_header(p_name text)
returns text
language sql stable security invoker set search_path = ''
as $$
  select nullif(pg_catalog.current_setting('request.headers', true), '')::json ->> p_name;
$$;

revoke all on function private.request_header(text) from public, anon, authenticated, service_role;

-- schemas/platform/request_address.sql

-- request_address: where the request came from, for limits; null where nobody trustworthy says so.
-- On hosted projects every request passes Cloudflare, which sets cf-connecting-ip itself. The first entries of
-- x-forwarded-for are the caller's to choose; only the last one was added by the proxy in front of us.
create function private.request_address()
returns text
language sql stable security invoker set search_path = ''
as $$
  select pg_catalog.left(
    coalesce(
      private.request_header('cf-connecting-ip'),
      nullif(pg_catalog.btrim(pg_catalog.split_part(private.request_header('x-forwarded-for'), ',', -1)), '')
    ),
    64
  );
$$;

revoke all on function private.request_address() from public, anon, authenticated, service_role;

-- schemas/platform/audit_log.sql

-- audit_log: one row per privileged change, written in the transaction of the change, and never touched again.
-- There is no reference to the community or to anybody in it: the log outlives them. Who may read it is decided in
-- access, which knows who may what.
create table public.audit_log (
  community_id uuid not null,
  number bigint not null,
  at timestamptz not null,
  actor_id uuid,
  action text not null check (action ~ '^[a-z_]+$'),
  target_id text,
  before jsonb,
  after jsonb,
  reason text check (pg_catalog.char_length(reason) between 1 and 512),
  request_id text,
  previous_hash text not null,
  hash text not null,
  primary key (community_id, number)
);

comment on table public.audit_log is 'A privileged change in a community, as it was made.';
comment on column public.audit_log.number is 'Number in the community''s log: 1, 2, 3 … without gaps.';
comment on column public.audit_log.actor_id is 'Who did it; null: the server by itself.';
comment on column public.audit_log.target_id is 'What it was done to: the id of a user, role, channel or group, or the beginning of an invite''s code.';
comment on column public.audit_log.before is 'The changed facts as they were; null where there was nothing.';
comment on column public.audit_log.after is 'The changed facts as they are; null where nothing is left.';
comment on column public.audit_log.request_id is 'The request''s x-request-id, by which it is found in other logs.';
comment on column public.audit_log.previous_hash is 'The hash of the row before; empty for the first.';
comment on column public.audit_log.hash is 'SHA-256, in hexadecimal, over previous_hash and this row. See audit_hash.';

create index audit_log_actor_id on public.audit_log (community_id, actor_id, number);
create index audit_log_action on public.audit_log (community_id, action, number);

alter table public.audit_log enable row level security;

revoke all on table public.audit_log from public, anon, authenticated, service_role;
grant select on table public.audit_log to authenticated;

-- Without right to write there is still the owner of the table: a slip in a migration or at the console.
create function private.refuse_audit_change()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise exception using errcode = '42501', message = 'The audit log is only ever added to.';
end
$$;

revoke all on function private.refuse_audit_change() from public, anon, authenticated, service_role;

create trigger audit_log_append_only
before update or delete or truncate on public.audit_log
for each statement execute function private.refuse_audit_change();

-- schemas/platform/audit_heads.sql

-- audit_heads: the last row of each community's log. Its lock puts writers in a row, and a log whose end was cut off is
-- told by what stands here.
create table private.audit_heads (
  community_id uuid primary key,
  number bigint not null,
  hash text not null
);

revoke all on table private.audit_heads from public, anon, authenticated, service_role;

-- schemas/platform/audit_hash.sql

-- audit_hash: SHA-256 over the hash before and everything else the row says. Times as seconds, so that the session's
-- zone has no part in it; the rest as jsonb prints it, which is one text for one value.
create function private.audit_hash(p_entry public.audit_log)
returns text
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.encode(
    pg_catalog.sha256(
      pg_catalog.convert_to(
        pg_catalog.jsonb_build_array(
          p_entry.previous_hash, p_entry.community_id, p_entry.number, extract(epoch from p_entry.at), p_entry.actor_id,
          p_entry.action, p_entry.target_id, p_entry.before, p_entry.after, p_entry.reason, p_entry.request_id
        )::text,
        'UTF8'
      )
    ),
    'hex'
  );
$$;

revoke all on function private.audit_hash(public.audit_log) from public, anon, authenticated, service_role;

-- schemas/platform/write_audit.sql

-- write_audit: adds one row to a community's log, in the transaction of the change it tells of.
-- p_reason is checked here, because every reason comes here.
create function private.write_audit(
  p_community_id uuid,
  p_action text,
  p_target_id text,
  p_before jsonb default null,
  p_after jsonb default null,
  p_reason text default null
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_head private.audit_heads;
  v_entry public.audit_log;
begin
  if pg_catalog.char_length(p_reason) > 512 then
    perform private.fail(
      'invalid_argument', 'A reason has at most 512 characters.', 422, pg_catalog.jsonb_build_object('field', 'p_reason')
    );
  end if;

  insert into private.audit_heads (community_id, number, hash) values (p_community_id, 0, '')
  on conflict (community_id) do nothing;
  select h.* into v_head from private.audit_heads h where h.community_id = p_community_id for no key update;

  v_entry.community_id := p_community_id;
  v_entry.number := v_head.number + 1;
  v_entry.at := pg_catalog.clock_timestamp();
  v_entry.actor_id := (select auth.uid());
  v_entry.action := p_action;
  v_entry.target_id := p_target_id;
  v_entry.before := p_before;
  v_entry.after := p_after;
  v_entry.reason := nullif(pg_catalog.btrim(p_reason), '');
  v_entry.request_id := pg_catalog.left(private.request_header('x-request-id'), 64);
  v_entry.previous_hash := v_head.hash;
  v_entry.hash := private.audit_hash(v_entry);
  insert into public.audit_log select v_entry.*;

  update private.audit_heads h
  set number = v_entry.number, hash = v_entry.hash
  where h.community_id = p_community_id;
end
$$;

revoke all on function private.write_audit(uuid, text, text, jsonb, jsonb, text) from public, anon, authenticated, service_role;

-- schemas/platform/audit_chain.sql

-- audit_chain: reads a community's log from its beginning and says whether all is as it was written, or the
-- first thing that is not, after how many good rows. A row that was changed has another hash; one that was taken out is missing between its
-- neighbours; an end that was cut off is known by audit_heads.
create function private.audit_chain(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_entry public.audit_log;
  v_head private.audit_heads;
  v_hash text := '';
  v_entries bigint := 0::bigint;
  v_problem text;
begin
  for v_entry in
    select l.* from public.audit_log l where l.community_id = p_community_id order by l.number
  loop
    v_problem := case
      when v_entry.number <> v_entries + 1 then 'missing'
      when v_entry.previous_hash <> v_hash then 'broken link'
      when v_entry.hash <> private.audit_hash(v_entry) then 'changed'
    end;
    exit when v_problem is not null;
    v_entries := v_entries + 1;
    v_hash := v_entry.hash;
  end loop;

  select h.* into v_head from private.audit_heads h where h.community_id = p_community_id;
  if v_problem is null and (coalesce(v_head.number, 0) <> v_entries or coalesce(v_head.hash, '') <> v_hash) then
    v_problem := 'cut off';
  end if;
  return pg_catalog.jsonb_build_object(
    'is_valid', v_problem is null,
    'entries', v_entries,
    'first_bad_number', case when v_problem is not null then v_entries + 1 end,
    'problem', v_problem
  );
end
$$;

revoke all on function private.audit_chain(uuid) from public, anon, authenticated, service_role;

-- schemas/platform/topics.sql

-- topics: the registry of Realtime topics by prefix. For each, which function answers "may the caller receive broadcasts
-- here", "may the caller send them", "may the caller be present". A null answers no.
-- The policies on realtime.messages are generated from these rows and from nothing else.
create table private.topics (
  prefix text primary key check (prefix ~ '^[a-z_]+$'),
  description text not null,
  receive text,
  send text,
  presence text
);

revoke all on table private.topics from public, anon, authenticated, service_role;

-- schemas/platform/topic_events.sql

-- topic_events: every event the server broadcasts, by the topic's prefix. What is not listed cannot be sent.
create table private.topic_events (
  prefix text not null references private.topics (prefix) on delete cascade,
  event text not null check (event ~ '^[a-z_]+$'),
  description text not null,
  primary key (prefix, event)
);

revoke all on table private.topic_events from public, anon, authenticated, service_role;

-- schemas/platform/register_topic.sql

-- register_topic: adds a topic to the registry and generates the two policies on realtime.messages anew.
-- Realtime asks them once per join (SELECT: may receive) and once before the first send (INSERT: may send), with the
-- topic in realtime.topic() and the kind of right in the column extension. Nothing else of the row may be read there.
create function private.register_topic(
  p_prefix text,
  p_description text,
  p_receive text default null,
  p_send text default null,
  p_presence text default null
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_policy record;
  v_cases text;
begin
  insert into private.topics (prefix, description, receive, send, presence)
  values (p_prefix, p_description, p_receive, p_send, p_presence);

  for v_policy in
    select *
    from (values ('guildhall_receive', 'select', 'using'), ('guildhall_send', 'insert', 'with check'))
      as policies (name, command, clause)
  loop
    select pg_catalog.string_agg(
      pg_catalog.format(
        'when %L then case extension when %L then %s when %L then %s else false end',
        t.prefix,
        'broadcast', coalesce('private.' || pg_catalog.quote_ident(
          case v_policy.command when 'select' then t.receive else t.send end) || '((select realtime.topic()))', 'false'),
        'presence', coalesce('private.' || pg_catalog.quote_ident(t.presence) || '((select realtime.topic()))', 'false')
      ),
      ' ' order by t.prefix collate "C"
    )
    into v_cases
    from private.topics t;

    execute pg_catalog.format('drop policy if exists %I on realtime.messages', v_policy.name);
    execute pg_catalog.format(
      'create policy %I on realtime.messages for %s to authenticated %s (case pg_catalog.split_part((select realtime.topic()), %L, 1) %s else false end)',
      v_policy.name, v_policy.command, v_policy.clause, ':', v_cases
    );
  end loop;
end
$$;

revoke all on function private.register_topic(text, text, text, text, text) from public, anon, authenticated, service_role;

-- schemas/platform/lost_broadcasts.sql

-- lost_broadcasts: broadcasts that realtime.send swallowed. Nothing is lost for good, clients catch up from the log;
-- but an operator must be able to see that live delivery does not work (see platform_health).
create table private.lost_broadcasts (
  id bigint generated always as identity primary key,
  topic text not null,
  event text not null,
  at timestamptz not null default pg_catalog.clock_timestamp()
);

create index lost_broadcasts_at on private.lost_broadcasts (at);

revoke all on table private.lost_broadcasts from public, anon, authenticated, service_role;

-- schemas/platform/broadcast.sql

-- broadcast: sends one declared event to one private topic.
-- realtime.send turns every failure into a warning and goes on (no partition for today, for instance). The write that
-- caused the broadcast must not fail for that, so the row is looked for afterwards and its absence is recorded.
create function private.broadcast(p_topic text, p_event text, p_payload jsonb)
returns void
language plpgsql volatile security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  v_id uuid := private.uuid_v7();
  v_is_declared boolean;
  v_was_sent boolean;
begin
  perform realtime.send(p_payload || pg_catalog.jsonb_build_object('id', v_id), p_event, p_topic, true);

  -- The table's index leads with inserted_at, which defaults to the transaction's time in the session's zone. A client
  -- chooses that zone for itself, so this function sets its own.
  select
    exists (
      select from private.topic_events e
      where e.prefix = pg_catalog.split_part(p_topic, ':', 1) and e.event = p_event
    ),
    exists (
      select from realtime.messages m
      where m.inserted_at = localtimestamp
        and m.topic = p_topic
        and m.extension = 'broadcast'
        -- Word for word what the index is partial on: `m.private` alone does not match it, and would read the whole day.
        and m.private is true
        and m.payload ->> 'id' = v_id::text
    )
  into v_is_declared, v_was_sent;
  if not v_is_declared then
    -- What was sent is undone with the rest.
    perform private.fail(
      'internal', 'This event is not declared.', 500,
      pg_catalog.jsonb_build_object('topic', p_topic, 'event', p_event)
    );
  end if;
  if not v_was_sent then
    insert into private.lost_broadcasts (topic, event) values (p_topic, p_event);
  end if;
end
$$;

revoke all on function private.broadcast(text, text, jsonb) from public, anon, authenticated, service_role;

-- schemas/platform/jobs.sql

-- jobs: what Guildhall wants done regularly. The schedule itself is pg_cron's, where anybody with the right may remove an
-- entry; this table is what it is compared with (see platform_health).
create table private.jobs (
  name text primary key check (name ~ '^[a-z_]+$'),
  schedule text not null,
  command text not null
);

revoke all on table private.jobs from public, anon, authenticated, service_role;

-- schemas/platform/schedule_job.sql

-- schedule_job: the one way a job enters the schedule, so that each carries the prefix by which the contract knows it.
-- p_schedule is GMT: five cron fields, or 'N seconds' with N from 1 to 59.
create function private.schedule_job(p_name text, p_schedule text, p_command text)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into private.jobs (name, schedule, command) values (p_name, p_schedule, p_command)
  on conflict (name) do update set schedule = excluded.schedule, command = excluded.command;
  select cron.schedule('guildhall:' || p_name, p_schedule, p_command);
$$;

revoke all on function private.schedule_job(text, text, text) from public, anon, authenticated, service_role;

-- schemas/platform/call_edge_function.sql

-- call_edge_function: calls one of the project's Edge Functions after this transaction's commit, without waiting for an answer,
-- which pg_net does for as long as p_timeout.
-- Where it is and what it knows the database by stand in Vault (guildhall_functions_url, guildhall_functions_secret); false
-- where they do not, and nothing is called. The secret is for this alone: pg_net's queue, in which it stands for a moment,
-- is readable for every role of the database, and no key of the project may be there.
-- For jobs, which run as the migration role: nobody else reads Vault.
create function private.call_edge_function(p_name text, p_timeout interval default '5 seconds')
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_url text := (select s.decrypted_secret from vault.decrypted_secrets s where s.name = 'guildhall_functions_url');
  v_secret text := (select s.decrypted_secret from vault.decrypted_secrets s where s.name = 'guildhall_functions_secret');
begin
  if coalesce(v_url, '') = '' or coalesce(v_secret, '') = '' then
    return false;
  end if;
  perform net.http_post(
    url => pg_catalog.rtrim(v_url, '/') || '/' || p_name,
    headers => pg_catalog.jsonb_build_object('Content-Type', 'application/json', 'x-guildhall-secret', v_secret),
    timeout_milliseconds => (extract(epoch from p_timeout) * 1000)::integer
  );
  return true;
end
$$;

revoke all on function private.call_edge_function(text, interval) from public, anon, authenticated, service_role;

-- schemas/platform/sweep_platform.sql

-- sweep_platform: tidies what has expired, in bounded batches. Nothing reads an expired row, so late is harmless.
create function private.sweep_platform(p_batch integer default 100000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.rate_limits r
  where r.ctid = any (array(
    select s.ctid from private.rate_limits s
    where s.full_at < pg_catalog.now()
    limit p_batch
    -- Whoever is being charged just now is left for the next time.
    for update skip locked
  ));

  delete from private.lost_broadcasts b
  where b.id in (
    select s.id from private.lost_broadcasts s
    where s.at < pg_catalog.now() - interval '7 days'
    order by s.at
    limit p_batch
  );

  -- pg_cron never purges its own log.
  delete from cron.job_run_details d
  where d.runid in (
    select s.runid
    from cron.job_run_details s
    join cron.job j on j.jobid = s.jobid
    where j.jobname like 'guildhall:%' and s.end_time < pg_catalog.now() - interval '7 days'
    limit p_batch
  );
$$;

revoke all on function private.sweep_platform(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_platform', '*/5 * * * *', 'select private.sweep_platform()');

-- schemas/platform/platform_health.sql

-- platform_health: what an uptime check should know and cannot see from outside. For the secret key only.
create function private.platform_health()
returns jsonb
language sql stable security definer set search_path = ''
as $$
  with problems as (
    select 'realtime_partition_missing' as problem
    where not exists (
      -- Realtime creates the daily partitions when a client connects; without today's, every broadcast is lost.
      select from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'realtime.messages'::regclass
        and c.relname = 'messages_' || pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY_MM_DD')
    )
    union all
    select 'broadcasts_lost_in_the_last_hour'
    where exists (
      select from private.lost_broadcasts b where b.at > pg_catalog.now() - interval '1 hour'
    )
    union all
    select 'jobs_not_scheduled'
    where exists (
      select from private.jobs w
      where not exists (
        select from cron.job j
        where j.jobname = 'guildhall:' || w.name and j.schedule = w.schedule and j.command = w.command and j.active
      )
    )
    union all
    select 'jobs_failing'
    where exists (
      select from cron.job j
      join cron.job_run_details d on d.jobid = j.jobid
      where j.jobname like 'guildhall:%'
        and d.status = 'failed'
        and d.start_time > pg_catalog.now() - interval '1 hour'
    )
  )
  select pg_catalog.jsonb_build_object(
    'status', case when pg_catalog.count(*) = 0 then 'ok' else 'degraded' end,
    'problems', coalesce(pg_catalog.jsonb_agg(p.problem order by p.problem), '[]')
  )
  from problems p;
$$;

revoke all on function private.platform_health() from public, anon, authenticated, service_role;
grant execute on function private.platform_health() to service_role;

create function public.platform_health()
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.platform_health(); $$;

comment on function public.platform_health() is
$$Says whether the backend works behind its API: `{"status": "ok" | "degraded", "problems": [name, …]}`.
Problems: `realtime_partition_missing` (live messages are lost until a client connects to Realtime),
`broadcasts_lost_in_the_last_hour`, `jobs_not_scheduled` (one of them is missing, changed or switched off),
`jobs_failing` (one of them failed in the last hour). Needs the secret key.
@returns {{ status: 'ok' | 'degraded'; problems: string[] }}
@sdk health$$;

revoke all on function public.platform_health() from public, anon, authenticated, service_role;
grant execute on function public.platform_health() to service_role;
