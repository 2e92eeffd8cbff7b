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
