begin;
select plan(40);
\ir ../shared.psql
\ir ../friends.psql

-- ann is the one who blocks.
select pg_temp.sign_up_as('ann', 'friend', 'asker', 'asked', 'stranger', 'other');
select pg_temp.become('ann');
select request_friend(md5('friend')::uuid), request_friend(md5('asked')::uuid);
select pg_temp.become('friend');
select accept_friend_request(md5('ann')::uuid);
select pg_temp.become('asker');
select request_friend(md5('ann')::uuid);
select pg_temp.told(n) from unnest(array['ann', 'friend', 'asker', 'asked', 'stranger', 'other']) as n;

select pg_temp.become('ann');
select lives_ok('select block_user(md5(''friend'')::uuid)', 'a friend is blocked');
select is(pg_temp.told('ann'), 'blocks_changed friend true', 'one''s other devices hear of it');
select is(pg_temp.told('friend'), 'nothing', 'and who is blocked does not');
select lives_ok('select block_user(md5(''friend'')::uuid)', 'blocking again does nothing');
select is(pg_temp.told('ann'), 'nothing', 'and tells nothing');
select is(pg_temp.blocks(), 'test_friend', 'there is one block');
select block_user(md5(n)::uuid) from unnest(array['asker', 'asked', 'stranger']) as n;
select is(pg_temp.friends(), 'nobody', 'the list of friends leaves them out');
select is(pg_temp.requests(), 'none', 'so does the list of requests');
select is(pg_temp.between('ann', 'friend'), 'friend, friend of', 'what is stored stays: friends');
select is(pg_temp.between('ann', 'asker'), 'was asked', 'what was asked');
select is(pg_temp.between('ann', 'asked'), 'has asked', 'and what was asked of them');
select pg_temp.told('ann');

-- Nobody befriends whom they have blocked, whatever there is between them.
select is_empty(
  $$ select n, r from unnest(array['friend', 'asker', 'asked', 'stranger']) as n, pg_temp.refusal(format('select request_friend(md5(%L)::uuid)', n)) r where r <> 'PT403 blocked' $$,
  'whom one has blocked one does not ask'
);
select is_empty(
  $$ select n, r from unnest(array['friend', 'asker', 'asked', 'stranger']) as n, pg_temp.refusal(format('select accept_friend_request(md5(%L)::uuid)', n)) r where r <> 'PT403 blocked' $$,
  'nor accept, and the answer is the same whether they have asked or not'
);
select is(pg_temp.refusal('select request_friend(p_username => ''test_asker'')'), 'PT403 blocked', 'by username neither');
select is(request_friend(md5('other')::uuid) #>> '{}', 'requested', 'anybody else one does');
select cancel_friend_request(md5('other')::uuid);
select pg_temp.told('ann'), pg_temp.told('other');

-- What the blocked do is done, and their blocker hears nothing of it.
select pg_temp.become('stranger');
select is(request_friend(md5('ann')::uuid) #>> '{}', 'requested', 'who is blocked asks as ever');
select is(pg_temp.told('stranger'), 'friends_changed ann requested outgoing', 'and hears of it as ever');
select pg_temp.become('asked');
select lives_ok('select accept_friend_request(md5(''ann'')::uuid)', 'accepts what was asked before the block');
select is(pg_temp.friends(), 'test_ann', 'and is a friend');
select pg_temp.become('asker');
select lives_ok('select cancel_friend_request(md5(''ann'')::uuid)', 'takes back what was asked before it');
select pg_temp.become('friend');
select lives_ok('select remove_friend(md5(''ann'')::uuid)', 'ends a friendship');
select is(pg_temp.told('ann'), 'nothing', 'whoever blocked them is told nothing of it');
select pg_temp.become('ann');
select is(pg_temp.friends() || ', ' || pg_temp.requests(), 'nobody, none', 'and shown nothing');
select is(pg_temp.between('ann', 'asked') || '; ' || pg_temp.between('ann', 'stranger'), 'friend, friend of; was asked', 'though it is so');

-- What the blocker does to what is hidden is done, silently.
select lives_ok('select decline_friend_request(md5(''stranger'')::uuid)', 'a request one is not shown can be declined');
select is(pg_temp.told('ann'), 'nothing', 'which tells the blocker nothing, neither that there was one');
select is(pg_temp.told('stranger'), 'friends_changed ann cancelled outgoing', 'and the blocked what it always tells');
select pg_temp.become('stranger');
select request_friend(md5('ann')::uuid);

-- After the block all is shown as it is by then.
select pg_temp.become('ann');
select pg_temp.told('ann'), pg_temp.told('asked'), pg_temp.told('stranger');
select lives_ok('select unblock_user(md5(''asked'')::uuid)', 'a block ends');
select is(pg_temp.told('ann'), 'blocks_changed asked false', 'one''s other devices hear of it');
select is(pg_temp.told('asked'), 'nothing', 'and who was blocked does not');
select unblock_user(md5('stranger')::uuid);
select pg_temp.told('ann');
select is(pg_temp.friends(), 'test_asked', 'who has become a friend is one');
select is(pg_temp.requests(), 'incoming test_stranger', 'who has asked has asked');
select lives_ok('select unblock_user(md5(''asked'')::uuid)', 'ending it again does nothing');
select is(pg_temp.told('ann'), 'nothing', 'and tells nothing');
select is(pg_temp.blocks(), 'test_asker test_friend', 'the other blocks hold');
select lives_ok('select accept_friend_request(md5(''stranger'')::uuid)', 'the request is accepted');
select is(pg_temp.told('ann') || '; ' || pg_temp.told('stranger'), 'friends_changed stranger accepted incoming; friends_changed ann accepted outgoing', 'as if there had been no block');

-- Blocks are the owner's alone.
select pg_temp.become('other');
select lives_ok('select unblock_user(md5(''friend'')::uuid)', 'nobody ends what another one has blocked');
reset role;
select ok(private.has_blocked(md5('ann')::uuid, md5('friend')::uuid) and not private.has_blocked(md5('friend')::uuid, md5('ann')::uuid), 'it holds, and in one direction');
select is((select count(*) from private.blocks where blocked_id = md5('friend')::uuid), 1::bigint, 'there is no other');

select * from finish();
rollback;
