begin;
select plan(21);
\ir ../voice_sfu.psql

create function pg_temp.asks(p_channel text default 'hall', p_device text default null) returns text language sql as $$
  select pg_temp.refusal(format('select authorize_voice_token(%L, %L)', pg_temp.channel(p_channel), pg_temp.device(coalesce(p_device, 'bob'))), 'permission')
$$;

select pg_temp.session('ann', p_has_token => false);
select pg_temp.session('bob', p_has_token => false);
update private.voice_sessions set can_stream = true where id = pg_temp.id('bob');
select pg_temp.session('cleo', 'booth', p_has_token => false);
select pg_temp.become('bob');
select is(
  authorize_voice_token(pg_temp.channel('hall'), pg_temp.device('bob')),
  jsonb_build_object('session_id', pg_temp.id('bob'), 'channel_id', pg_temp.channel('hall'), 'can_speak', true, 'can_stream', true),
  'who is in a large room may have a token that says what they may'
);
reset role;
select is(
  array(select s.id from private.voice_sessions s where s.sfu_token_at > clock_timestamp() - interval '1 minute'), array[pg_temp.id('bob')],
  'and is known to have one'
);
select is((select count(*) from private.rate_limits r where r.limit_key = 'voice_token' and r.subject = md5('bob')::uuid::text), 1::bigint, 'which counts towards their limit');
update private.voice_sessions set can_speak = false, can_stream = false where id = pg_temp.id('ann');
select pg_temp.become('ann');
select is(
  authorize_voice_token(pg_temp.channel('hall'), pg_temp.device('ann')) - array['session_id', 'channel_id'],
  '{"can_speak": false, "can_stream": false}', 'also who may only listen'
);

-- A session, of one's own device, in this channel.
select pg_temp.become('bob');
select is(pg_temp.asks(p_device => 'ann'), 'PT410 expired', 'another''s device is none of mine');
select is(pg_temp.asks(p_device => 'nobody'), 'PT410 expired', 'a device without a session has no token');
select is(pg_temp.refusal(format('select authorize_voice_token(%L)', pg_temp.channel('hall'))), 'PT410 expired', 'nor has the only device, which is another');
select pg_temp.become('cleo');
select is(pg_temp.asks(p_device => 'cleo'), 'PT410 expired', 'a session in another channel is none here');
select is(pg_temp.asks('booth', 'cleo'), 'PT409 conflict', 'and where everybody sends to everybody there is no SFU');
select is(pg_temp.asks('general', 'cleo'), 'PT422 invalid_argument', 'nor in a channel where nobody speaks');
reset role;
update private.voice_sessions set expires_at = clock_timestamp() where id = pg_temp.id('bob');
select pg_temp.become('bob');
select is(pg_temp.asks(), 'PT410 expired', 'a session that has expired is none, although nobody has swept it yet');
reset role;
update private.voice_sessions set expires_at = clock_timestamp() + interval '1 minute' where community_id = pg_temp.community();
select pg_temp.become('bob');
select is(pg_temp.asks(), 'none', 'and one that has not is one');

-- The right.
select pg_temp.become('outsider');
select is(pg_temp.asks(p_device => 'bob'), 'PT404 not_found', 'who is no member hears of nothing');
reset role;
select set_config('request.jwt.claims', '{"role": "authenticated"}', true), set_config('request.jwt.claim.sub', '', true);
set local role authenticated;
select is(pg_temp.asks(), 'PT401 session_required', 'who is not signed in is to sign in');
select pg_temp.become('ann');
savepoint before;
select set_channel_overwrite(pg_temp.channel('hall'), 'member', md5('bob')::uuid, p_deny => '{connect}');
select pg_temp.become('bob');
select is(pg_temp.asks(), 'PT403 missing_permission connect', 'without connect there is no token');
rollback to before;
select timeout_member(pg_temp.community(), md5('bob')::uuid, now() + interval '1 hour');
select pg_temp.become('bob');
select is(pg_temp.asks(), 'PT403 timed_out', 'nor during a timeout');
rollback to before;
select kick_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select is(pg_temp.asks(), 'PT404 not_found', 'nor for who is out');
rollback to before;
select pg_temp.become('bob');
select is(pg_temp.asks(), 'none', 'and with all of it there is');

-- The limit.
reset role;
select pg_temp.refill();
insert into private.rate_limits (limit_key, subject, full_at) values ('voice_token', md5('bob')::uuid::text, now() + interval '1 day');
update private.voice_sessions set sfu_token_at = null where community_id = pg_temp.community();
delete from private.voice_sfu_rooms where true;
select pg_temp.become('bob');
select is(pg_temp.asks(), 'PT429 rate_limited', 'not without end');
reset role;
select is((select count(sfu_token_at) from private.voice_sessions where community_id = pg_temp.community()), 0::bigint, 'who is refused has none');
select is_empty('select from private.voice_sfu_rooms', 'and has no room looked at');

select * from finish();
rollback;
