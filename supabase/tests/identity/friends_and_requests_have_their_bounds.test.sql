begin;
select plan(14);
\ir ../shared.psql
\ir ../friends.psql

-- ann has 999 friends and 99 requests that wait; 1,001 others.
select pg_temp.sign_up_as('ann', 'bob', 'cleo', 'dora');
set local session_replication_role = replica;
insert into auth.users (id, email) select md5('crowd ' || n)::uuid, 'crowd' || n || '@example.com' from generate_series(1, 1100) as n;
insert into public.profiles (id, username, display_name) select md5('crowd ' || n)::uuid, 'crowd_' || n, 'Crowd' from generate_series(1, 1100) as n;
set local session_replication_role = origin;
insert into private.friendships (user_id, friend_id) select md5('ann')::uuid, md5('crowd ' || n)::uuid from generate_series(1, 999) as n;
insert into private.friendships (user_id, friend_id) select md5('crowd ' || n)::uuid, md5('ann')::uuid from generate_series(1, 999) as n;
insert into private.friend_requests (from_id, to_id) select md5('ann')::uuid, md5('crowd ' || n)::uuid from generate_series(1001, 1099) as n;

select pg_temp.become('ann');
select is(request_friend(md5('bob')::uuid) #>> '{}', 'requested', 'the 100th request is made');
select is(pg_temp.refusal('select request_friend(md5(''cleo'')::uuid)', 'max'), 'PT409 limit_reached 100', 'the 101st is not');
select is(request_friend(md5('bob')::uuid) #>> '{}', 'requested', 'what was asked already is answered all the same');
select pg_temp.become('cleo');
select is(request_friend(md5('ann')::uuid) #>> '{}', 'requested', 'whose own are at the limit may be asked');
select pg_temp.become('dora');
select is(request_friend(md5('ann')::uuid) #>> '{}', 'requested', 'by as many as like to');
select pg_temp.become('ann');
select is(request_friend(md5('cleo')::uuid) #>> '{}', 'friends', 'and asks back: that is no request more');
select is(pg_temp.refusal('select accept_friend_request(md5(''dora'')::uuid)', 'user_id'), 'PT409 limit_reached ' || md5('ann')::uuid, 'the 1,000th friend is the last');
select is(pg_temp.between('ann', 'dora'), 'was asked', 'the request waits on');
select cancel_friend_request(md5('bob')::uuid);
select is(pg_temp.refusal('select request_friend(md5(''bob'')::uuid)', 'max'), 'PT409 limit_reached 1000', 'who has no room does not ask either');
reset role;
insert into private.friend_requests (from_id, to_id) select md5('ann')::uuid, md5('bob')::uuid;
select pg_temp.become('bob');
select is(
  pg_temp.refusal('select accept_friend_request(md5(''ann'')::uuid)', 'user_id'), 'PT409 limit_reached ' || md5('ann')::uuid, 'nor is accepted: the answer says whose list is full'
);
select is(pg_temp.refusal('select request_friend(md5(''ann'')::uuid)', 'max'), 'PT409 limit_reached 1000', 'also where both have asked');
select is(pg_temp.between('ann', 'bob'), 'has asked', 'the request waits on');
select pg_temp.become('ann');
select remove_friend(md5('crowd 1')::uuid);
select pg_temp.become('bob');
select lives_ok('select accept_friend_request(md5(''ann'')::uuid)', 'until there is room');
reset role;
select is((select count(*) from private.friendships where user_id = md5('ann')::uuid), 1000::bigint, 'so there are 1,000, and never more');

select * from finish();
rollback;
