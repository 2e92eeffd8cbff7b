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
-- what they may call is granted function by function, and no table in it is granted to anybody. Whoever has only the publishable
-- key needs it for record_calls and may call nothing else.
create schema private;

revoke all on schema private from public, anon, authenticated, service_role;
grant usage on schema private to anon, authenticated, service_role;

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

-- take_token: charges one call, or as many as it counts for, against a limit, or fails with rate_limited and the seconds to wait.
-- GCRA in one statement: the row lock of the upsert makes racing calls queue, so none of them is counted twice or not at all.
create function private.take_token(p_limit_key text, p_subject text, p_tokens integer default 1)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_period interval;
  v_charge interval;
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_wait interval;
begin
  -- In seconds: a day added to a time is 23 hours long where the session's zone changes its clocks.
  select
    pg_catalog.make_interval(secs => extract(epoch from c.period)::double precision),
    pg_catalog.make_interval(secs => p_tokens * extract(epoch from c.period)::double precision / c.capacity)
  into v_period, v_charge
  from private.rate_limit_catalog c
  where c.key = p_limit_key;

  if not found then
    -- A limit nobody declared would be no limit.
    perform private.fail('internal', 'This operation is not configured.', 500, pg_catalog.jsonb_build_object('limit', p_limit_key));
  end if;

  insert into private.rate_limits as r (limit_key, subject, full_at)
  values (p_limit_key, p_subject, v_now + v_charge)
  on conflict (limit_key, subject) do update
    set full_at = greatest(r.full_at, v_now) + v_charge
    where greatest(r.full_at, v_now) + v_charge <= v_now + v_period;

  if not found then
    select r.full_at + v_charge - v_period - v_now into v_wait
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

revoke all on function private.take_token(text, text, integer) from public, anon, authenticated, service_role;

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
-- Of an IPv6 address the first half: a household is given at least that network, and has all the addresses in it.
create function private.request_address()
returns text
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_given text := pg_catalog.left(
    coalesce(
      private.request_header('cf-connecting-ip'),
      nullif(pg_catalog.btrim(pg_catalog.split_part(private.request_header('x-forwarded-for'), ',', -1)), '')
    ),
    64
  );
  v_address inet;
begin
  if pg_catalog.strpos(v_given, ':') = 0 then
    return v_given;
  end if;
  v_address := v_given::inet;
  -- An IPv4 address may be written as one of these, and then is the last half of it.
  if v_address <<= '::ffff:0:0/96'::inet then
    return pg_catalog.host('0.0.0.0'::inet + (v_address - '::ffff:0:0'::inet));
  end if;
  return pg_catalog.text(pg_catalog.network(pg_catalog.set_masklen(v_address, 64)));
exception when data_exception then
  -- A proxy of one's own may write something else, with a port for instance.
  return v_given;
end
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

