begin;
select plan(16);

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('three_a_minute', 3, '1 minute', 'For this test'),
  ('one_an_hour', 1, '1 hour', 'For this test');

create function pg_temp.refusal(p_sql text) returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb || jsonb_build_object('state', sqlstate);
end
$$;

select lives_ok($$ select private.take_token('three_a_minute', 'ann') $$, 'the first call of three is allowed');
select lives_ok($$ select private.take_token('three_a_minute', 'ann') $$, 'the second is allowed');
select lives_ok($$ select private.take_token('three_a_minute', 'ann') $$, 'the third, the last, is allowed');

create temp table refused as
select pg_temp.refusal($$ select private.take_token('three_a_minute', 'ann') $$) as detail;

select is(
  (select detail - 'retry_after' from refused),
  '{"state": "PT429", "code": "rate_limited", "limit": "three_a_minute"}', 'the fourth is refused'
);
select ok(
  (select (detail ->> 'retry_after')::numeric > 15 and (detail ->> 'retry_after')::numeric <= 20 from refused),
  'retry_after is the time until one call comes back: a third of the period, in seconds'
);
select lives_ok($$ select private.take_token('three_a_minute', 'bob') $$, 'another subject is not charged for it');
select lives_ok($$ select private.take_token('one_an_hour', 'ann') $$, 'another limit of the same subject is not charged for it');
select is(
  pg_temp.refusal($$ select private.take_token('one_an_hour', 'ann') $$) ->> 'code',
  'rate_limited', 'a capacity of one allows one'
);

-- Twenty seconds pass.
update private.rate_limits set full_at = full_at - interval '20 seconds' where subject = 'ann' and limit_key = 'three_a_minute';
select lives_ok($$ select private.take_token('three_a_minute', 'ann') $$, 'after a third of the period one call is back');
select is(
  pg_temp.refusal($$ select private.take_token('three_a_minute', 'ann') $$) ->> 'code',
  'rate_limited', 'and only one'
);

-- A day passes: the bucket is full, and never more than full.
update private.rate_limits set full_at = full_at - interval '1 day' where subject = 'ann' and limit_key = 'three_a_minute';
do $$ begin for i in 1..3 loop perform private.take_token('three_a_minute', 'ann'); end loop; end $$;
select is(
  pg_temp.refusal($$ select private.take_token('three_a_minute', 'ann') $$) ->> 'code',
  'rate_limited', 'calls not made are not saved up beyond the capacity'
);

update private.rate_limit_catalog set capacity = 30 where key = 'three_a_minute';
select ok(
  (pg_temp.refusal($$ select private.take_token('three_a_minute', 'ann') $$) ->> 'retry_after')::numeric <= 2,
  'the next call follows a changed limit: with ten times the capacity one call is back in a tenth of the time'
);

-- A call that counts for more than one.
update private.rate_limit_catalog set capacity = 3 where key = 'three_a_minute';
select lives_ok($$ select private.take_token('three_a_minute', 'cem', 2) $$, 'a call may count for two');
select is(
  round((pg_temp.refusal($$ select private.take_token('three_a_minute', 'cem', 2) $$) ->> 'retry_after')::numeric, -1), 20::numeric,
  'two more wait until both are there'
);
select lives_ok($$ select private.take_token('three_a_minute', 'cem') $$, 'and what was refused took nothing: one more is allowed');

select is(
  pg_temp.refusal($$ select private.take_token('nobody_declared_this', 'ann') $$),
  '{"state": "PT500", "code": "internal", "limit": "nobody_declared_this"}', 'a limit that is not declared refuses'
);

select * from finish();
rollback;
