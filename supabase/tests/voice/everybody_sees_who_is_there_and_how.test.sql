begin;
select plan(15);
\ir ../shared.psql
\ir ../voice.psql

select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select pg_temp.become('dan');
select join_voice(pg_temp.channel('lounge'));
select is(
  (select jsonb_agg(p - 'joined_at') from get_voice(pg_temp.channel('lounge')) v, jsonb_array_elements(v.participants) as p),
  (select jsonb_agg(jsonb_build_object(
    'session_id', pg_temp.session(n), 'user_id', md5(n)::uuid, 'is_self_muted', false, 'is_self_deafened', false, 'is_muted', false, 'can_speak', true, 'can_stream', true
  ) order by n) from unnest(array['cleo', 'dan']) as n), 'in the order in which they came'
);
select ok((select bool_and((p ->> 'joined_at') ~ '\+00:00$') from get_voice(pg_temp.channel('lounge')) v, jsonb_array_elements(v.participants) as p), 'times are in UTC');
select is(
  (select array[v.community_id::text, v.transport, v.max_participants::text, v.topic, v.revision::text] from get_voice(pg_temp.channel('lounge')) v),
  array[pg_temp.community()::text, 'mesh', '8', pg_temp.voice_topic('lounge'), '2'], 'with all about the channel'
);
reset role;
select count(*) from pg_temp.said();

select pg_temp.become('cleo');
select is(
  (select array[s.is_self_muted, s.is_self_deafened] from set_voice_state(pg_temp.channel('lounge'), true, p_device_id => pg_temp.device('phone')) s), '{t,f}', 'one mutes oneself'
);
select is(
  (select array[s.is_self_muted, s.is_self_deafened] from set_voice_state(pg_temp.channel('lounge'), p_is_self_deafened => true, p_device_id => pg_temp.device('phone')) s), '{t,t}', 'what is left out stays'
);
select set_voice_state(pg_temp.channel('lounge'), true, true, pg_temp.device('phone'));
reset role;
select is(
  (select array_agg(array[s.event, s.payload #>> '{present,0,session_id}', s.payload #>> '{present,0,is_self_muted}', s.payload #>> '{present,0,is_self_deafened}', s.payload ->> 'revision'] order by s.payload ->> 'revision') from pg_temp.said() s),
  array[array['roster_changed', pg_temp.session('cleo')::text, 'true', 'false', '3'], array['roster_changed', pg_temp.session('cleo')::text, 'true', 'true', '4']],
  'each change is told once, and what changes nothing is not'
);
select pg_temp.become('dan');
select is(pg_temp.refusal(format('select set_voice_state(%L, true, p_device_id => %L)', pg_temp.channel('lounge'), pg_temp.device('phone'))), 'PT410 expired', 'nobody mutes another''s device');
select is((select array_agg(p ->> 'is_self_muted' order by p ->> 'user_id' = md5('cleo')::uuid::text) from get_voice(pg_temp.channel('lounge')) v, jsonb_array_elements(v.participants) as p), '{false,true}', 'each state is its own');

-- The list has what one may connect to.
select is((select array_agg(v.channel_id order by v.channel_id) from list_voice(pg_temp.community()) v), (select array_agg(i order by i) from unnest(array[pg_temp.channel('lounge'), pg_temp.channel('stage')]) as i), 'a member sees all voice channels and no text channel');
select is((select jsonb_array_length(v.participants) from list_voice(pg_temp.community()) v where v.channel_id = pg_temp.channel('lounge')), 2, 'with who is in them');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('lounge'), 'member', md5('dan')::uuid, '{}', '{connect}');
select pg_temp.become('dan');
select is((select array_agg(v.channel_id) from list_voice(pg_temp.community()) v), array[pg_temp.channel('stage')], 'but those where they may not connect');
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('dan')::uuid, clock_timestamp() + interval '1 hour');
select pg_temp.become('dan');
select is_empty(format('select * from list_voice(%L)', pg_temp.community()), 'nor while they are timed out');

-- Clients have no other way to it.
select throws_ok('select * from private.voice_sessions', '42501', null, 'the table is nobody''s');
select throws_ok('select * from private.live_voice_sessions', '42501', null, 'nor the view');
set local role service_role;
select throws_ok('select * from private.voice_sessions', '42501', null, 'nor the server''s key''s');

select * from finish();
rollback;
