begin;
select plan(36);
\ir ../shared.psql

select pg_temp.sign_up('ann');
-- A running project has recorded calls already, and records others meanwhile.
lock table private.rate_limits, private.call_counts, private.call_failures, private.recorded_batches in exclusive mode;
delete from private.call_counts where true;
delete from private.call_failures where true;
delete from private.recorded_batches where true;
delete from private.rate_limits where true;

create function pg_temp.anonymous(p_headers text default null) returns void language sql as $$
  select set_config('role', 'anon', true), set_config('request.jwt.claim.sub', '', true),
    set_config('request.jwt.claims', '{"role": "anon"}', true), set_config('request.headers', coalesce(p_headers, ''), true);
$$;
create function pg_temp.record(p_calls jsonb, p_batch_id uuid default gen_random_uuid()) returns void language sql as
$$ select record_calls(p_batch_id, p_calls) $$;
-- A call as an adapter tells it, with something else about it.
create function pg_temp.a_call(p_more jsonb default '{}') returns jsonb language sql as
$$ select jsonb_build_array('{"function": "send_message", "code": null, "latency_ms": 40}'::jsonb || p_more) $$;
create function pg_temp.counted(p_source text, p_function text, p_code text default '') returns bigint language sql security definer as $$
  select coalesce(sum(c.calls), 0)::bigint from private.call_counts c where c.source = p_source and c.function = p_function and c.code = p_code
$$;
create function pg_temp.kept() returns bigint language sql security definer as
$$ select sum(c.calls)::bigint from private.call_counts c where c.function <> 'unknown' $$;

-- Who may, and whose word it is.
select pg_temp.become('ann');
select pg_temp.record(pg_temp.a_call());
select is(pg_temp.counted('client', 'send_message'), 1::bigint, 'a member''s adapter records a call');
select pg_temp.anonymous();
select pg_temp.record(pg_temp.a_call('{"function": "auth.sign_in", "code": "invalid_credentials"}'));
select is(pg_temp.counted('client', 'auth.sign_in', 'invalid_credentials'), 1::bigint, 'and so does one of who could not sign in');
reset role;
select set_config('request.jwt.claims', '{"role": "service_role"}', true);
set local role service_role;
select pg_temp.record(pg_temp.a_call('{"function": "gateway.chat_send", "code": "internal"}'));
select is(pg_temp.counted('server', 'gateway.chat_send', 'internal'), 1::bigint, 'what the secret key records is the server''s');
select pg_temp.become('ann');
select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid, 'role', 'service_role', 'source', 'server')::text, true);
select pg_temp.record(pg_temp.a_call('{"source": "server"}'));
select is(pg_temp.counted('server', 'send_message'), 0::bigint, 'nobody else''s is, whatever they say');
select is(pg_temp.counted('client', 'send_message'), 2::bigint, 'which is a client''s claim');

-- What is written of a failure, and what is not.
select pg_temp.become('ann');
select pg_temp.record(pg_temp.a_call(jsonb_build_object(
  'function', 'redeem_invite', 'code', 'expired', 'latency_ms', 12.6, 'contract_version', repeat('ab', 32),
  'request_id', 'a0000000-0000-4000-8000-000000000001', 'body', 'secret words', 'token', 'secret words'
)));
reset role;
select results_eq(
  $$ select source, function, code, latency_ms, contract_version, request_id from private.call_failures where function = 'redeem_invite' $$,
  $$ values ('client', 'redeem_invite', 'expired', 13, repeat('ab', 32), 'a0000000-0000-4000-8000-000000000001'::uuid) $$,
  'a failure is found by its request id, with code, latency and contract version'
);
select is(
  (select count(*) from private.call_failures f where f::text like '%secret words%' or f::text like '%' || md5('ann')::uuid || '%'), 0::bigint,
  'and with nothing else: not who, not what'
);
select is_empty($$ select * from private.call_failures where code = '' $$, 'successes are only counted');

-- Once.
select pg_temp.become('ann');
select pg_temp.record(pg_temp.a_call('{"function": "list_messages", "calls": 7}'), 'b0000000-0000-4000-8000-000000000001');
select pg_temp.record(pg_temp.a_call('{"function": "list_messages", "calls": 7}'), 'b0000000-0000-4000-8000-000000000001');
select is(pg_temp.counted('client', 'list_messages'), 7::bigint, 'a batch that comes again counts once, with all that its records stand for');

