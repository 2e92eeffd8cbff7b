begin;
select plan(64);
\ir ../shared.psql
\ir ../friends.psql

select pg_temp.sign_up_as('ann', 'bob', 'cleo', 'outsider');

-- Asking, and being accepted.
select pg_temp.become('ann');
select is(request_friend(md5('bob')::uuid) #>> '{}', 'requested', 'somebody is asked by id');
select is(pg_temp.requests(), 'outgoing test_bob', 'which the list of who asked says');
select is(pg_temp.friends(), 'nobody', 'it makes no friend yet');
select is(pg_temp.told('ann'), 'friends_changed bob requested outgoing', 'the other devices of who asked hear of it');
select is(pg_temp.told('bob'), 'friends_changed ann requested incoming', 'and who was asked');
select is(request_friend(md5('bob')::uuid) #>> '{}', 'requested', 'asked again, the answer is the same');
select is(pg_temp.between('ann', 'bob'), 'has asked', 'there is one request');
select is(pg_temp.told('bob') || ' ' || pg_temp.told('ann'), 'nothing nothing', 'and nobody hears of it twice');
select is(pg_temp.refused_field('select accept_friend_request(md5(''bob'')::uuid)'), 'PT404 not_found p_user_id', 'nobody accepts what they have asked themselves');

select pg_temp.become('outsider');
select is(pg_temp.requests() || ', ' || pg_temp.friends(), 'none, nobody', 'others are shown nothing of it');
select is(pg_temp.refused_field('select accept_friend_request(md5(''ann'')::uuid)'), 'PT404 not_found p_user_id', 'nor do they accept it');
select lives_ok('select decline_friend_request(md5(''ann'')::uuid), cancel_friend_request(md5(''bob'')::uuid), remove_friend(md5(''bob'')::uuid)', 'what they end is their own');
select is(pg_temp.between('ann', 'bob'), 'has asked', 'and not that of others');

select pg_temp.become('bob');
select results_eq(
  'select user_id, username, display_name, direction from list_friend_requests()', $$ select md5('ann')::uuid, 'test_ann', 'Ann', 'incoming' $$, 'who was asked sees by whom'
);
select lives_ok('select accept_friend_request(md5(''ann'')::uuid)', 'and accepts');
select is(pg_temp.between('ann', 'bob'), 'friend, friend of', 'so both are friends, and the request is gone');
select results_eq('select user_id, username, display_name from list_friends()', $$ select md5('ann')::uuid, 'test_ann', 'Ann' $$, 'the one sees the other');
select is(pg_temp.told('ann'), 'friends_changed bob accepted outgoing', 'who asked hears of it');
select is(pg_temp.told('bob'), 'friends_changed ann accepted incoming', 'so do the other devices of who accepted');
select is(pg_temp.told('outsider'), 'nothing', 'and nobody else');
select lives_ok('select accept_friend_request(md5(''ann'')::uuid)', 'a retry is answered like the first');
select is(request_friend(md5('ann')::uuid) #>> '{}', 'friends', 'who is a friend is one');
select is(pg_temp.between('ann', 'bob') || ' ' || pg_temp.told('ann'), 'friend, friend of nothing', 'nothing is asked again');
select pg_temp.become('ann');
select is(pg_temp.friends(), 'test_bob', 'and the other sees the one');
reset role;
select is((select count(distinct created_at) from private.friendships where user_id in (md5('ann')::uuid, md5('bob')::uuid)), 1::bigint, 'since the same moment');
select ok(private.are_friends(md5('ann')::uuid, md5('bob')::uuid) and private.are_friends(md5('bob')::uuid, md5('ann')::uuid), 'the server knows it from both sides');

-- An end for both.
select pg_temp.become('ann');
select lives_ok('select remove_friend(md5(''bob'')::uuid)', 'either ends it');
select is(pg_temp.between('ann', 'bob'), '', 'for both');
select is(pg_temp.told('ann'), 'friends_changed bob removed', 'both hear of it');
select is(pg_temp.told('bob'), 'friends_changed ann removed', 'in the same words');
select lives_ok('select remove_friend(md5(''bob'')::uuid)', 'ending it again does nothing');
select is(pg_temp.told('bob'), 'nothing', 'and tells nothing');

-- By username, and both asking.
select is(request_friend(p_username => ' Test_BOB ') #>> '{}', 'requested', 'somebody is asked by username, in whatever case');
select pg_temp.told('ann'), pg_temp.told('bob');
select pg_temp.become('bob');
select is(request_friend(p_username => 'test_ann') #>> '{}', 'friends', 'who asks the one who has asked is a friend at once');
select is(pg_temp.between('ann', 'bob'), 'friend, friend of', 'without accepting');
select is(pg_temp.told('ann'), 'friends_changed bob accepted outgoing', 'as the one hears');
select is(pg_temp.told('bob'), 'friends_changed ann accepted incoming', 'and the other');

-- Declining and cancelling.
select pg_temp.become('cleo');
select request_friend(md5('ann')::uuid);
select pg_temp.told('ann'), pg_temp.told('cleo');
select pg_temp.become('ann');
select lives_ok('select decline_friend_request(md5(''cleo'')::uuid)', 'a request is declined');
select is(pg_temp.between('ann', 'cleo'), '', 'so it is gone');
select is(pg_temp.told('ann'), 'friends_changed cleo declined incoming', 'one''s other devices hear that it was declined');
select is(pg_temp.told('cleo'), 'friends_changed ann cancelled outgoing', 'who asked only that it is gone');
select lives_ok('select decline_friend_request(md5(''cleo'')::uuid)', 'declining again does nothing');
select is(pg_temp.told('cleo'), 'nothing', 'and tells nothing');
select pg_temp.become('cleo');
select request_friend(md5('ann')::uuid);
select pg_temp.told('ann'), pg_temp.told('cleo');
select lives_ok('select decline_friend_request(md5(''ann'')::uuid)', 'one''s own request is not declined');
select is(pg_temp.between('cleo', 'ann'), 'has asked', 'but waits on');
select lives_ok('select cancel_friend_request(md5(''ann'')::uuid)', 'it is cancelled');
select is(pg_temp.between('cleo', 'ann'), '', 'so it is gone');
select is(pg_temp.told('ann'), 'friends_changed cleo cancelled incoming', 'who was asked hears of it');
select is(pg_temp.told('cleo'), 'friends_changed ann cancelled outgoing', 'so do the other devices of who asked');
select lives_ok('select cancel_friend_request(md5(''ann'')::uuid)', 'cancelling again does nothing');
select is(pg_temp.told('ann'), 'nothing', 'and tells nothing');

-- Who is asked has to be somebody, named once, and somebody else.
create temp table calls (call text);
insert into calls values
  ('request_friend(%L)'), ('accept_friend_request(%L)'), ('decline_friend_request(%L)'), ('cancel_friend_request(%L)'), ('remove_friend(%L)'),
  ('block_user(%L)'), ('unblock_user(%L)');
grant select on calls to authenticated, anon;
select is_empty(
  $$ select call, r from calls, pg_temp.refused_field('select ' || format(call, md5('cleo')::uuid)) r where r <> 'PT422 invalid_argument p_user_id' $$,
  'nothing of it is done with oneself'
);
select is(pg_temp.refused_field('select request_friend(p_username => ''test_cleo'')'), 'PT422 invalid_argument p_username', 'by username neither');
select is_empty(
  $$ select call, r from calls, pg_temp.refused_field('select ' || format(call, gen_random_uuid())) r where r <> 'PT404 not_found p_user_id' $$, 'nor with who is not there'
);
select is_empty(
  $$ select call, r from calls, pg_temp.refused_field('select ' || format(call, null)) r where call not like 'request%' and r <> 'PT404 not_found p_user_id' $$, 'nor with nobody'
);
select is((request_friend(p_username => 'test_nobody') ->> 'details')::jsonb, '{"code": "not_found", "field": "p_username"}', 'a username nobody has is named');
select is(pg_temp.refused_field('select request_friend()'), 'PT422 invalid_argument p_user_id', 'one of the two is given');
select is(
  pg_temp.refused_field('select request_friend(md5(''ann'')::uuid, ''test_ann'')'), 'PT422 invalid_argument p_username', 'and not both, though they be the same'
);

-- No session, no account.
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty(
  $$ select call, r from (
       select * from calls union all values ('request_friend()'), ('list_friends()'), ('list_friend_requests()'), ('list_blocks()'), ('my_preferences()'), ('update_my_preferences()')
     ) c (call), pg_temp.refusal('select ' || format(call, md5('ann')::uuid)) r where r <> 'PT401 session_required' $$,
  'a token without a user is told session_required'
);
select pg_temp.become('gone');
select is_empty(
  $$ select call, r from (
       select * from calls union all values ('list_friends()'), ('list_friend_requests()'), ('list_blocks()'), ('my_preferences()'), ('update_my_preferences(''friends'')')
     ) c (call), pg_temp.refusal('select ' || format(call, md5('ann')::uuid)) r where r <> 'PT401 session_required' $$,
  'so is one whose account has ended'
);
set local role anon;
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "anon"}';
select is_empty(
  $$ select call, r from (
       select * from calls union all values ('list_friends()'), ('list_friend_requests()'), ('list_blocks()'), ('my_preferences()'), ('update_my_preferences()')
     ) c (call), pg_temp.refusal('select ' || format(call, md5('ann')::uuid)) r where r <> '42501' $$,
  'whoever has only the publishable key may not call at all'
);

-- The helpers tell of others, so they are no API; and the tables are nobody's.
select pg_temp.become('ann');
select is_empty(
  $$ select call, r from (values
       ('private.has_blocked(md5(''bob'')::uuid, md5(''ann'')::uuid)'), ('private.are_friends(md5(''bob'')::uuid, md5(''ann'')::uuid)'),
       ('private.direct_from(md5(''bob'')::uuid)'), ('private.befriend(md5(''ann'')::uuid, md5(''bob'')::uuid)'),
       ('private.require_room_for_friend(md5(''bob'')::uuid)'), ('private.tell_friends_changed(md5(''bob'')::uuid, md5(''ann'')::uuid, ''removed'')'),
       ('private.begin_relation_change(md5(''bob'')::uuid, ''friend_change'')')
     ) c (call), pg_temp.refusal('select ' || call) r where r <> '42501' $$,
  'what the functions ask is no API'
);
select is_empty(
  $$ select name, r from unnest(array['friend_requests', 'friendships', 'blocks', 'preferences']) as name, pg_temp.refusal('select from private.' || name) r where r <> '42501' $$,
  'nor are the tables'
);

-- An account that ends takes all of it along.
reset role;
select pg_temp.become('ann');
select request_friend(md5('cleo')::uuid), block_user(md5('cleo')::uuid), update_my_preferences('friends');
select pg_temp.become('outsider');
select request_friend(md5('ann')::uuid), block_user(md5('ann')::uuid);
reset role;
delete from auth.users where id = md5('ann')::uuid;
select is_empty(
  $$ select from private.friend_requests where md5('ann')::uuid in (from_id, to_id)
     union all select from private.friendships where md5('ann')::uuid in (user_id, friend_id)
     union all select from private.blocks where md5('ann')::uuid in (blocker_id, blocked_id)
     union all select from private.preferences where user_id = md5('ann')::uuid $$,
  'an account that ends leaves nothing of it'
);

select * from finish();
rollback;
