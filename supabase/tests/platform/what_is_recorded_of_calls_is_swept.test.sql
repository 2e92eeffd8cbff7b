begin;
select plan(6);

-- A running project has recorded calls already, and records others meanwhile.
lock table private.call_counts, private.call_failures, private.recorded_batches in exclusive mode;
delete from private.call_counts where true;
delete from private.call_failures where true;
delete from private.recorded_batches where true;

-- Three days ago, in one hour: a slot at its beginning and two later, one of which says the same.
select set_config('test.hour', (date_bin('1 hour', now(), '2000-01-01 00:00:00+00') - interval '72 hours')::text, true);
insert into private.call_counts (slot_at, source, function, code, latency_bucket, calls)
select current_setting('test.hour')::timestamptz + make_interval(mins => m), 'client', 'send_message', c, b, n
from (values (0, '', 20, 1), (5, '', 20, 10), (55, '', 20, 100), (55, 'timeout', 50, 1000), (65, '', 20, 10000)) as s (m, c, b, n);
insert into private.call_counts (slot_at, source, function, code, latency_bucket, calls) values
  (now() - interval '1 day', 'client', 'send_message', '', 20, 1), (now() - interval '91 days', 'client', 'edit_message', '', 20, 1),
  (now() - interval '89 days', 'client', 'edit_message', '', 21, 1);
insert into private.call_failures (recorded_at, source, function, code, latency_ms) values
  (now() - interval '15 days', 'client', 'send_message', 'old', 1), (now() - interval '13 days', 'client', 'send_message', 'recent', 1);
insert into private.recorded_batches (id, recorded_at) values
  ('a0000000-0000-4000-8000-000000000001', now() - interval '25 hours'), ('a0000000-0000-4000-8000-000000000002', now() - interval '23 hours');
-- The oldest hour of slots comes first; each run takes one. That of 89 days ago has one, too.
select private.sweep_calls() from generate_series(1, 4);

select results_eq(
  $$ select slot_at, code, calls from private.call_counts where function = 'send_message' and slot_at < now() - interval '2 days' order by slot_at, code $$,
  $$ select current_setting('test.hour')::timestamptz + make_interval(hours => h), c, n
     from (values (0, '', 111::bigint), (0, 'timeout', 1000), (1, '', 10000)) as s (h, c, n) $$,
  'after two days slots are one an hour, and nothing is lost'
);
select is(
  (select count(*) from private.call_counts where slot_at = now() - interval '1 day'), 1::bigint, 'slots of yesterday stay as they are'
);
select results_eq(
  $$ select latency_bucket from private.call_counts where function = 'edit_message' $$, $$ values (21::smallint) $$, 'counts are kept for 90 days'
);
select results_eq($$ select code from private.call_failures $$, $$ values ('recent') $$, 'failures are kept for 14 days');
select results_eq(
  $$ select id from private.recorded_batches $$, $$ values ('a0000000-0000-4000-8000-000000000002'::uuid) $$, 'batches for a day'
);

insert into private.call_failures (recorded_at, source, function, code, latency_ms)
select now() - interval '15 days', 'client', 'send_message', 'old', 1 from generate_series(1, 5);
select private.sweep_calls(2);
select is((select count(*) from private.call_failures where code = 'old'), 3::bigint, 'a sweep takes no more than its batch');

select * from finish();
rollback;
