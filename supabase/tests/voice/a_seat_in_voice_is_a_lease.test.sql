begin;
select plan(39);
\ir ../shared.psql
\ir ../voice.psql

select pg_temp.become('cleo');
select is(
  (select array[s.channel_id::text, s.transport, s.max_participants::text, s.topic, s.revision::text, s.can_speak::text, s.is_muted::text]
   from join_voice(pg_temp.channel('lounge'), pg_temp.device('phone')) s),
  array[pg_temp.channel('lounge')::text, 'mesh', '8', pg_temp.voice_topic('lounge'), '1', 'true', 'false'],
  'who may connect takes a seat and is told all about it'
);
reset role;
select is(
  (select array[s.topic, s.event, s.payload ->> 'channel_id', s.payload ->> 'revision', s.payload #>> '{present,0,user_id}', s.payload #>> '{present,0,session_id}', s.payload ->> 'left']
   from pg_temp.said() s),
  array[pg_temp.voice_topic('lounge'), 'roster_changed', pg_temp.channel('lounge')::text, '1', md5('cleo')::uuid::text, pg_temp.session('cleo')::text, '[]'],
  'those who listen hear of it, once, on the channel''s topic'
);
select ok(
  (select s.expires_at between clock_timestamp() + interval '40 seconds' and clock_timestamp() + interval '45 seconds' from private.voice_sessions s where s.user_id = md5('cleo')::uuid),
  'the lease is 45 seconds'
);

select pg_temp.become('outsider');
select is(pg_temp.refused_field(format('select join_voice(%L)', pg_temp.channel('lounge'))), 'PT404 not_found p_channel_id', 'an outsider learns nothing of the channel');
select is(pg_temp.refused_field(format('select renew_voice(%L)', pg_temp.channel('lounge'))), 'PT404 not_found p_channel_id', 'nor by renewing');
select is(pg_temp.refused_field(format('select get_voice(%L)', pg_temp.channel('lounge'))), 'PT404 not_found p_channel_id', 'nor who is in it');
select is(pg_temp.refused_field(format('select list_voice(%L)', pg_temp.community())), 'PT404 not_found p_community_id', 'nor what there is');
select is(pg_temp.refusal(format('select leave_voice(%L)', pg_temp.channel('lounge'))), 'none', 'leaving says nothing either');

select pg_temp.become('dan');
select is(pg_temp.refused_field(format('select join_voice(%L)', pg_temp.channel('general'))), 'PT422 invalid_argument p_channel_id', 'a text channel has no seats');
select is(pg_temp.refused_field(format('select renew_voice(%L)', pg_temp.channel('general'))), 'PT422 invalid_argument p_channel_id', 'and none to keep');
select is(pg_temp.refused_field(format('select join_voice(%L, null)', pg_temp.channel('lounge'))), 'PT422 invalid_argument p_device_id', 'a device has an id');
select is(pg_temp.refusal(format('select renew_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('phone'))), 'PT410 expired', 'another''s device id renews nothing');
select lives_ok(format('select leave_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('phone')), 'another''s device id ends nothing');
select is(pg_temp.in_voice('lounge'), '{cleo}', 'who was in it still is');

-- A lease that was let lapse.
reset role;
update private.voice_sessions set expires_at = clock_timestamp() + interval '20 seconds' where user_id = md5('cleo')::uuid;
select pg_temp.become('cleo');
select ok(
  (select s.expires_at > clock_timestamp() + interval '40 seconds' and s.session_id = pg_temp.session('cleo') from renew_voice(pg_temp.channel('lounge'), pg_temp.device('phone')) s),
  'a renewal keeps the session for another 45 seconds'
);
reset role;
select is_empty('select * from pg_temp.said()', 'and tells nobody');
update private.voice_sessions set expires_at = clock_timestamp() - interval '1 second' where user_id = md5('cleo')::uuid;
select pg_temp.become('dan');
select is((select v.participants from get_voice(pg_temp.channel('lounge')) v), '[]', 'whose lease is over is not seen any more, before any sweep');
select is((select count(*) from list_voice(pg_temp.community()) v where v.participants <> '[]'), 0::bigint, 'nor in the list');
select pg_temp.become('cleo');
select is(pg_temp.refusal(format('select renew_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('phone'))), 'PT410 expired', 'what is over is not renewed');
select is(pg_temp.refusal(format('select set_voice_state(%L, true, p_device_id => %L)', pg_temp.channel('lounge'), pg_temp.device('phone'))), 'PT410 expired', 'nor changed');
reset role;
select lives_ok('select private.sweep_voice()', 'the sweep comes');
select is(
  (select array_agg(array[s.event, s.payload ->> 'revision', s.payload ->> 'present', jsonb_array_length(s.payload -> 'left')::text]) from pg_temp.said() s where s.topic = pg_temp.voice_topic('lounge')),
  array[array['roster_changed', '2', '[]', '1']], 'and tells those who listen'
);

-- Two devices, and the same one twice.
select pg_temp.become('cleo');
select lives_ok(format('select join_voice(%L, %L), join_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('phone'), pg_temp.channel('stage'), pg_temp.device('laptop')), 'two devices are two sessions');
select is(pg_temp.in_voice('lounge') || pg_temp.in_voice('stage'), '{cleo,cleo}', 'each in its channel');
select lives_ok(format('select leave_voice(%L, %L)', pg_temp.channel('stage'), pg_temp.device('laptop')), 'one leaves');
select is(pg_temp.in_voice('lounge') || pg_temp.in_voice('stage'), '{cleo}', 'and the other stays');
select lives_ok(format('select join_voice(%L, %L)', pg_temp.channel('stage'), pg_temp.device('phone')), 'a device that joins elsewhere');
select is(pg_temp.in_voice('lounge'), '{}', 'has left where it was');
select is(pg_temp.in_voice('stage'), '{cleo}', 'and is where it went');


-- One session and not the one after it; and one that was moved.
select set_config('test.first', pg_temp.session('cleo')::text, true);
select join_voice(pg_temp.channel('stage'), pg_temp.device('phone'));
select is(leave_voice(pg_temp.channel('stage'), pg_temp.device('phone'), current_setting('test.first')::uuid), false, 'who leaves an earlier session');
select is(pg_temp.in_voice('stage'), '{cleo}', 'does not end the one that came after it');
select is(leave_voice(pg_temp.channel('stage'), pg_temp.device('phone'), pg_temp.session('cleo')), true, 'who leaves this one');
select is(pg_temp.in_voice('stage'), '{}', 'has left');
select join_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select set_config('test.first', pg_temp.session('cleo')::text, true);
select pg_temp.become('ann');
select move_member(pg_temp.channel('lounge'), md5('cleo')::uuid, pg_temp.channel('stage'));
select pg_temp.become('cleo');
select is(leave_voice(pg_temp.channel('lounge'), pg_temp.device('phone'), current_setting('test.first')::uuid), true, 'who was moved and does not know yet');
select is(pg_temp.in_voice('stage'), '{}', 'leaves all the same');

-- Nobody fills a channel alone.
select join_voice(pg_temp.channel('lounge'), pg_temp.device('device ' || n)) from generate_series(1, 2) as n;
select is(pg_temp.refusal(format('select join_voice(%L, %L)', pg_temp.channel('stage'), pg_temp.device('device 3'))), 'none', 'a person is in voice with three devices');
select is(pg_temp.refusal(format('select join_voice(%L, %L)', pg_temp.channel('stage'), pg_temp.device('device 4')), 'max'), 'PT409 limit_reached 3', 'and not with a fourth');
select is(pg_temp.refusal(format('select join_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('device 3'))), 'none', 'one of the three may go elsewhere');
reset role;
update private.voice_sessions set expires_at = clock_timestamp() - interval '1 second' where device_id = pg_temp.device('device 1');
select pg_temp.become('cleo');
select is(pg_temp.refusal(format('select join_voice(%L, %L)', pg_temp.channel('stage'), pg_temp.device('device 4'))), 'none', 'whose lease is over does not count');

select * from finish();
rollback;
