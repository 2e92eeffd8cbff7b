begin;
select plan(4);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

create function pg_temp.spent(p_limit text, p_subject text) returns integer language sql security definer as $$
  select round(extract(epoch from r.full_at - clock_timestamp()) / extract(epoch from c.period / c.capacity))::integer
  from private.rate_limits r join private.rate_limit_catalog c on c.key = r.limit_key
  where r.limit_key = p_limit and r.subject = p_subject
$$;
select pg_temp.become('bob');
select is(redeem_invite('0000000000000000') ->> 'code', 'PT404', 'a wrong code is refused by an answer');
select preview_invite('0000000000000001');
select is(pg_temp.spent('invite_try', md5('bob')::uuid::text), 2, 'so both tries count for the user');
select set_config('request.headers', '{"x-forwarded-for": "6.6.6.6, 203.0.113.9"}', true);
select redeem_invite('0000000000000002');
select is(pg_temp.spent('invite_try_address', '203.0.113.9'), 1, 'and for the address that the proxy saw, whatever the client says');
select set_config('request.headers', '{"x-forwarded-for": "6.6.6.6", "cf-connecting-ip": "198.51.100.7"}', true);
select redeem_invite('0000000000000003');
select is(pg_temp.spent('invite_try_address', '198.51.100.7'), 1, 'or that the edge saw');

select * from finish();
rollback;
