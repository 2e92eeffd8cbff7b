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
