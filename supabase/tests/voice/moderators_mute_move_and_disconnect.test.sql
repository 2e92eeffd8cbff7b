begin;
select plan(46);
\ir ../shared.psql
\ir ../voice.psql

-- bob is a moderator; cleo and dan are members.
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select pg_temp.become('dan');
select join_voice(pg_temp.channel('lounge'));
reset role;
select count(*) from pg_temp.said();

-- Muting.
select pg_temp.become('dan');
select is(pg_temp.refused_permission(format('select mute_member(%L, md5(''cleo'')::uuid, true)', pg_temp.channel('lounge'))), 'PT403 missing_permission mute_members', 'a member mutes nobody');
select pg_temp.become('outsider');
select is(pg_temp.refused_field(format('select mute_member(%L, md5(''cleo'')::uuid, true)', pg_temp.channel('lounge'))), 'PT404 not_found p_channel_id', 'an outsider finds no channel');
select pg_temp.become('bob');
select is(pg_temp.refusal(format('select mute_member(%L, md5(''ann'')::uuid, true)', pg_temp.channel('lounge'))), 'PT403 role_hierarchy', 'nobody above is muted');
select is(pg_temp.refusal(format('select mute_member(%L, md5(''bob'')::uuid, true)', pg_temp.channel('lounge'))), 'PT403 role_hierarchy', 'nor oneself by this');
select is(pg_temp.refused_field(format('select mute_member(%L, md5(''outsider'')::uuid, true)', pg_temp.channel('lounge'))), 'PT404 not_found p_user_id', 'nor who is no member');
select is(pg_temp.refused_field(format('select mute_member(%L, md5(''cleo'')::uuid, true)', pg_temp.channel('general'))), 'PT422 invalid_argument p_channel_id', 'nor in a text channel');
select is(pg_temp.refused_field(format('select mute_member(%L, md5(''cleo'')::uuid, null)', pg_temp.channel('lounge'))), 'PT422 invalid_argument p_is_muted', 'null says neither');
select is(pg_temp.refused_field(format('select mute_member(%L, md5(''cleo'')::uuid, true, repeat(''x'', 513))', pg_temp.channel('lounge'))), 'PT422 invalid_argument p_reason', 'a reason has a bound');
select lives_ok(format('select mute_member(%L, md5(''cleo'')::uuid, true, ''shouting'')', pg_temp.channel('lounge')), 'a moderator mutes');
reset role;
select is(
  (select array_agg(array[s.payload #>> '{present,0,user_id}', s.payload #>> '{present,0,is_muted}', s.payload #>> '{present,0,can_speak}', s.payload #>> '{present,0,can_stream}']) from pg_temp.said() s where s.event = 'roster_changed'),
  array[array[md5('cleo')::uuid::text, 'true', 'false', 'true']], 'everybody is told to play them no more'
);
select is(
  (select array[l.actor_id::text, l.target_id, l.after ->> 'channel_id', l.reason] from audit_log l where l.community_id = pg_temp.community() and l.action = 'member_muted'),
  array[md5('bob')::uuid::text, md5('cleo')::uuid::text, pg_temp.channel('lounge')::text, 'shouting'], 'and the log'
);
select pg_temp.become('bob');
select lives_ok(format('select mute_member(%L, md5(''cleo'')::uuid, true)', pg_temp.channel('lounge')), 'once more changes nothing');
reset role;
select is((select count(*) from audit_log l where l.community_id = pg_temp.community() and l.action = 'member_muted'), 1::bigint, 'also in the log');
select is_empty($$ select * from pg_temp.said() s where s.event = 'roster_changed' $$, 'and tells nobody');
select pg_temp.become('cleo');
select leave_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select is((select array[s.is_muted, s.can_speak] from join_voice(pg_temp.channel('lounge'), pg_temp.device('phone')) s), '{t,f}', 'leaving and coming back does not end it');
select leave_community(pg_temp.community());
select redeem_invite(current_setting('test.invite'));
select is((select array[s.is_muted, s.can_speak] from join_voice(pg_temp.channel('lounge'), pg_temp.device('laptop')) s), '{t,f}', 'nor does leaving the community, nor another device');
select is((select array[s.is_muted, s.can_speak] from join_voice(pg_temp.channel('stage'), pg_temp.device('laptop')) s), '{f,t}', 'in another channel they are not muted');
select lives_ok(format('select join_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('laptop')), 'back');
select pg_temp.become('dan');
select is(pg_temp.refused_permission(format('select mute_member(%L, md5(''cleo'')::uuid, false)', pg_temp.channel('lounge'))), 'PT403 missing_permission mute_members', 'a member ends no mute');
select pg_temp.become('bob');
select lives_ok(format('select mute_member(%L, md5(''cleo'')::uuid, false)', pg_temp.channel('lounge')), 'a moderator does');
reset role;
select is((select array_agg(array[s.is_muted, s.can_speak]) from private.voice_sessions s where s.user_id = md5('cleo')::uuid), '{{f,t}}', 'and they are heard again');

-- Who may not speak at all does not by the end of a mute.
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('lounge'), 'member', md5('cleo')::uuid, '{}', '{speak}');
reset role;
select is((select array_agg(array[s.is_muted, s.can_speak, s.can_stream]) from private.voice_sessions s where s.user_id = md5('cleo')::uuid), '{{f,f,t}}', 'who loses speak stays and is heard no more');
select pg_temp.become('bob');
select mute_member(pg_temp.channel('lounge'), md5('cleo')::uuid, p_is_muted) from unnest(array[true, false]) as p_is_muted;
reset role;
select is((select array_agg(array[s.is_muted, s.can_speak]) from private.voice_sessions s where s.user_id = md5('cleo')::uuid), '{{f,f}}', 'the end of a mute gives nobody the right');

-- Moving.
select pg_temp.become('dan');
select is(pg_temp.refused_permission(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage'))), 'PT403 missing_permission move_members', 'a member moves nobody');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('stage'), 'role', pg_temp.role('mod'), '{}', '{move_members}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage'))), 'PT403 missing_permission move_members', 'nor a moderator to where they are none');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel('stage'), 'role', pg_temp.role('mod'));
select set_channel_overwrite(pg_temp.channel('stage'), 'member', md5('cleo')::uuid, '{}', '{connect}');
select pg_temp.become('bob');
select is(pg_temp.refusal(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage'))), 'PT409 conflict', 'nobody is moved to where they may not connect');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel('stage'), 'member', md5('cleo')::uuid);
select pg_temp.become('bob');
select is(pg_temp.refused_field(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), gen_random_uuid())), 'PT404 not_found p_destination_id', 'nor to what does not exist');
select is(pg_temp.refused_field(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('lounge'))), 'PT422 invalid_argument p_destination_id', 'nor to where they are');
select is(pg_temp.refused_field(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('stage'), pg_temp.channel('lounge'))), 'PT404 not_found p_user_id', 'nor from where they are not');
select is(pg_temp.refusal(format('select move_member(%L, md5(''ann'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage'))), 'PT403 role_hierarchy', 'nor anybody above');
select pg_temp.become('ann');
select update_voice_channel(pg_temp.channel('stage'), p_max_participants => 1);
select join_voice(pg_temp.channel('stage'));
select pg_temp.become('bob');
select is(pg_temp.refusal(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage'))), 'PT409 limit_reached', 'nor to where there is no seat');
select is(pg_temp.in_voice('lounge'), '{dan,cleo}', 'they stay where they are');
select pg_temp.become('ann');
select leave_voice(pg_temp.channel('stage'));
reset role;
select set_config('test.old', pg_temp.session('cleo')::text, true);
select count(*) from pg_temp.said();
select pg_temp.become('bob');
select lives_ok(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage')), 'a moderator moves');
select is(pg_temp.in_voice('lounge') || pg_temp.in_voice('stage'), '{dan,cleo}', 'and they are there');
reset role;
select bag_eq(
  $$ select s.topic, s.event, s.payload - 'id' - 'revision' - 'present' from pg_temp.said() s $$,
  $$ values
    (pg_temp.voice_topic('lounge'), 'roster_changed', jsonb_build_object('channel_id', pg_temp.channel('lounge'), 'left', jsonb_build_array(current_setting('test.old')))),
    ('user:' || md5('cleo')::uuid, 'voice_session_moved', jsonb_build_object('channel_id', pg_temp.channel('lounge'), 'session_id', current_setting('test.old'), 'to_channel_id', pg_temp.channel('stage'), 'to_session_id', pg_temp.session('cleo'))),
    (pg_temp.voice_topic('stage'), 'roster_changed', jsonb_build_object('channel_id', pg_temp.channel('stage'), 'left', '[]'::jsonb)) $$,
  'both channels hear of it, and they themselves'
);
select pg_temp.become('cleo');
select is(
  (select s.channel_id from renew_voice(pg_temp.channel('lounge'), pg_temp.device('laptop')) s), pg_temp.channel('stage'),
  'a renewal of the old seat is told of the new one'
);
select lives_ok(format('select join_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('laptop')), 'and they may go back');
select is(pg_temp.refusal(format('select renew_voice(%L, %L)', pg_temp.channel('stage'), pg_temp.device('laptop'))), 'PT410 expired', 'which ends the other');

-- Disconnecting.
select pg_temp.become('dan');
select is(pg_temp.refused_permission(format('select disconnect_member(%L, md5(''cleo'')::uuid)', pg_temp.channel('lounge'))), 'PT403 missing_permission move_members', 'a member disconnects nobody');
select pg_temp.become('bob');
select is(pg_temp.refused_field(format('select disconnect_member(%L, md5(''cleo'')::uuid)', pg_temp.channel('stage'))), 'PT404 not_found p_user_id', 'nobody is disconnected from where they are not');
select is(pg_temp.refusal(format('select disconnect_member(%L, md5(''ann'')::uuid)', pg_temp.channel('lounge'))), 'PT403 role_hierarchy', 'nor anybody above');
select is(pg_temp.refused_field(format('select disconnect_member(%L, md5(''cleo'')::uuid)', pg_temp.channel('general'))), 'PT422 invalid_argument p_channel_id', 'nor from a text channel');
select set_config('test.old', pg_temp.session('cleo')::text, true);
select lives_ok(format('select disconnect_member(%L, md5(''cleo'')::uuid)', pg_temp.channel('lounge')), 'a moderator disconnects');
select is(pg_temp.in_voice('lounge'), '{dan}', 'and they are out');
reset role;
select is(
  (select s.payload -> 'session_ids' from pg_temp.said() s where s.event = 'voice_session_ended' and s.topic = 'user:' || md5('cleo')::uuid),
  jsonb_build_array(current_setting('test.old')), 'which they themselves hear'
);
select set_eq(
  $$ select l.action from audit_log l where l.community_id = pg_temp.community() and l.target_id = md5('cleo')::uuid::text and l.actor_id = md5('bob')::uuid $$,
  array['member_muted', 'member_unmuted', 'member_moved', 'member_disconnected'], 'the log has it all'
);

select * from finish();
rollback;
