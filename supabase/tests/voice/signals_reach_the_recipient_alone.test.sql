begin;
select plan(28);
\ir ../shared.psql
\ir ../voice.psql

select pg_temp.become('bob');
select join_voice(pg_temp.channel('lounge'));
select join_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'), pg_temp.device('phone'));
select pg_temp.become('dan');
select join_voice(pg_temp.channel('stage'));
reset role;
select count(*) from pg_temp.said();
create function pg_temp.signal(p_to text, p_rest text default '''offer'', ''{"sdp": "v=0"}''', p_channel text default 'lounge') returns text language sql as $$
  select pg_temp.refused_field(format('select send_voice_signal(%L, md5(%L)::uuid, %s)', pg_temp.channel(p_channel), p_to, p_rest))
$$;

select pg_temp.become('bob');
select is(pg_temp.signal('cleo'), 'none', 'two who are in a channel signal to each other');
select is(pg_temp.signal('bob'), 'PT422 invalid_argument p_to_user_id', 'and nobody to themselves, nor to another device of theirs');
reset role;
select results_eq(
  $$ select s.topic, s.event, s.payload - 'id' from pg_temp.said() s $$,
  $$ values ('user:' || md5('cleo')::uuid, 'webrtc-signal', jsonb_build_object(
    'channel_id', pg_temp.channel('lounge'), 'from_user_id', md5('bob')::uuid,
    'from_session_id', (select s.id from private.voice_sessions s where s.user_id = md5('bob')::uuid and s.device_id = '00000000-0000-0000-0000-000000000000'),
    'to_session_id', null, 'kind', 'offer', 'payload', '{"sdp": "v=0"}'::jsonb)) $$,
  'one broadcast, on the recipient''s own topic, with the sender as the server knows them'
);
select pg_temp.become('cleo');
select is(
  pg_temp.signal('bob', format('''ice'', ''{"from_user_id": "%s", "candidates": []}'', p_to_session_id => %L, p_device_id => %L',
    md5('ann')::uuid, pg_temp.session('bob'), pg_temp.device('phone'))), 'none', 'one may choose among the other''s devices'
);
reset role;
select is(
  (select array[s.payload ->> 'from_user_id', s.payload ->> 'from_session_id', s.payload ->> 'to_session_id', s.payload #>> '{payload,from_user_id}'] from pg_temp.said() s),
  array[md5('cleo')::uuid, pg_temp.session('cleo'), pg_temp.session('bob'), md5('ann')::uuid]::text[],
  'whatever the payload says, the sender is who sent it'
);

-- Who is not in the channel.
select pg_temp.become('ann');
select is(pg_temp.signal('cleo'), 'PT410 expired', 'who has no session there sends nothing, the owner neither');
select pg_temp.become('dan');
select is(pg_temp.signal('cleo'), 'PT410 expired', 'nor who is in another channel');
select is(pg_temp.signal('cleo', p_channel => 'stage'), 'PT404 not_found p_to_user_id', 'nor from there to here');
select pg_temp.become('outsider');
select is(pg_temp.signal('cleo'), 'PT404 not_found p_channel_id', 'an outsider finds no channel');
select pg_temp.become('bob');
select is(pg_temp.signal('ann'), 'PT404 not_found p_to_user_id', 'nobody signals to who is not in it');
select is(pg_temp.signal('dan'), 'PT404 not_found p_to_user_id', 'nor to who is in another channel');
select is(pg_temp.signal('outsider'), 'PT404 not_found p_to_user_id', 'nor to a stranger, in the same words');
select is(
  pg_temp.signal('cleo', format('''offer'', ''{}'', p_to_session_id => %L', pg_temp.session('dan'))), 'PT404 not_found p_to_session_id',
  'a session of somebody else is none of theirs'
);
select is(
  pg_temp.signal('cleo', format('''offer'', ''{}'', p_device_id => %L', pg_temp.device('laptop'))), 'PT410 expired',
  'a device without a session sends nothing'
);
select is(pg_temp.signal('cleo', p_channel => 'general'), 'PT422 invalid_argument p_channel_id', 'there is no signalling in text channels');

-- What a signal is.
select is(pg_temp.signal('cleo', '''renegotiate'', ''{}'''), 'none', 'there are four kinds');
select is(pg_temp.signal('cleo', '''shout'', ''{}'''), 'PT422 invalid_argument p_kind', 'and no fifth');
select is(pg_temp.signal('cleo', 'null, ''{}'''), 'PT422 invalid_argument p_kind', 'nor none');
select is(pg_temp.signal('cleo', '''ice'', null'), 'PT422 invalid_argument p_payload', 'it carries something');
select is(pg_temp.signal('cleo', '''ice'', ''[]'''), 'PT422 invalid_argument p_payload', 'which is an object');
select is(pg_temp.signal('cleo', '''ice'', jsonb_build_object(''x'', repeat(''x'', 16375))'), 'none', '16 KiB pass');
select is(pg_temp.signal('cleo', '''ice'', jsonb_build_object(''x'', repeat(''x'', 16376))'), 'PT422 invalid_argument p_payload', 'and not a byte more');

-- A flood.
reset role;
select pg_temp.refill();
select pg_temp.become('bob');
select is(
  (select array_agg(distinct r order by r) from generate_series(1, 320) as n, lateral (select pg_temp.refusal(format('select send_voice_signal(%L, md5(''cleo'')::uuid, ''ice'', jsonb_build_object(''n'', %s))', pg_temp.channel('lounge'), n)) as r) s),
  array['PT429 rate_limited', 'none'], 'a flood is stopped'
);
select pg_temp.become('cleo');
select is(
  (select array_agg(distinct s.r order by s.r) from (
    select pg_temp.refusal(
      format(
        'select send_voice_signal(%L, md5(''bob'')::uuid, ''offer'', jsonb_build_object(''n'', %s, ''sdp'', repeat(''x'', 16000)), p_device_id => %L)',
        pg_temp.channel('lounge'), n, pg_temp.device('phone')
      ), 'limit'
    ) as r
    from generate_series(1, 50) as n
  ) s), array['PT429 rate_limited voice_signal_bytes', 'none'], 'also one of few signals that carry much'
);
select is(pg_temp.signal('bob', format('''ice'', ''{}'', p_device_id => %L', pg_temp.device('phone'))), 'none', 'where a small one still passes');

-- A lease that is over.
reset role;
select pg_temp.refill();
update private.voice_sessions set expires_at = clock_timestamp() - interval '1 second' where user_id = md5('cleo')::uuid;
select pg_temp.become('bob');
select is(pg_temp.signal('cleo'), 'PT404 not_found p_to_user_id', 'whose lease is over receives nothing');
select pg_temp.become('cleo');
select is(pg_temp.signal('bob', format('''ice'', ''{}'', p_device_id => %L', pg_temp.device('phone'))), 'PT410 expired', 'and sends nothing');
reset role;
select is_empty(
  $$ select * from pg_temp.said() s where s.event = 'webrtc-signal' and s.topic not in ('user:' || md5('cleo')::uuid, 'user:' || md5('bob')::uuid) $$,
  'nothing of all that went to anybody else'
);

select * from finish();
rollback;
