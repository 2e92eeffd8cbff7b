begin;
select plan(17);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'dora');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'lobby');
select create_channel(pg_temp.community(), 'voice', 'voice');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);

select pg_temp.become('bob');
select redeem_invite(current_setting('test.code'));
select is_empty('select from list_messages(pg_temp.channel())', 'at first no channel tells of joins');
select pg_temp.become('ann');
select is((update_channel(pg_temp.channel(), p_announces_joins => true)).announces_joins, true, 'until one is told to');
select pg_temp.become('cleo');
select redeem_invite(current_setting('test.code'));
select results_eq(
  $$ select kind, author_id, body, author_name from list_messages(pg_temp.channel()) $$,
  $$ select 'member_joined', p.id, '', p.display_name from public.profiles p where p.id = md5('cleo')::uuid $$, 'then it says who joined'
);
reset role;
select is(
  (select count(*) from broadcasts where event = 'message_created' and topic = private.channel_topic(pg_temp.channel())), 1::bigint, 'also to who listens'
);
select pg_temp.become('cleo');
select is((select count(*) from list_unread()), 1::bigint, 'who joined finds it unread');
select redeem_invite(current_setting('test.code'));
select is((select count(*) from list_messages(pg_temp.channel())), 1::bigint, 'who is there already does not join again');
select pg_temp.become('ann');
select update_channel(pg_temp.channel('lobby'), p_announces_joins => true);
select is((select array_agg(name) from list_channels(pg_temp.community()) where announces_joins), '{lobby}', 'one channel does, in place of the one before');
select pg_temp.become('dora');
select redeem_invite(current_setting('test.code'));
select is((select count(*) from list_messages(pg_temp.channel('lobby'))), 1::bigint, 'and tells the next');
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select update_channel(pg_temp.channel(), p_announces_joins => true)'), 'PT403 missing_permission manage_channels', 'not everybody moves it');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid, '{manage_channels}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select update_channel(pg_temp.channel(), p_announces_joins => true)'), 'PT403 missing_permission manage_channels', 'nor does who manages one channel take it from another');
select is(pg_temp.refusal('select update_channel(pg_temp.channel(), p_slow_mode_seconds => 0, p_announces_joins => false)'), 'none', 'but changes what is that channel''s own');
select pg_temp.become('ann');
select is(pg_temp.refused_field('select update_channel(pg_temp.channel(''voice''), p_announces_joins => true)'), 'PT422 invalid_argument p_announces_joins', 'nor into a voice channel');

-- New names.
select update_channel(pg_temp.channel(), 'talk');
select results_eq(
  $$ select kind, author_id, body from list_messages(pg_temp.channel('talk'), 1) $$, $$ values ('channel_renamed', md5('ann')::uuid, 'talk') $$, 'a new name is told in the channel'
);
select update_channel(pg_temp.channel('talk'), 'talk');
select is((select count(*) from list_messages(pg_temp.channel('talk')) where kind = 'channel_renamed'), 1::bigint, 'the same name is none');
select update_channel(pg_temp.channel('voice'), 'speech');
select is_empty('select from list_messages(pg_temp.channel(''speech''))', 'nobody types in a voice channel, not even the server');
reset role;
select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claims', '', true);
update public.channels set name = 'silence' where id = pg_temp.channel('talk');
select is((select count(*) from public.messages where channel_id = pg_temp.channel('silence') and kind = 'channel_renamed'), 1::bigint, 'the server itself renames without a word');
select is(
  (select array_agg(after - 'name' order by number) from public.audit_log where community_id = pg_temp.community() and action = 'channel_updated' and target_id = pg_temp.channel('lobby')::text),
  array['{"slow_mode_seconds": 0, "announces_joins": true}'::jsonb], 'the log has what changed'
);

select * from finish();
rollback;