-- Bad input takes nothing with it.
select pg_temp.record(pg_temp.a_call('{"function": "list_unread"}') || pg_temp.a_call(bad) || pg_temp.a_call('{"function": "list_topics"}'))
from unnest(array[
  '{"function": "no_such_function"}', '{"function": "pg_sleep"}', '{"function": null}', '{"function": 7}', '{"function": ""}',
  '{"function": "send_message''; drop table x"}', '{"code": "Not A Slug"}', '{"code": 500}', '{"code": {}}', '{"latency_ms": -1}',
  '{"latency_ms": 600001}', '{"latency_ms": "40"}', '{"latency_ms": null}', '{"latency_ms": 1e300}', '{"calls": 0}', '{"calls": 1.5}',
  '{"calls": 10001}', '{"calls": "2"}', '{"code": "internal", "calls": 2}', '{"contract_version": "1.0"}', '{"request_id": "x"}',
  '{"request_id": 1}'
]::jsonb[]) as bad;
select is(
  array[pg_temp.counted('client', 'list_unread'), pg_temp.counted('client', 'list_topics'), pg_temp.counted('client', 'unknown', 'invalid_argument')],
  array[22, 22, 22]::bigint[], 'a record that cannot be kept is counted as unknown, and those beside it are kept'
);
select pg_temp.record(('"' || repeat('x', 70) || '"')::jsonb || '[1, null, true, [], "x"]');
select is(pg_temp.counted('client', 'unknown', 'invalid_argument'), 28::bigint, 'so is what is no record at all');
reset role;
select is_empty(
  $$ select * from private.call_counts where function <> 'unknown' and function not in ('send_message', 'auth.sign_in', 'gateway.chat_send', 'redeem_invite', 'list_messages', 'list_unread', 'list_topics') $$,
  'no name enters that the database does not know'
);

-- A name longer than the database's own are is none of them, although its beginning is.
select pg_temp.become('ann');
select pg_temp.record(pg_temp.a_call(jsonb_build_object('function', 'send_message' || repeat('_', 60))));
select is(pg_temp.counted('client', 'unknown', 'invalid_argument'), 29::bigint, 'nor one that only begins like a known one');

select is(pg_temp.refused_field($$ select pg_temp.record(null) $$), 'PT422 invalid_argument p_calls', 'no list is refused');
select is(pg_temp.refused_field($$ select pg_temp.record('{}') $$), 'PT422 invalid_argument p_calls', 'and what is no list');
select is(pg_temp.refused_field($$ select pg_temp.record('[]') $$), 'PT422 invalid_argument p_calls', 'and an empty one');
select is(
  pg_temp.refused_field($$ select pg_temp.record((select jsonb_agg(1) from generate_series(1, 101))) $$), 'PT422 invalid_argument p_calls',
  'and one of more than 100'
);
select is(
  pg_temp.refusal($$ select pg_temp.record((select jsonb_agg(pg_temp.a_call() -> 0) from generate_series(1, 100))) $$), 'none', '100 are taken'
);
select is(
  pg_temp.refused_field($$ select pg_temp.record(pg_temp.a_call(jsonb_build_object('more', repeat('x', 70000)))) $$),
  'PT422 invalid_argument p_calls', 'and one that is too large is refused'
);
select is(pg_temp.refused_field($$ select record_calls(null, pg_temp.a_call()) $$), 'PT422 invalid_argument p_batch_id', 'and one without an id');

-- What a stranger makes up is bounded.
select pg_temp.record(pg_temp.a_call(jsonb_build_object('code', 'made_up_' || n))) from generate_series(1, 30) as n;
reset role;
select is(
  (select count(distinct code) from private.call_counts where code like 'made_up%' or code = 'other'), 1::bigint,
  'codes that nobody listed are counted as one'
);
select is((select count(*) from private.call_failures where code like 'made_up%'), 20::bigint, 'of one kind 20 are kept one by one');
select pg_temp.become('ann');
select is(pg_temp.counted('client', 'send_message', 'other'), 30::bigint, 'and all are counted');

