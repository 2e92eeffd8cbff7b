begin;
select plan(43);
\ir ../voice_sfu.psql

-- What is queued.
select pg_temp.session('ann');
select pg_temp.session('bob');
select pg_temp.session('cleo', p_has_token => false);
select is(pg_temp.queued(), '{}', 'a session that begins is nothing to tell');
update private.voice_sessions set expires_at = expires_at + interval '15 seconds' where community_id = pg_temp.community();
select is(pg_temp.queued(), '{}', 'nor is one that is renewed');
update private.voice_sessions set can_speak = can_speak, is_self_muted = true where community_id = pg_temp.community();
select is(pg_temp.queued(), '{}', 'nor what is written and stays');
update private.voice_sessions set can_stream = true where community_id = pg_temp.community();
select is(pg_temp.queued(), '{ann speaks streams in,bob speaks streams in}', 'what somebody may now is, where there is a token that may say something else');
update private.voice_sessions set can_speak = false, can_stream = false where id = pg_temp.id('bob');
select is(pg_temp.queued(), '{ann speaks streams in,bob in}', 'the last state of each is what counts');
delete from private.voice_sessions where id in (pg_temp.id('bob'), pg_temp.id('cleo'));
select is(pg_temp.queued(), '{ann speaks streams in,bob out}', 'a session that ends is to be removed, where there was a token');
savepoint whole;
select pg_temp.session('cleo');
delete from auth.users where id = md5('cleo')::uuid;
select is(pg_temp.queued(), '{ann speaks streams in,bob out,cleo out}', 'also when it goes with its user');
rollback to whole;
select pg_temp.become('ann');
select delete_channel(pg_temp.channel('hall'));
reset role;
select is(pg_temp.queued(), '{ann out,bob out}', 'and when it goes with its channel');
rollback to whole;

-- What is claimed.
create temp table claimed as select * from jsonb_to_recordset(claim_voice_sfu_changes(100))
  as c (session_id uuid, room uuid, is_removal boolean, can_speak boolean, can_stream boolean, version bigint);
select results_eq(
  'select session_id, room, is_removal, can_speak, can_stream from claimed order by is_removal',
  $$ values (pg_temp.id('ann'), pg_temp.channel('hall'), false, true, true), (pg_temp.id('bob'), pg_temp.channel('hall'), true, false, false) $$,
  'a claim says who, where and what'
);
select is(claim_voice_sfu_changes(100), '[]', 'and gives it to one');
update private.voice_sfu_changes set claimed_at = clock_timestamp() - interval '59 seconds' where true;
select is(claim_voice_sfu_changes(100), '[]', 'for a minute');
update private.voice_sfu_changes set claimed_at = clock_timestamp() - interval '61 seconds' where true;
select is(jsonb_array_length(claim_voice_sfu_changes(1)), 1, 'then it is given out again, as many as are asked for');
select is(jsonb_array_length(claim_voice_sfu_changes(100)), 1, 'and then the rest');
select is(pg_temp.refused_field(format('select claim_voice_sfu_changes(%L)', n)), 'PT422 invalid_argument p_limit', 'no ' || n)
from unnest(array[0, 101]) as n;

