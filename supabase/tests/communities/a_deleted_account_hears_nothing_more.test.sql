begin;
select plan(7);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select pg_temp.become('bob');
select redeem_invite(current_setting('test.code'));
reset role;
select set_config('test.old_community_topic', private.community_topic(pg_temp.community()), true);
select set_config('test.old_channel_topic', private.channel_topic(pg_temp.channel()), true);

-- The token that an open socket was let in with outlives the account.
delete from auth.users where id = md5('bob')::uuid;

select isnt(private.community_topic(pg_temp.community()), current_setting('test.old_community_topic'), 'the community''s topic has a new name');
select isnt(private.channel_topic(pg_temp.channel()), current_setting('test.old_channel_topic'), 'and its channels'' topics have');
select is(
  (select count(*) from broadcasts where topic = current_setting('test.old_community_topic') and event = 'moved'), 1::bigint, 'the old name heard moved'
);
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'after');
reset role;
select is_empty(
  $$ select from broadcasts where topic = current_setting('test.old_channel_topic') and payload -> 'message' ->> 'body' = 'after' $$, 'and nothing that was sent afterwards'
);
select pg_temp.become('bob');
select ok(
  not private.may_receive_community_topic('community:' || pg_temp.community() || ':2') and not private.may_receive_channel_topic('channel:' || pg_temp.channel() || ':2-1'),
  'the token that is left opens nothing'
);
select throws_ok('select list_messages(pg_temp.channel())', 'PT404', null, 'and reads nothing');
select throws_ok(format('select redeem_invite(%L)', current_setting('test.code')), 'PT401', null, 'nor does it join again');

select * from finish();
rollback;
