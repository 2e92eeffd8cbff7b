begin;
select plan(13);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');
select pg_temp.become('ann');
select create_community('Rust'), create_community('Go');
select set_config('test.rust', (create_invite(pg_temp.community('Rust'))).code, true);
select set_config('test.go', (create_invite(pg_temp.community('Go'))).code, true);
reset role;
select pg_temp.refill();
update private.rate_limit_catalog set capacity = 1, period = '1 day' where key = 'community_join_total';

select pg_temp.become('bob');
select is(redeem_invite(current_setting('test.rust')) ->> 'name', 'Rust', 'the first one joins');
select is(redeem_invite(current_setting('test.rust')) ->> 'name', 'Rust', 'who is a member already uses nothing up');
select pg_temp.become('cleo');
select is(
  pg_temp.refusal(format('select redeem_invite(%L)', current_setting('test.rust')), 'limit'),
  'PT429 rate_limited community_join_total', 'after as many joins as a community takes nobody else joins'
);
select is(redeem_invite(current_setting('test.go')) ->> 'name', 'Go', 'another community they do');
reset role;

-- From where a request comes, as it counts.
create function pg_temp.address(p_headers jsonb) returns text language sql as $$
  select set_config('request.headers', p_headers::text, true);
  select private.request_address();
$$;
select is(pg_temp.address('{"cf-connecting-ip": "203.0.113.7", "x-forwarded-for": "198.51.100.1"}'), '203.0.113.7', 'what the edge says comes first');
select is(pg_temp.address('{"x-forwarded-for": "6.6.6.6, 198.51.100.1"}'), '198.51.100.1', 'of a list the last one: the others are the caller''s');
select is(pg_temp.address('{"cf-connecting-ip": "2001:db8:1:2:3:4:5:6"}'), '2001:db8:1:2::/64', 'an IPv6 address counts as its network');
select is(
  pg_temp.address('{"cf-connecting-ip": "2001:db8:1:2::ffff"}'), pg_temp.address('{"cf-connecting-ip": "2001:0DB8:1:2:9::"}'),
  'and each other one in it as the same'
);
select isnt(pg_temp.address('{"cf-connecting-ip": "2001:db8:1:3::1"}'), '2001:db8:1:2::/64', 'one of the next network does not');
select is(pg_temp.address('{"cf-connecting-ip": "::ffff:203.0.113.7"}'), '203.0.113.7', 'an IPv4 address in the other''s form is what it is');
select is(pg_temp.address('{"x-forwarded-for": "[2001:db8::1]:443"}'), '[2001:db8::1]:443', 'what is no address is taken as it stands');
select is(pg_temp.address('{}'), null, 'where nobody says it there is none');

-- Every limit says for whom it counts, and why it is what it is.
select is_empty(
  $$ select key, description from private.rate_limit_catalog
     where description !~ '^[A-Z][^:]*, per (user|community|community and user|address|member of staff): .+' $$,
  'each limit says whom it counts by, and why'
);

select * from finish();
rollback;