-- What is done, and what changed meanwhile.
create function pg_temp.version(p_name text) returns bigint language sql as
$$ select c.version from private.voice_sfu_changes c where c.session_id = pg_temp.id(p_name) $$;
select is(finish_voice_sfu_change(pg_temp.id('bob'), pg_temp.version('bob')), true, 'what is done');
select is(pg_temp.queued(), '{ann speaks streams in}', 'goes');
select is(finish_voice_sfu_change(pg_temp.id('bob'), 1), false, 'once');
select is(pg_temp.refused_field(format('select finish_voice_sfu_change(%L, %L)', s, v)), 'PT422 invalid_argument ' || f, 'without ' || f || ' it is nothing')
from (values (null, 1, 'p_session_id'), (gen_random_uuid(), null, 'p_version')) as t (s, v, f);
create temp table before as select pg_temp.version('ann') as version;
update private.voice_sessions set can_stream = false where id = pg_temp.id('ann');
select is(claim_voice_sfu_changes(100), '[]', 'a change that comes while somebody is at work on the one before waits for them: the two might arrive the other way round');
select is(finish_voice_sfu_change(pg_temp.id('ann'), (select version from before)), false, 'who has done the one before');
select is(pg_temp.queued(), '{ann speaks in}', 'has not done this one');
select is((claim_voice_sfu_changes(100) -> 0 ->> 'version')::bigint, pg_temp.version('ann'), 'which is given out at once');
delete from private.voice_sessions where id = pg_temp.id('ann');
select is((claim_voice_sfu_changes(100) -> 0 -> 'is_removal'), 'true', 'a removal does not wait for anybody');
select is(finish_voice_sfu_change(pg_temp.id('ann'), (select version from before), 'the SFU did not answer'), false, 'who failed with an older one');
select is((select (tries, last_error is null) from private.voice_sfu_changes), (1, true), 'has not failed with this one');
update private.voice_sfu_changes set claimed_at = clock_timestamp() where true;
select private.queue_sfu_update(jsonb_populate_record(null::private.voice_sessions, jsonb_build_object('id', pg_temp.id('ann'), 'channel_id', pg_temp.channel('hall'), 'can_speak', true, 'can_stream', true)));
select is(pg_temp.queued(), '{ann out}', 'and nothing makes a removal anything else');

-- What fails comes back, later each time.
create function pg_temp.fails(p_times integer) returns interval language plpgsql as $$
begin
  for n in 1..p_times loop
    update private.voice_sfu_changes set claimable_at = clock_timestamp(), claimed_at = null where true;
    perform public.claim_voice_sfu_changes(100);
    perform public.finish_voice_sfu_change(pg_temp.id('ann'), pg_temp.version('ann'), repeat('x', 600));
  end loop;
  return (select date_trunc('second', c.claimable_at - clock_timestamp() + interval '0.5 seconds') from private.voice_sfu_changes c);
end
$$;
update private.voice_sfu_changes set tries = 0 where true;
select is(pg_temp.fails(1), '15 seconds', 'what fails is tried again after 15 seconds');
select is(claim_voice_sfu_changes(100), '[]', 'and not before');
select is((select length(last_error) from private.voice_sfu_changes), 500, 'what was in the way is kept');
select is(pg_temp.fails(n), i::interval, 'then after ' || i) from (values (1, '30 seconds'), (1, '1 minute'), (1, '2 minutes'), (40, '2 minutes')) as t (n, i);

-- Who is told.
create function pg_temp.watched() returns text language sql as $$ select pg_temp.refusal('select private.watch_voice_sfu()') $$;
select is(pg_temp.watched(), 'none', 'for five minutes nobody is told');
update private.voice_sfu_changes set queued_at = clock_timestamp() - interval '6 minutes' where true;
select is(pg_temp.watched(), 'PT503 provider_unavailable', 'then the operator is');
update private.voice_sfu_changes set queued_at = clock_timestamp() - interval '25 hours', claimable_at = clock_timestamp(), claimed_at = null where true;
select is(claim_voice_sfu_changes(100), '[]', 'after a day nobody tries any more');
select is(pg_temp.watched(), 'none', 'nor says so');
select private.sweep_voice_sfu();
select is((select claimable_at from private.voice_sfu_changes), 'infinity', 'and it is not in the way of what is due');
update private.voice_sfu_changes set queued_at = clock_timestamp() - interval '191 hours' where true;
select private.sweep_voice_sfu();
select is(pg_temp.queued(), '{ann out}', 'but it can be seen for a week');
update private.voice_sfu_changes set queued_at = clock_timestamp() - interval '193 hours' where true;
select private.sweep_voice_sfu(0);
select is(pg_temp.queued(), '{ann out}', 'a sweep takes no more than its batch');
select private.sweep_voice_sfu();
select is(pg_temp.queued(), '{}', 'then it goes');

select * from finish();
rollback;
