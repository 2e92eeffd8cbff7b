begin;
select plan(20);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'staff');
select grant_staff_role(md5('staff')::uuid, 'admin');
-- A running project has recorded calls already, and records others meanwhile.
lock table private.call_counts, private.call_failures in exclusive mode;
delete from private.call_counts where true;
delete from private.call_failures where true;

create function pg_temp.rate(p_function text, p_hours integer default 1, p_source text default 'server') returns public.call_rate language sql as
$$ select r from list_call_rates(p_hours) r where r.function = p_function and r.source = p_source $$;
create function pg_temp.is_close(p_ms integer, p_true numeric) returns boolean language sql as $$ select p_ms between p_true * 0.9 and p_true * 1.1 $$;

-- 1,000 sends of 1 to 1,000 ms, 3 refused, 2 by our fault; as a server, so without limits.
select set_config('request.jwt.claims', '{"role": "service_role"}', true);
set local role service_role;
select record_calls(gen_random_uuid(), (
  select jsonb_agg(jsonb_build_object('function', 'send_message', 'latency_ms', h * 100 + n)) from generate_series(1, 100) as n
)) from generate_series(0, 9) as h;
select record_calls(gen_random_uuid(), (
  select jsonb_agg(jsonb_build_object('function', 'send_message', 'code', code, 'latency_ms', 599999))
  from unnest(array['rate_limited', 'rate_limited', 'missing_permission', 'internal', 'nobody_knows']) as code
));

select is((pg_temp.rate('send_message')).calls, 1005::bigint, 'every call is counted');
select is((pg_temp.rate('send_message')).calls_per_second, round(1005 / 3600.0, 4)::double precision, 'in a window of an hour');
select ok(pg_temp.is_close((pg_temp.rate('send_message')).p50_ms, 500), 'half took at most 500 ms, within 10 %');
select ok(pg_temp.is_close((pg_temp.rate('send_message')).p95_ms, 950), '95 of 100 at most 950 ms');
select ok(pg_temp.is_close((pg_temp.rate('send_message')).p99_ms, 990), '99 of 100 at most 990 ms, however long the failures took');
select is((pg_temp.rate('send_message')).refused, 3::bigint, 'what callers are rightly told is no fault');
select is((pg_temp.rate('send_message')).faults, 2::bigint, 'what nobody foresaw is one');
select is(
  (pg_temp.rate('send_message')).codes, '{"rate_limited": 2, "missing_permission": 1, "internal": 1, "other": 1}', 'failures are told by code'
);
select is((pg_temp.rate('send_message')).objective, 99.9::double precision, 'a function has 99.9 %');
select is((pg_temp.rate('send_message')).budget_left, round(1 - 2 / 1.005, 4)::double precision, 'of which two faults are more than 1,005 calls allow');

reset role;
insert into private.recorded_operations (name, objective, description) values ('send_message', 99, 'For this test');
set local role service_role;
select is((pg_temp.rate('send_message')).budget_left, round(1 - 2 / 10.05, 4)::double precision, 'an operator gives it another objective');

-- Sources do not mix, and windows end.
select is((pg_temp.rate('send_message', 1, 'client')) is null, true, 'what clients claim is not among what servers say');
reset role;
insert into private.call_counts (slot_at, source, function, code, latency_bucket, calls) values
  (now() - interval '2 hours', 'server', 'list_messages', '', 0, 3),
  (now() - interval '2 hours', 'server', 'edit_message', 'timeout', 50, 1);
set local role service_role;
select is((pg_temp.rate('list_messages')) is null, true, 'what was called two hours ago is not in the last one');
select is(
  (pg_temp.rate('edit_message', 24))::text, '(server,edit_message,1,0,0,1,"{""timeout"": 1}",,,,99.9,-999)',
  'but in the last day; without a success there are no latencies'
);
select is(
  array[pg_temp.refused_field('select list_call_rates(0)'), pg_temp.refused_field('select list_call_rates(2161)'), pg_temp.refused_field('select list_call_rates(null)')],
  array_fill('PT422 invalid_argument p_hours'::text, array[3]), 'a window is at least an hour and no longer than counts are kept'
);

reset role;
select set_eq(
  $$ select period, function, calls from private.call_rates $$,
  $$ values ('hour', 'send_message', 1005::bigint), ('day', 'send_message', 1005), ('day', 'list_messages', 3), ('day', 'edit_message', 1) $$,
  'the view has the last hour and the last day'
);

-- And nobody else.
select pg_temp.become('ann');
select is(pg_temp.refusal('select list_call_rates()'), '42501', 'who is signed in is refused');
select pg_temp.become('staff');
select is(pg_temp.refusal('select list_call_rates()'), '42501', 'so are staff: it is the operator''s');
select is(pg_temp.refusal('select * from private.call_rates'), '42501', 'also behind the function');
set local role anon;
select is(pg_temp.refusal('select list_call_rates()'), '42501', 'and whoever has only the publishable key');

select * from finish();
rollback;
