begin;
select plan(24);
\ir ../shared.psql
\ir ../voice.psql

select set_config('test.topic', pg_temp.voice_topic('lounge'), true);
select is(
  current_setting('test.topic'), format('voice:%s:%s:1-1', pg_temp.community(), pg_temp.channel('lounge')), 'the name holds the community, the channel and the epochs'
);
select is(private.voice_topic(pg_temp.channel('general')), null, 'a text channel has none');
select pg_temp.probe(current_setting('test.topic'));

select pg_temp.become('cleo');
select ok(pg_temp.may_receive(current_setting('test.topic')), 'who may connect receives, without a session too');
select ok(pg_temp.may_receive(current_setting('test.topic'), 'presence') and pg_temp.may_send(current_setting('test.topic'), 'presence'), 'and may be present');
select ok(not pg_temp.may_send(current_setting('test.topic')), 'but sends nothing: only the server does');
select ok(not pg_temp.may_receive(current_setting('test.topic') || '0') and not pg_temp.may_receive(upper(current_setting('test.topic'))), 'names that only resemble it are closed');
select pg_temp.become('outsider');
select ok(
  not pg_temp.may_receive(current_setting('test.topic')) and not pg_temp.may_receive(current_setting('test.topic'), 'presence')
    and not pg_temp.may_send(current_setting('test.topic'), 'presence'), 'an outsider neither hears nor is present'
);
set local role anon;
select ok(not pg_temp.may_receive(current_setting('test.topic')), 'nor does anybody not signed in');
-- The owner of another community, by a name that holds both.
reset role;
select pg_temp.become('outsider');
select create_community('Zig');
reset role;
select set_config('test.forged', format('voice:%s:%s:1-1', pg_temp.community('Zig'), id), true) from public.channels where community_id = pg_temp.community('Rust') and name = 'lounge';
select pg_temp.probe(current_setting('test.forged'));
select pg_temp.become('outsider');
select ok(not pg_temp.may_receive(current_setting('test.forged')), 'one''s own community''s name in it opens nothing');

-- Names move.
select pg_temp.become('ann');
select join_voice(pg_temp.channel('lounge'));
reset role;
select count(*) from pg_temp.said();
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('lounge'), 'member', md5('cleo')::uuid, '{}', '{connect}');
reset role;
select is(
  (select array_agg(array[s.topic, s.payload ->> 'channel_id']) from pg_temp.said() s where s.event = 'moved' and s.topic like 'voice:%'),
  array[array[current_setting('test.topic'), pg_temp.channel('lounge')::text]], 'the old name''s last word says that it has moved'
);
select isnt(pg_temp.voice_topic('lounge'), current_setting('test.topic'), 'it has');
select pg_temp.probe(pg_temp.voice_topic('lounge'));
select pg_temp.become('cleo');
select ok(not pg_temp.may_receive(current_setting('test.topic')) and not pg_temp.may_receive(pg_temp.voice_topic('lounge')), 'who lost connect hears neither');
select pg_temp.become('dan');
select ok(pg_temp.may_receive(pg_temp.voice_topic('lounge')), 'who kept it hears the new one');
select ok(not pg_temp.may_receive(current_setting('test.topic')), 'and not the old');

-- Also where the channel's own topic was not heard: connect alone, without the history.
reset role;
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('stage'), 'member', md5('dan')::uuid, '{}', '{read_history}');
reset role;
select set_config('test.topic', pg_temp.voice_topic('stage'), true);
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('stage'), 'member', md5('dan')::uuid, '{}', '{read_history,connect}');
select isnt(pg_temp.voice_topic('stage'), current_setting('test.topic'), 'connect alone moves it');
select set_config('test.topic', pg_temp.voice_topic('stage'), true);
select set_channel_overwrite(pg_temp.channel('stage'), 'member', md5('dan')::uuid, '{connect}', '{read_history}');
select is(pg_temp.voice_topic('stage'), current_setting('test.topic'), 'giving it moves nothing');
select create_role(pg_temp.community(), 'quiet');
select set_channel_overwrite(pg_temp.channel('stage'), 'role', pg_temp.role('quiet'), '{}', '{connect,read_history}');
select clear_channel_overwrite(pg_temp.channel('stage'), 'member', md5('dan')::uuid);
select set_config('test.topic', pg_temp.voice_topic('stage'), true);
select set_config('test.text', (select topic_epoch::text from channels where id = pg_temp.channel('general')), true);
select grant_role(pg_temp.community(), md5('dan')::uuid, pg_temp.role('quiet'));
select isnt(pg_temp.voice_topic('stage'), current_setting('test.topic'), 'a role that takes it moves it');
select is((select topic_epoch::text from channels where id = pg_temp.channel('general')), current_setting('test.text'), 'and no text channel');
select set_channel_overwrite(pg_temp.channel('general'), 'role', pg_temp.role('quiet'), '{}', '{connect}');
select is((select topic_epoch::text from channels where id = pg_temp.channel('general')), current_setting('test.text'), 'where connect means nothing it moves nothing');

-- A timeout takes connect; a departure takes all.
select set_config('test.topic', pg_temp.voice_topic('lounge'), true);
select timeout_member(pg_temp.community(), md5('dan')::uuid, clock_timestamp() + interval '1 hour');
select isnt(pg_temp.voice_topic('lounge'), current_setting('test.topic'), 'a timeout moves it');
select is((select topic_epoch::text from channels where id = pg_temp.channel('general')), current_setting('test.text'), 'and no text channel, which may still be read');
reset role;
select pg_temp.probe(pg_temp.voice_topic('lounge'));
select pg_temp.become('dan');
select ok(not pg_temp.may_receive(pg_temp.voice_topic('lounge')), 'who is timed out hears nothing of it');
reset role;
select set_config('test.topic', pg_temp.voice_topic('lounge'), true);
select count(*) from pg_temp.said();
select pg_temp.become('ann');
select kick_member(pg_temp.community(), md5('dan')::uuid);
select isnt(pg_temp.voice_topic('lounge'), current_setting('test.topic'), 'a departure moves it');
reset role;
select is(
  (select array_agg(s.topic) from pg_temp.said() s where s.event = 'moved' and s.topic like 'voice:%'), array[current_setting('test.topic')],
  'which those in it hear as the old name''s last word'
);

select * from finish();
rollback;
