-- realtime.messages and the functions that write to it: broadcast from the database.
--
-- A row is one broadcast. Realtime (here: the relay) pushes every committed row to the subscribers of its topic, and
-- authorises a subscriber by trying to read and to write rows as that user, so the policies on this table decide.

create schema if not exists realtime;
alter schema realtime owner to supabase_admin;
grant usage on schema realtime to anon, authenticated, service_role;
grant usage on schema realtime to postgres with grant option;
grant all on schema realtime to supabase_realtime_admin;

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  primary key (id, inserted_at),
  constraint messages_payload_exclusive check (payload is null or binary_payload is null)
) partition by range (inserted_at);

alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
create index if not exists messages_inserted_at_topic_index
  on realtime.messages (inserted_at desc, topic)
  where extension = 'broadcast' and private is true;

grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant select, insert on realtime.messages to postgres with grant option;
grant update, delete, truncate, references, trigger on realtime.messages to postgres;

-- The name of the topic being joined or sent to, without its "realtime:" prefix; null outside of that.
create or replace function realtime.topic() returns text
language sql
stable
as $$
  select nullif(current_setting('realtime.topic', true), '')
$$;

-- Writes one broadcast. It never fails its caller: whatever goes wrong becomes a warning, and the message is lost while
-- the transaction goes on. The topic stays set for the rest of the transaction, so policies asked later in the same
-- transaction see it too. Runs with the caller's rights.
create or replace function realtime.send(
  payload jsonb,
  event text,
  topic text,
  private boolean default true
) returns void
language plpgsql
as $$
declare
  message_id uuid := gen_random_uuid();
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (id, topic, extension, event, private, payload)
  values (
    message_id,
    topic,
    'broadcast',
    event,
    private,
    -- Fails for an array or a bare value, which cannot take the key; null stays null.
    case
      when payload ? 'id' then payload
      else jsonb_set(payload, array['id'], to_jsonb(message_id))
    end
  );
exception
  when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end
$$;

-- The same for bytes, which take no id key.
create or replace function realtime.send_binary(
  payload bytea,
  event text,
  topic text,
  private boolean default true
) returns void
language plpgsql
as $$
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (topic, extension, event, private, binary_payload)
  values (topic, 'broadcast', event, private, payload);
exception
  when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end
$$;

-- Broadcasts a row change from a row trigger, always private. Unlike send it fails the write when it is misused.
create or replace function realtime.broadcast_changes(
  topic_name text,
  event_name text,
  operation text,
  table_name text,
  table_schema text,
  new record,
  old record,
  level text default 'ROW'
) returns void
language plpgsql
as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  if operation is null or operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'Unexpected operation type: %', operation;
  end if;
  perform realtime.send(
    jsonb_build_object(
      'operation', operation,
      'schema', table_schema,
      'table', table_name,
      'record', new,
      'old_record', old
    ),
    event_name,
    topic_name
  );
end
$$;

-- One partition per UTC day, from yesterday to three days ahead; those that ended 72 hours ago go. On a hosted project
-- the Realtime service does this when it connects and from time to time; here the local stack calls it at its start and
-- every hour. Without a partition for today every broadcast is lost.
create or replace function realtime.ensure_partitions() returns void
language plpgsql
set search_path = ''
as $$
declare
  today date := (statement_timestamp() at time zone 'UTC')::date;
  day date;
  old name;
begin
  for day in select generate_series(today - 1, today + 3, interval '1 day')::date loop
    if to_regclass(format('realtime.messages_%s', to_char(day, 'YYYY_MM_DD'))) is null then
      execute format(
        'create table realtime.%I partition of realtime.messages for values from (%L) to (%L)',
        'messages_' || to_char(day, 'YYYY_MM_DD'), day::timestamp, (day + 1)::timestamp
      );
      execute format(
        'alter table realtime.%I owner to supabase_realtime_admin',
        'messages_' || to_char(day, 'YYYY_MM_DD')
      );
    end if;
  end loop;
  for old in
    select c.relname
    from pg_catalog.pg_inherits as i
    join pg_catalog.pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'realtime.messages'::regclass
      and c.relname ~ '^messages_\d{4}_\d{2}_\d{2}$'
      and to_date(right(c.relname, 10), 'YYYY_MM_DD') < today - 3
    order by c.relname
  loop
    execute format('drop table realtime.%I', old);
  end loop;
end
$$;
comment on function realtime.ensure_partitions is
'Only in the local shim: makes and drops the daily partitions, as the Realtime service does on a hosted project.';
revoke all on function realtime.ensure_partitions() from public;

select realtime.ensure_partitions();
