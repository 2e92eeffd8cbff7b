begin;
select plan(18);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');
create function pg_temp.told(p_name text) returns bigint language sql security definer as
$$ select count(*) from broadcasts where topic = 'user:' || md5(p_name)::uuid and event = 'preferences_changed' $$;

select pg_temp.become('ann');
select is((my_preferences()).direct_from, 'members', 'whoever has chosen nothing is written to by those they share a community with');
select is((update_my_preferences()).direct_from, 'members', 'what is left out stays');
reset role;
select is_empty($$ select from private.preferences where user_id = md5('ann')::uuid $$, 'and is no choice');
select pg_temp.become('ann');
select is((update_my_preferences('friends')).direct_from, 'friends', 'a choice is answered');
select is((my_preferences()).direct_from, 'friends', 'and kept');
select is(pg_temp.told('ann'), 1::bigint, 'one''s other devices hear of it');
reset role;
select results_eq(
  $$ select payload - 'id' from broadcasts where topic = 'user:' || md5('ann')::uuid $$, $$ values ('{"direct_from": "friends"}'::jsonb) $$, 'with what is chosen now'
);
select pg_temp.become('ann');
select is((update_my_preferences('friends')).direct_from, 'friends', 'the same choice again is answered');
select is((update_my_preferences(null)).direct_from, 'friends', 'so is none, which leaves it');
select is(pg_temp.told('ann'), 1::bigint, 'and neither is told');
select is((update_my_preferences('nobody')).direct_from, 'nobody', 'another one replaces it');
select is(pg_temp.told('ann'), 2::bigint, 'and is told');
select is(pg_temp.refused_field('select update_my_preferences(''everybody'')'), 'PT422 invalid_argument p_direct_from', 'what is no choice is refused');

select pg_temp.become('bob');
select is((my_preferences()).direct_from, 'members', 'one''s choice is nobody else''s');
select is(pg_temp.told('bob'), 0::bigint, 'and told nobody else');
reset role;
select is(private.direct_from(md5('ann')::uuid), 'nobody', 'the server asks it of anybody');
select is(private.direct_from(md5('bob')::uuid), 'members', 'and knows what holds without');
select is(private.direct_from(md5('nobody at all')::uuid), 'members', 'also for who is not there');

select * from finish();
rollback;