-- topic_events: every event the server broadcasts, by the topic's prefix. What is not listed cannot be sent. In capitals where it is
-- what was done to a row, as Realtime's own broadcasts of changes are called.
create table private.topic_events (
  prefix text not null references private.topics (prefix) on delete cascade,
  event text not null check (event ~ '^([a-z_-]+|INSERT|UPDATE|DELETE)$'),
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

-- schemas/platform/error_codes.sql

-- error_codes: whose fault a failure is, by its code. Faults use up a function's error budget; everything else is what a caller
-- was rightly told. What is not listed is counted as `other`, and is a fault: nobody foresaw it. So is what a row is missing for.
-- An operator may change a row; the next record follows it, and what is counted already takes its new meaning.
create table private.error_codes (
  code text primary key check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  is_fault boolean not null,
  description text not null
);

revoke all on table private.error_codes from public, anon, authenticated, service_role;

insert into private.error_codes (code, is_fault, description) values
  ('other', true, 'A code that is not listed here'),
  ('internal', true, 'The backend is not set up as it must be'),
  ('database_error', true, 'The database failed in a way that no function foresaw'),
  ('timeout', true, 'No answer in time, from the function or from anybody'),
  ('unavailable', true, 'A gateway answered for the database, or the database had no connection left'),
  ('provider_unavailable', true, 'A service that the backend needs does not answer or is not set up'),
  ('unexpected', true, 'The adapter itself failed'),
  ('unexpected_answer', true, 'The answer was not what the contract promises'),
  ('contract_mismatch', true, 'The database lacks what the client was made for: one of the two was not deployed'),
  ('invalid_argument', false, 'An argument is not as documented'),
  ('body_too_long', false, 'A message is too long'),
  ('session_required', false, 'Not signed in, or no longer'),
  ('recent_sign_in_required', false, 'The session is too old for this'),
  ('missing_permission', false, 'A right is missing'),
  ('role_hierarchy', false, 'Not below the caller''s highest role'),
  ('timed_out', false, 'The caller has a timeout'),
  ('banned', false, 'The caller is banned'),
  ('blocked', false, 'Somebody does not take this from the caller'),
  ('not_linked', false, 'The account has no id in the other system'),
  ('not_found', false, 'It does not exist, for the caller at least'),
  ('conflict', false, 'The state does not allow it'),
  ('limit_reached', false, 'There are as many as there may be'),
  ('expired', false, 'It was valid once'),
  ('method_not_allowed', false, 'HTTP: the address is not asked by this method'),
  ('payload_too_large', false, 'HTTP: the body is longer than any that could be meant'),
  ('origin_not_allowed', false, 'HTTP: the page that asks is not on the list'),
  ('rate_limited', false, 'Too many calls'),
  ('slow_mode', false, 'The channel makes everybody wait'),
  ('aborted', false, 'The caller gave up'),
  ('closed', false, 'The caller closed what it was using'),
  -- A phone in a tunnel says the same as one whose server is down. That the server is up, an uptime check says (health).
  ('network_error', false, 'The server could not be reached from where the caller is'),
  -- What Supabase Auth calls them.
  ('invalid_credentials', false, 'Auth: wrong password, or no such account'),
  ('email_not_confirmed', false, 'Auth: the address is not confirmed yet'),
  ('user_banned', false, 'Auth: the account is banned'),
  ('user_already_exists', false, 'Auth: there is such an account'),
  ('email_exists', false, 'Auth: there is an account with this address'),
  ('weak_password', false, 'Auth: the password is too easily guessed'),
  ('validation_failed', false, 'Auth: what was sent is not as it must be'),
  ('otp_expired', false, 'Auth: the code was valid once'),
  ('bad_jwt', false, 'Auth: the token is not valid'),
  ('session_expired', false, 'Auth: the session was valid once'),
  ('session_not_found', false, 'Auth: the session has ended'),
  ('refresh_token_not_found', false, 'Auth: the session has ended'),
  ('refresh_token_already_used', false, 'Auth: the session was continued elsewhere'),
  ('captcha_failed', false, 'Auth: the captcha was not solved'),
  ('over_request_rate_limit', false, 'Auth: too many calls'),
  ('over_email_send_rate_limit', false, 'Auth: too many mails');

-- schemas/platform/recorded_operations.sql

-- recorded_operations: what is recorded beside the functions of the API, and how much of each is to succeed. A function of the API
-- needs no row; it has 99.9 % then.
-- objective: of 100 calls, how many must not fail by our fault. An operator may change a row or add one.
create table private.recorded_operations (
  name text primary key check (name ~ '^[a-z][a-z0-9_.]{0,62}$'),
  objective numeric not null default 99.9 check (objective > 0 and objective < 100),
  description text not null
);

revoke all on table private.recorded_operations from public, anon, authenticated, service_role;

insert into private.recorded_operations (name, description) values
  ('auth.sign_up', 'An account is made'),
  ('auth.sign_in', 'Signing in, by whatever means'),
  ('auth.refresh', 'A session is continued'),
  ('auth.sign_out', 'A session is ended'),
  ('gateway.auth_token', 'GET /auth/token'),
  ('gateway.config_supabase', 'GET /config/supabase'),
  ('gateway.chat_threads_ensure', 'POST /chat/threads/ensure'),
  ('gateway.chat_send', 'POST /chat/send'),
  ('gateway.chat_history', 'GET /chat/history'),
  ('gateway.other', 'Whatever else the gateway is asked for'),
  ('unknown', 'Records that could not be kept: a name that the database does not know, a value out of its bounds');

-- schemas/platform/latency_bucket.sql

-- latency_bucket: the bucket that a latency is counted in, and bucket_latency: what a bucket stands for. Each is 1.2 times as wide as the
-- one before, so a percentile read from them is within 10 % of the true one: 0 (up to 1 ms) to 73 (10 minutes).
create function private.latency_bucket(p_latency_ms numeric)
returns smallint
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.round(pg_catalog.ln(greatest(p_latency_ms, 1)::double precision) / pg_catalog.ln(1.2::double precision))::smallint;
$$;

revoke all on function private.latency_bucket(numeric) from public, anon, authenticated, service_role;

create function private.bucket_latency(p_bucket smallint)
returns integer
language sql immutable security invoker set search_path = ''
as $$ select pg_catalog.round(pg_catalog.power(1.2::double precision, p_bucket::double precision))::integer; $$;

revoke all on function private.bucket_latency(smallint) from public, anon, authenticated, service_role;

-- schemas/platform/call_counts.sql

-- call_counts: how often what was called, how it ended and how long it took, in slots of time. Its size depends on how many things are
-- called and not on how often: see docs/telemetry.md for the figures. Nobody's id, no address, no argument.
-- A slot is 5 minutes, and an hour when it is two days old (sweep_calls).
create table private.call_counts (
  slot_at timestamptz not null,
  -- Whoever has the publishable key says what a client's adapter says: those are claims. Only the secret key writes 'server'.
  source text not null check (source in ('client', 'server')),
  function text not null,
  -- Empty: it succeeded. Only codes of error_codes, so that nobody makes up rows.
  code text not null,
  latency_bucket smallint not null check (latency_bucket between 0 and 73),
  calls bigint not null check (calls > 0),
  primary key (slot_at, source, function, code, latency_bucket)
)
-- A count is raised again and again: within its page, and no index with it.
with (fillfactor = 70);

-- What is still to be put into hours: otherwise each sweep would read all hours to find one.
create index call_counts_unfolded on private.call_counts (slot_at)
where slot_at <> pg_catalog.date_bin('1 hour', slot_at, '2000-01-01 00:00:00+00');

revoke all on table private.call_counts from public, anon, authenticated, service_role;

-- schemas/platform/call_failures.sql

-- call_failures: single failures, to be found by the request id that a user was shown or a log has. Of each kind (source, function and
-- code) only the first 20 in 5 minutes and what came with the 20th: a storm says the same a million times, and call_counts has it whole. Of
-- all clients together 200 in 5 minutes: anybody may claim any.
create table private.call_failures (
  id bigint generated always as identity primary key,
  -- When it was recorded, which is up to a minute after it happened: a client's clock says nothing.
  recorded_at timestamptz not null default pg_catalog.clock_timestamp(),
  source text not null check (source in ('client', 'server')),
  function text not null,
  code text not null,
  latency_ms integer not null,
  contract_version text,
  request_id uuid
);

create index call_failures_recorded_at on private.call_failures (recorded_at);

revoke all on table private.call_failures from public, anon, authenticated, service_role;

-- schemas/platform/recorded_batches.sql

-- recorded_batches: which batches of records have come, so that a retry counts nothing twice. Adapters give up after minutes; a day is kept.
-- Unlogged: after a crash a retry may be counted twice, which is harmless.
create unlogged table private.recorded_batches (
  id uuid primary key,
  recorded_at timestamptz not null default pg_catalog.clock_timestamp()
);

create index recorded_batches_recorded_at on private.recorded_batches (recorded_at);

revoke all on table private.recorded_batches from public, anon, authenticated, service_role;

-- schemas/platform/record_calls.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('call_report', 120, '10 minutes', 'Batches of call records, per user: adapters send one every 10 seconds, from two windows'),
  ('call_report_address', 600, '10 minutes', 'Batches of call records by who is not signed in, per address: a school or an office shares one');

-- record_calls: what became of calls, by whoever made them. A failed call undoes its transaction, so the database cannot know of it.
-- Nothing said here is trusted: what a name, a code and a figure may be is checked, and only the secret key's records are the server's.
-- A record that cannot be kept does not take the others with it: adapters are deployed before and after the database. It is counted as
-- `unknown`. So is what would be a kind too many: all clients together open at most 2,000 of them in a slot, and leave 200 single
-- failures, whoever floods.
-- Limits: call_report per user, call_report_address for whoever is not signed in. The secret key has none.
create function private.record_calls(p_batch_id uuid, p_calls jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  -- The role that runs the statement, which a token's claims do not set.
  v_is_server boolean := pg_catalog.current_setting('role') = 'service_role';
  v_source text := case when v_is_server then 'server' else 'client' end;
  v_slot_at timestamptz := pg_catalog.date_bin('5 minutes', pg_catalog.clock_timestamp(), '2000-01-01 00:00:00+00');
  v_are_kinds_full boolean := false;
  v_are_singles_full boolean := false;
begin
  if p_batch_id is null then
    perform private.fail(
      'invalid_argument', 'A batch has an id.', 422, pg_catalog.jsonb_build_object('field', 'p_batch_id')
    );
  end if;
  if p_calls is null
    or pg_catalog.jsonb_typeof(p_calls) <> 'array'
    or pg_catalog.jsonb_array_length(p_calls) not between 1 and 100
    or pg_catalog.pg_column_size(p_calls) > 65536
  then
    perform private.fail(
      'invalid_argument', 'A batch is a list of 1 to 100 records, at most 64 KiB.', 422,
      pg_catalog.jsonb_build_object('field', 'p_calls', 'max', 100)
    );
  end if;

  if v_is_server then
    null;
  elsif (select auth.uid()) is not null then
    perform private.take_token('call_report', (select auth.uid())::text);
  else
    -- All of whom nobody says where they are share one limit.
    perform private.take_token('call_report_address', coalesce(private.request_address(), 'unknown'));
  end if;

  insert into private.recorded_batches (id) values (p_batch_id) on conflict do nothing;
  if not found then
    return;
  end if;

  if not v_is_server then
    select pg_catalog.count(*) = 2000 into v_are_kinds_full
    from (select from private.call_counts c where c.slot_at = v_slot_at and c.source = 'client' limit 2000) s;
    select pg_catalog.count(*) = 200 into v_are_singles_full
    from (select from private.call_failures f where f.recorded_at >= v_slot_at and f.source = 'client' limit 200) s;
  end if;

  with given as materialized (
    select
      e.value ->> 'function' as function,
      coalesce(e.value ->> 'code', '') as code,
      case when pg_catalog.jsonb_typeof(e.value -> 'latency_ms') = 'number' then (e.value -> 'latency_ms')::numeric end as latency_ms,
      case coalesce(pg_catalog.jsonb_typeof(e.value -> 'calls'), 'null')
        when 'number' then (e.value -> 'calls')::numeric
        when 'null' then 1::numeric
      end as calls,
      e.value ->> 'contract_version' as contract_version,
      e.value ->> 'request_id' as request_id
    from pg_catalog.jsonb_array_elements(p_calls) e
  ),
  judged as materialized (
    select
      g.*,
      coalesce(
        g.function ~ '^[a-z][a-z0-9_.]{0,62}$'
        and (
          exists (
            select from pg_catalog.pg_proc p where p.proname = g.function::name and p.pronamespace = 'public'::pg_catalog.regnamespace
          )
          or exists (select from private.recorded_operations o where o.name = g.function)
        )
        and (g.code = '' or g.code ~ '^[a-z][a-z0-9_]{0,39}$')
        and g.latency_ms between 0 and 600000
        -- Successes are counted together; a failure is one call.
        and g.calls between 1 and case g.code when '' then 10000 else 1 end
        and g.calls % 1 = 0
        and coalesce(g.contract_version ~ '^[0-9a-f]{64}$', true)
        and coalesce(g.request_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', true),
        false
      ) as is_kept
    from given g
  ),
  named as materialized (
    select
      j.function, j.code, j.latency_ms, j.calls, j.contract_version, j.request_id,
      -- How long a failure took is in no percentile.
      case j.code when '' then private.latency_bucket(j.latency_ms) else 0::smallint end as bucket,
      case
        when j.code = '' or exists (select from private.error_codes k where k.code = j.code) then j.code
        else 'other'
      end as counted_code
    from judged j
    where j.is_kept
  ),
  kept as materialized (
    select n.*
    from named n
    where not v_are_kinds_full or exists (
      select from private.call_counts c
      where c.slot_at = v_slot_at and c.source = 'client' and c.function = n.function and c.code = n.counted_code
        and c.latency_bucket = n.bucket
    )
  ),
  counted as (
    insert into private.call_counts as c (slot_at, source, function, code, latency_bucket, calls)
    select v_slot_at, v_source, s.function, s.code, s.bucket, pg_catalog.sum(s.calls)::bigint
    from (
      select k.function, k.counted_code as code, k.bucket, k.calls from kept k
      union all
      select 'unknown'::text, 'invalid_argument'::text, 0::smallint, u.calls
      from (
        select ((select pg_catalog.count(*) from given) - (select pg_catalog.count(*) from kept))::numeric as calls
      ) u
      where u.calls > 0
    ) s
    group by s.function, s.code, s.bucket
    -- In one order for everybody, so that no two batches wait for each other crosswise.
    order by s.function, s.code, s.bucket
    on conflict (slot_at, source, function, code, latency_bucket) do update set calls = c.calls + excluded.calls
    returning c.function, c.code, c.latency_bucket, c.calls
  )
  insert into private.call_failures (source, function, code, latency_ms, contract_version, request_id)
  select v_source, k.function, k.code, pg_catalog.round(k.latency_ms)::integer, k.contract_version, k.request_id::uuid
  from kept k
  join counted c on c.function = k.function and c.code = k.counted_code and c.latency_bucket = k.bucket
  where k.code <> ''
    and not v_are_singles_full
    and c.calls - (
      select pg_catalog.count(*) from kept o
      where o.function = k.function and o.counted_code = k.counted_code and o.bucket = k.bucket
    ) < 20;
end
$$;

revoke all on function private.record_calls(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.record_calls(uuid, jsonb) to anon, authenticated, service_role;

create function public.record_calls(p_batch_id uuid, p_calls jsonb)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.record_calls(p_batch_id, p_calls); $$;

comment on function public.record_calls(uuid, jsonb) is
$$Records what became of calls: for adapters, after the calls. Whoever has the publishable key may call it; what the secret key records
counts as the server's.
A record that cannot be kept (a function that the database does not know, a value out of its bounds) is counted as function `unknown`,
and the others are kept.
@param p_batch_id any new uuid: a batch that comes again counts once
@param p_calls {{ function: string; code?: string | null; latency_ms: number; calls?: number; contract_version?: string | null; request_id?: string | null }[]} 1 to 100 records. function: of the API, or one of `auth.sign_up`, `auth.sign_in`, `auth.refresh`, `auth.sign_out` and `gateway.…`; code: null for a success; latency_ms: 0 to 600,000; calls: how many successes it stands for, 1 to 10,000; request_id: a uuid
@errors invalid_argument, rate_limited
@idempotent by p_batch_id$$;

revoke all on function public.record_calls(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_calls(uuid, jsonb) to anon, authenticated, service_role;

-- schemas/platform/list_call_rates.sql

-- call_rate: how one function did, as one of the two sources says.
create type public.call_rate as (
  source text,
  function text,
  calls bigint,
  calls_per_second double precision,
  refused bigint,
  faults bigint,
  codes jsonb,
  p50_ms integer,
  p95_ms integer,
  p99_ms integer,
  objective double precision,
  budget_left double precision
);

comment on type public.call_rate is $$How a function, or an operation beside the API, did in a window of time.
@not_null source, function, calls, calls_per_second, refused, faults, codes, objective, budget_left$$;
comment on column public.call_rate.source is $$Who says so: a client's adapter, which is a claim, or a server's.
@type {'client' | 'server'}$$;
comment on column public.call_rate.refused is 'How many callers were told that they may not, or cannot now: no fault of ours.';
comment on column public.call_rate.faults is 'How many failed by our fault (private.error_codes).';
comment on column public.call_rate.codes is $$Failures by code.
@type {Record<string, number>}$$;
comment on column public.call_rate.p50_ms is 'Milliseconds that half of the successes took at most, within 10 %; null without a success.';
comment on column public.call_rate.p95_ms is 'Milliseconds that 95 of 100 successes took at most.';
comment on column public.call_rate.p99_ms is 'Milliseconds that 99 of 100 successes took at most.';
comment on column public.call_rate.objective is 'Of 100 calls, how many must not fail by our fault.';
comment on column public.call_rate.budget_left is
  'What is left of the faults that the objective allows: 1 all, 0 nothing; below 0 there were more.';

-- list_call_rates: Gate: the secret key.
create function private.list_call_rates(p_hours integer)
returns setof public.call_rate
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_hours is null or p_hours not between 1 and 2160 then
    perform private.fail(
      'invalid_argument', 'Counts are kept for 2,160 hours.', 422, pg_catalog.jsonb_build_object('field', 'p_hours', 'max', 2160)
    );
  end if;

  return query
  with counts as materialized (
    select c.source, c.function, c.code, c.latency_bucket, pg_catalog.sum(c.calls)::bigint as calls
    from private.call_counts c
    where c.slot_at > pg_catalog.now() - pg_catalog.make_interval(hours => p_hours)
    group by c.source, c.function, c.code, c.latency_bucket
  ),
  successes as (
    select
      c.source, c.function, c.latency_bucket,
      pg_catalog.sum(c.calls) over (partition by c.source, c.function order by c.latency_bucket) as up_to,
      pg_catalog.sum(c.calls) over (partition by c.source, c.function) as total
    from counts c
    where c.code = ''
  ),
  percentiles as (
    select
      s.source, s.function,
      private.bucket_latency(pg_catalog.min(s.latency_bucket) filter (where s.up_to >= s.total * 0.5)) as p50_ms,
      private.bucket_latency(pg_catalog.min(s.latency_bucket) filter (where s.up_to >= s.total * 0.95)) as p95_ms,
      private.bucket_latency(pg_catalog.min(s.latency_bucket) filter (where s.up_to >= s.total * 0.99)) as p99_ms
    from successes s
    group by s.source, s.function
  ),
  by_code as (
    select c.source, c.function, c.code, coalesce(k.is_fault, true) as is_fault, pg_catalog.sum(c.calls)::bigint as calls
    from counts c
    left join private.error_codes k on k.code = c.code
    group by c.source, c.function, c.code, k.is_fault
  ),
  totals as (
    select
      b.source, b.function,
      pg_catalog.sum(b.calls)::bigint as calls,
      coalesce(pg_catalog.sum(b.calls) filter (where b.code <> '' and not b.is_fault), 0)::bigint as refused,
      coalesce(pg_catalog.sum(b.calls) filter (where b.code <> '' and b.is_fault), 0)::bigint as faults,
      coalesce(pg_catalog.jsonb_object_agg(b.code, b.calls) filter (where b.code <> ''), '{}'::jsonb) as codes
    from by_code b
    group by b.source, b.function
  )
  select
    t.source, t.function, t.calls, pg_catalog.round(t.calls / (p_hours * 3600.0), 4)::double precision, t.refused, t.faults, t.codes,
    p.p50_ms, p.p95_ms, p.p99_ms, o.objective::double precision,
    pg_catalog.round(1 - t.faults / (t.calls * (100 - o.objective) / 100), 4)::double precision
  from totals t
  left join percentiles p on p.source = t.source and p.function = t.function
  cross join lateral (
    select coalesce((select r.objective from private.recorded_operations r where r.name = t.function), 99.9) as objective
  ) o
  order by t.source desc, t.faults desc, t.calls desc, t.function;
end
$$;

revoke all on function private.list_call_rates(integer) from public, anon, authenticated, service_role;
grant execute on function private.list_call_rates(integer) to service_role;

create function public.list_call_rates(p_hours integer default 1)
returns setof public.call_rate
language sql stable security invoker set search_path = ''
as $$ select * from private.list_call_rates(p_hours); $$;

comment on function public.list_call_rates(integer) is
$$Returns how every function that was called did in the last hours: rate, failures by code, latencies and error budget. Servers' first, and
of those what fails most. Needs the secret key.
@param p_hours how far back, 1 to 2,160
@errors invalid_argument$$;

revoke all on function public.list_call_rates(integer) from public, anon, authenticated, service_role;
grant execute on function public.list_call_rates(integer) to service_role;

-- schemas/platform/call_rates.sql

-- call_rates: for the SQL console, the last hour and the last day. See list_call_rates, which has any window.
create view private.call_rates with (security_invoker = true) as
select w.name as period, r.*
from (values ('hour', 1), ('day', 24)) as w (name, hours)
cross join lateral private.list_call_rates(w.hours) r;

revoke all on table private.call_rates from public, anon, authenticated, service_role;

-- schemas/platform/sweep_calls.sql

-- sweep_calls: what is kept of calls, for how long. In bounded batches, every five minutes.
-- - Counts: in slots of 5 minutes for two days, to see when something began; then in hours, which are a tenth of the rows; for 90
--   days, a quarter to compare with the one before.
-- - Single failures: 14 days, as long as somebody comes back with a request id. Of clients that is less than a million, about 200 MB.
-- - Batches: a day. Adapters give up a batch after minutes.
create function private.sweep_calls(p_batch integer default 50000)
returns void
language sql volatile security definer set search_path = ''
as $$
  -- One hour at a time, whole.
  with hours as (
    select pg_catalog.date_bin('1 hour', c.slot_at, '2000-01-01 00:00:00+00') as at
    from private.call_counts c
    where c.slot_at < pg_catalog.now() - interval '49 hours'
      and c.slot_at <> pg_catalog.date_bin('1 hour', c.slot_at, '2000-01-01 00:00:00+00')
    order by c.slot_at
    limit 1
  ),
  moved as (
    delete from private.call_counts c
    using hours h
    where c.slot_at > h.at and c.slot_at < h.at + interval '1 hour'
    returning h.at, c.source, c.function, c.code, c.latency_bucket, c.calls
  )
  insert into private.call_counts as c (slot_at, source, function, code, latency_bucket, calls)
  select m.at, m.source, m.function, m.code, m.latency_bucket, pg_catalog.sum(m.calls)::bigint
  from moved m
  group by m.at, m.source, m.function, m.code, m.latency_bucket
  on conflict (slot_at, source, function, code, latency_bucket) do update set calls = c.calls + excluded.calls;

  delete from private.call_counts c
  where c.ctid = any (array(
    select s.ctid from private.call_counts s where s.slot_at < pg_catalog.now() - interval '90 days' order by s.slot_at limit p_batch
  ));

  delete from private.call_failures f
  where f.id in (
    select s.id from private.call_failures s
    where s.recorded_at < pg_catalog.now() - interval '14 days'
    order by s.recorded_at
    limit p_batch
  );

  delete from private.recorded_batches b
  where b.id in (
    select s.id from private.recorded_batches s
    where s.recorded_at < pg_catalog.now() - interval '1 day'
    order by s.recorded_at
    limit p_batch
  );
$$;

revoke all on function private.sweep_calls(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_calls', '*/5 * * * *', 'select private.sweep_calls()');