-- Limits: two calls each from here on.
reset role;
update private.rate_limit_catalog set capacity = 2, period = '1 day' where key like 'call_report%';
delete from private.rate_limits where true;
select set_config('test.kept', pg_temp.kept()::text, true);
select pg_temp.become('ann');
select pg_temp.record(pg_temp.a_call()) from generate_series(1, 2);
select is(
  pg_temp.refusal('select pg_temp.record(pg_temp.a_call())', 'limit'), 'PT429 rate_limited call_report', 'a user records so often and no more'
);
select pg_temp.anonymous('{"x-forwarded-for": "6.6.6.6, 203.0.113.9"}');
select pg_temp.record(pg_temp.a_call()) from generate_series(1, 2);
select is(
  pg_temp.refusal('select pg_temp.record(pg_temp.a_call())', 'limit'), 'PT429 rate_limited call_report_address', 'and so does an address'
);
select pg_temp.anonymous('{"x-forwarded-for": "7.7.7.7, 203.0.113.9"}');
select is(
  pg_temp.refusal('select pg_temp.record(pg_temp.a_call())', 'limit'), 'PT429 rate_limited call_report_address', 'which a client cannot choose'
);
select pg_temp.anonymous('{"x-forwarded-for": "203.0.113.10"}');
select is(pg_temp.refusal('select pg_temp.record(pg_temp.a_call())'), 'none', 'another address has its own');
select pg_temp.anonymous();
select pg_temp.record(pg_temp.a_call()) from generate_series(1, 2);
select is(
  pg_temp.refusal('select pg_temp.record(pg_temp.a_call())', 'limit'), 'PT429 rate_limited call_report_address', 'who comes from nowhere has one with all of those'
);
reset role;
select is(pg_temp.kept() - current_setting('test.kept')::bigint, 7::bigint, 'what was refused was not counted');
set local role service_role;
select set_config('request.jwt.claims', '{"role": "service_role"}', true), set_config('request.jwt.claim.sub', '', true);
select pg_temp.record(pg_temp.a_call()) from generate_series(1, 5);
select is(pg_temp.counted('server', 'send_message'), 5::bigint, 'the secret key has no limit');

-- The publishable key may do this and nothing else in private.
reset role;
select results_eq(
  $$ select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'private'::regnamespace and has_function_privilege('anon', p.oid, 'execute') $$,
  $$ values ('private.record_calls(uuid,jsonb)') $$,
  'the publishable key calls nothing else behind the API'
);

-- A flood of claims.
reset role;
delete from private.call_counts where true;
delete from private.call_failures where true;
delete from private.rate_limits where true;
update private.rate_limit_catalog set capacity = 1000, period = '1 minute' where key like 'call_report%';
-- Whatever the clock's slot is.
create function pg_temp.flood(p_from integer, p_to integer, p_code text) returns void language sql as $$
  select public.record_calls(gen_random_uuid(), jsonb_agg(jsonb_build_object('function', f.name, 'latency_ms', l.ms, 'code', p_code, 'request_id', gen_random_uuid())))
  from generate_series(p_from, p_to) as n
  cross join lateral (select name from (select distinct p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace) p order by name offset n % 50 limit 1) f
  cross join lateral (select round(1.3 ^ (n / 50))::integer as ms) l
  group by n / 100
$$;
set local role service_role;
select record_calls(gen_random_uuid(), '[{"function": "send_message", "latency_ms": 1, "code": "internal", "request_id": "00000000-0000-4000-8000-000000000001"}]');
set local role authenticated;
select pg_temp.flood(0, 2299, null);
select pg_temp.flood(0, 49, 'not_found');
reset role;
select cmp_ok(
  (select count(*) from (select slot_at from private.call_counts where source = 'client' and function <> 'unknown' group by slot_at having count(*) > 2100) s), '=', 0::bigint,
  'clients open no more kinds in a slot than there is room for'
);
select is((select sum(calls) from private.call_counts where source = 'client'), 2350::numeric, 'and what is more is counted all the same');
select is((select count(*) from private.call_counts where source = 'client' and code = 'not_found' and latency_bucket <> 0), 0::bigint, 'of failures no latency is counted');
select is((select count(*) from private.call_failures where source = 'server'), 1::bigint, 'the server''s failures stay');
set local role authenticated;
select pg_temp.flood(n, n + 99, 'conflict') from generate_series(0, 900, 100) as n;
reset role;
select cmp_ok((select count(*) from private.call_failures where source = 'client'), '<=', 600::bigint, 'and of clients'' single ones only so many are kept');

select * from finish();
rollback;
