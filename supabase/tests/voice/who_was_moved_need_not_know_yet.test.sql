begin;
select plan(22);
\ir ../shared.psql
\ir ../voice.psql

select pg_temp.become('ann');
select create_channel(pg_temp.community(), 'den', 'voice');
create function pg_temp.move(p_from text, p_to text) returns void language plpgsql as $$
begin
  perform pg_temp.become('ann');
  perform move_member(pg_temp.channel(p_from), md5('cleo')::uuid, pg_temp.channel(p_to));
  perform pg_temp.become('cleo');
end
$$;
-- Where a renewal that names this channel finds the seat.
create function pg_temp.renewed(p_channel uuid) returns uuid language sql as $$ select (renew_voice(p_channel)).channel_id $$;
-- What is renewed within five seconds is not written.
reset role;
create function pg_temp.age() returns void language sql security definer as
$$ update private.voice_sessions set expires_at = clock_timestamp() + interval '20 seconds' where community_id = pg_temp.community() $$;

-- Twice, before the device has heard of it.
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'));
select pg_temp.move('lounge', 'stage');
select pg_temp.move('stage', 'den');
select pg_temp.age();
select is(pg_temp.renewed(pg_temp.channel('lounge')), pg_temp.channel('den'), 'who was moved twice is told where they are');
select pg_temp.age();
select is(pg_temp.renewed(pg_temp.channel('lounge')), pg_temp.channel('den'), 'also when that answer was lost');
select pg_temp.age();
select is(pg_temp.renewed(pg_temp.channel('stage')), pg_temp.channel('den'), 'or the one before it came');
select pg_temp.age();
select is(pg_temp.renewed(pg_temp.channel('den')), pg_temp.channel('den'), 'but when they have said that they know');
select is(pg_temp.refusal(format('select renew_voice(%L)', pg_temp.channel('lounge')), 'elsewhere'), 'PT410 expired true', 'where they were is where they are not');
select is(pg_temp.refusal(format('select renew_voice(%L)', pg_temp.channel('stage')), 'elsewhere'), 'PT410 expired true', 'nor between');
select is(pg_temp.refusal(format('select renew_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('phone')), 'elsewhere'), 'PT410 expired false', 'another device is nowhere');
select is(leave_voice(pg_temp.channel('lounge')), false, 'nor is it left from there');
select is(pg_temp.in_voice('den'), '{cleo}', 'and they stay');

-- Where they were may be closed to them meanwhile.
select join_voice(pg_temp.channel('lounge'));
select pg_temp.move('lounge', 'den');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('lounge'), 'member', md5('cleo')::uuid, p_deny => '{connect}');
select pg_temp.become('cleo');
select is(pg_temp.renewed(pg_temp.channel('lounge')), pg_temp.channel('den'), 'who may not go back to where they were keeps the seat where they are');
select is(pg_temp.refused_permission(format('select renew_voice(%L, %L)', pg_temp.channel('lounge'), pg_temp.device('phone'))), 'PT403 missing_permission connect', 'and no other there');
select pg_temp.become('ann');
select set_config('test.lounge', pg_temp.channel('lounge')::text, true);
select delete_channel(pg_temp.channel('lounge'));
select pg_temp.become('cleo');
select is(pg_temp.renewed(current_setting('test.lounge')::uuid), pg_temp.channel('den'), 'also when it is gone');
select pg_temp.become('dan');
select is(pg_temp.refusal(format('select renew_voice(%L)', current_setting('test.lounge'))), 'PT404 not_found', 'as it is for everybody else');

-- One session and not the one after it.
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('stage'));
select set_config('test.first', pg_temp.session('cleo')::text, true);
select join_voice(pg_temp.channel('stage'));
select set_config('test.second', pg_temp.session('cleo')::text, true);
select pg_temp.move('stage', 'den');
select is(leave_voice(pg_temp.channel('stage'), p_session_id => current_setting('test.first')::uuid), false, 'who leaves an earlier session');
select is(pg_temp.in_voice('den'), '{cleo}', 'does not end one that was moved since');
select is(leave_voice(pg_temp.channel('stage'), p_session_id => current_setting('test.second')::uuid), true, 'who leaves the one that was');
select is(pg_temp.in_voice('den'), '{}', 'has left');
select is(pg_temp.refusal(format('select renew_voice(%L)', pg_temp.channel('den')), 'elsewhere'), 'PT410 expired false', 'and is nowhere');

-- Back to where they were: another session, which says that it is the same seat.
select join_voice(pg_temp.channel('stage'));
select set_config('test.first', pg_temp.session('cleo')::text, true);
select pg_temp.move('stage', 'den');
select set_config('test.second', pg_temp.session('cleo')::text, true);
select pg_temp.move('den', 'stage');
select is(
  (renew_voice(pg_temp.channel('stage'))).former_ids, array[current_setting('test.first'), current_setting('test.second')]::uuid[],
  'who was moved away and back is told what the session was'
);
select pg_temp.move('stage', 'den'), pg_temp.move('den', 'stage') from generate_series(1, 5);
select ok(
  cardinality(former_ids) = 8 and former_ids[8] <> session_id and not current_setting('test.second')::uuid = any (former_ids),
  'however often: the last eight'
) from renew_voice(pg_temp.channel('stage'));
select join_voice(pg_temp.channel('stage'));
select is((renew_voice(pg_temp.channel('stage'))).former_ids, '{}', 'who joins anew takes the place of whatever was there');

-- A row that is never found: ended or moved each time while its renewal waited for it.
reset role;
select pg_temp.age();
create function pg_temp.skip() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger skips before update on private.voice_sessions for each row execute function pg_temp.skip();
select pg_temp.become('cleo');
select is(pg_temp.refusal(format('select renew_voice(%L)', pg_temp.channel('stage'))), 'PT409 conflict', 'a session that is moved all the time is not looked for for ever');

select * from finish();
rollback;
