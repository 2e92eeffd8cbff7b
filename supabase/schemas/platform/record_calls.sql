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
