begin;
select plan(31);
\ir ../voice_sfu.psql

create function pg_temp.hall() returns uuid language sql as $$ select pg_temp.channel('hall') $$;
-- How much longer the room is looked at, and when next.
create function pg_temp.watch() returns text language sql as $$
  select format(
    '%s, next in %s', round(extract(epoch from r.watched_until - clock_timestamp()) / 60), round(extract(epoch from r.look_at - clock_timestamp()))
  )
  from private.voice_sfu_rooms r
$$;
create function pg_temp.seen(p_id uuid, p_can_speak boolean default true, p_can_stream boolean default false) returns jsonb language sql as
$$ select jsonb_build_object('session_id', p_id, 'can_speak', p_can_speak, 'can_stream', p_can_stream) $$;
-- Nobody comes before they are due.
create function pg_temp.comes() returns text[] language sql as $$
  update private.voice_sfu_rooms set look_at = clock_timestamp() where true;
  select claim_voice_sfu_rooms(100);
$$;

select pg_temp.session('ann', p_has_token => false);
select pg_temp.session('bob');
select is(claim_voice_sfu_rooms(100), '{}', 'a room for which nobody has a token is not looked at');
select pg_temp.become('ann');
select authorize_voice_token(pg_temp.hall(), pg_temp.device('ann'));
reset role;
select is(pg_temp.watch(), '18, next in 15', 'who gets one has it looked at for as long as it may bring somebody in who holds a newer one then');
select is(claim_voice_sfu_rooms(100), '{}', 'not at once');
select is(pg_temp.comes(), array[pg_temp.hall()::text], 'but after 15 seconds');
select is(claim_voice_sfu_rooms(100), '{}', 'by one');
select is(pg_temp.watch(), '18, next in 60', 'for a minute');
select is(pg_temp.refused_field(format('select claim_voice_sfu_rooms(%L)', n)), 'PT422 invalid_argument p_limit', 'no ' || n)
from unnest(array[0, 101]) as n;

-- Who is there.
select is(compare_voice_sfu_room(pg_temp.hall(), '[]'), '{}', 'an empty room');
select is(pg_temp.watch(), '18, next in 15', 'is looked at again in 15 seconds');
update private.voice_sfu_rooms set watched_until = clock_timestamp() + interval '2 minutes' where true;
select compare_voice_sfu_room(pg_temp.hall(), '[]');
select is(pg_temp.watch(), '2, next in 15', 'and no longer than it would have been');
select is(
  compare_voice_sfu_room(pg_temp.hall(), jsonb_build_array(pg_temp.seen(pg_temp.id('ann')), pg_temp.seen(pg_temp.id('bob')))), '{}',
  'whoever has a session may be there'
);
select is(pg_temp.watch(), '12, next in 15', 'and has the room looked at until what the SFU gave them has ended');
select is(pg_temp.queued(), '{}', 'and nothing is to be done');
select is(
  compare_voice_sfu_room(pg_temp.hall(), jsonb_build_array(pg_temp.seen(pg_temp.id('ann')), pg_temp.seen(pg_temp.id('cleo')))),
  array[pg_temp.id('cleo')::text], 'who has none may not'
);
select is(
  compare_voice_sfu_room(pg_temp.channel('booth'), jsonb_build_array(pg_temp.seen(pg_temp.id('ann')))),
  array[pg_temp.id('ann')::text], 'nor who has one in another channel'
);
update private.voice_sessions set expires_at = clock_timestamp() where id = pg_temp.id('ann');
select is(
  compare_voice_sfu_room(pg_temp.hall(), jsonb_build_array(pg_temp.seen(pg_temp.id('ann')))),
  array[pg_temp.id('ann')::text], 'nor whose session has expired, although nobody has swept it yet'
);
update private.voice_sessions set expires_at = clock_timestamp() + interval '1 minute' where community_id = pg_temp.community();

-- What they may there.
select is(
  compare_voice_sfu_room(pg_temp.hall(), jsonb_build_array(pg_temp.seen(pg_temp.id('ann'), true, true), pg_temp.seen(pg_temp.id('bob'), false, false))),
  '{}', 'who may something else there than here may stay'
);
select is(pg_temp.queued(), '{ann speaks in,bob speaks in}', 'and the SFU is told again what they may');
update private.voice_sfu_changes set claimed_at = clock_timestamp(), tries = 3 where true;
select compare_voice_sfu_room(pg_temp.hall(), jsonb_build_array(pg_temp.seen(pg_temp.id('ann'), true, true)));
select is((select min(tries) from private.voice_sfu_changes), 3, 'but once: what waits already goes on waiting');

-- Nobody could see.
select is(compare_voice_sfu_room(pg_temp.hall(), null, 'the SFU did not answer'), '{}', 'a look that fails finds nobody');
select is((select (last_error, failing_since > clock_timestamp() - interval '1 minute') from private.voice_sfu_rooms), ('the SFU did not answer'::text, true), 'and says why');
update private.voice_sfu_rooms set failing_since = clock_timestamp() - interval '6 minutes' where true;
select compare_voice_sfu_room(pg_temp.hall(), null, 'nor now');
delete from private.voice_sfu_changes where true;
select is(pg_temp.refusal('select private.watch_voice_sfu()'), 'PT503 provider_unavailable', 'after five minutes the operator is told');
select compare_voice_sfu_room(pg_temp.hall(), '[]');
select is(pg_temp.refusal('select private.watch_voice_sfu()'), 'none', 'until a look succeeds');
update private.voice_sfu_rooms set look_at = clock_timestamp() - interval '6 minutes' where true;
select is(pg_temp.refusal('select private.watch_voice_sfu()'), 'PT503 provider_unavailable', 'also where nobody comes to look');
select is(pg_temp.refused_field(format('select compare_voice_sfu_room(%L, %L)', pg_temp.hall(), p)), 'PT422 invalid_argument p_participants', 'no ' || coalesce(p, 'null'))
from unnest(array[null, '{}', '[1]', '[{"session_id": "x", "can_speak": true, "can_stream": true}]']) as p;

-- Later.
update private.voice_sfu_rooms set watched_until = clock_timestamp() - interval '1 second' where true;
select is(pg_temp.comes(), '{}', 'where nobody can be any more nobody looks');
select private.sweep_voice_sfu();
select is((select count(*) from private.voice_sfu_rooms), 0::bigint, 'and then nothing is kept');

select * from finish();
rollback;
