begin;
select plan(26);
\ir ../shared.psql
\ir ../voice.psql

create function pg_temp.update(p_rest text, p_channel text default 'lounge') returns text language sql as $$
  select pg_temp.refused_field(format('select update_voice_channel(%L, %s)', pg_temp.channel(p_channel), p_rest))
$$;

select pg_temp.become('cleo');
select is(pg_temp.refused_permission(format('select update_voice_channel(%L, p_max_participants => 2)', pg_temp.channel('lounge'))), 'PT403 missing_permission manage_channels', 'a member changes nothing');
select pg_temp.become('outsider');
select is(pg_temp.update('p_max_participants => 2'), 'PT404 not_found p_channel_id', 'an outsider finds no channel');
select pg_temp.become('bob');
select is(pg_temp.update('p_max_participants => 0'), 'PT422 invalid_argument p_max_participants', 'there is a seat at least');
select is(pg_temp.update('p_max_participants => 16'), 'none', 'a mesh has up to 16');
select is(pg_temp.update('p_max_participants => 17'), 'PT422 invalid_argument p_max_participants', 'and no more');
select is(pg_temp.update('''sfu'', 500'), 'none', 'with an SFU there are up to 500');
select is(pg_temp.update('''sfu'', 501'), 'PT422 invalid_argument p_max_participants', 'and no more');
select is(pg_temp.update('''carrier pigeon'''), 'PT422 invalid_argument p_transport', 'there is no third way');
select is((select array[v.transport, v.max_participants::text] from update_voice_channel(pg_temp.channel('lounge'), 'mesh') v), '{mesh,16}', 'back to a mesh there are as many as it may have');
select is(pg_temp.update('''sfu''', 'general'), 'PT422 invalid_argument p_channel_id', 'a text channel has no seats');
reset role;
select ok((select count(*) > 0 from pg_temp.said() s where s.event = 'channel_updated' and s.payload ->> 'channel_id' = pg_temp.channel('lounge')::text), 'the community hears of it');
select is(
  (select l.after from audit_log l where l.community_id = pg_temp.community() and l.action = 'channel_updated' order by l.number desc limit 1), '{"transport": "mesh", "max_participants": 16}', 'and the log'
);
select pg_temp.become('bob');
select update_voice_channel(pg_temp.channel('lounge'), 'mesh', 16);
reset role;
select is_empty('select * from pg_temp.said()', 'what changes nothing is not told');

-- Seats.
select pg_temp.become('bob');
select update_voice_channel(pg_temp.channel('lounge'), p_max_participants => 2);
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select is((select a from authorize_voice(pg_temp.community(), pg_temp.channel('lounge')) a), jsonb_build_object('user_id', md5('cleo')::uuid, 'channel_id', pg_temp.channel('lounge'), 'transport', 'mesh'), 'who has a seat may have servers');
select join_voice(pg_temp.channel('lounge'), pg_temp.device('laptop'));
select is(pg_temp.refusal(format('select join_voice(%L)', pg_temp.channel('lounge')), 'max'), 'PT409 limit_reached 2', 'each device takes a seat, and there are two');
select lives_ok(format('select authorize_voice(%L, %L)', pg_temp.community(), pg_temp.channel('lounge')), 'who is in it still may have servers');
select pg_temp.become('dan');
select is(pg_temp.refusal(format('select authorize_voice(%L, %L)', pg_temp.community(), pg_temp.channel('lounge'))), 'PT409 limit_reached', 'and nobody else');
select is(pg_temp.refusal(format('select join_voice(%L)', pg_temp.channel('lounge'))), 'PT409 limit_reached', 'or comes in');
select pg_temp.become('cleo');
select is((select s.device_id from join_voice(pg_temp.channel('lounge'), pg_temp.device('phone')) s), pg_temp.device('phone'), 'who comes back takes the seat they had');
select pg_temp.become('bob');
select is(pg_temp.update('''sfu'''), 'PT409 conflict', 'while somebody is in it the transport stays');
select is(pg_temp.update('p_max_participants => 1'), 'none', 'fewer seats');
select is(pg_temp.in_voice('lounge'), '{cleo,cleo}', 'put nobody out');
select pg_temp.update('p_max_participants => 2');
reset role;
update private.voice_sessions set expires_at = clock_timestamp() - interval '1 second' where device_id = pg_temp.device('laptop');
select pg_temp.become('dan');
select lives_ok(format('select join_voice(%L)', pg_temp.channel('lounge')), 'who has lapsed holds no seat');
select is(pg_temp.in_voice('lounge'), '{cleo,dan}', 'and is out');
select is(
  pg_temp.refused_field(format('select authorize_voice(%L, %L)', gen_random_uuid(), pg_temp.channel('lounge'))), 'PT404 not_found p_community_id',
  'a channel of another community gives no servers'
);
select is(pg_temp.refused_field(format('select authorize_voice(%L, %L)', pg_temp.community(), pg_temp.channel('general'))), 'PT422 invalid_argument p_channel_id', 'nor does a text channel');

select * from finish();
rollback;
