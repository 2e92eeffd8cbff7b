begin;
select plan(3);
\ir ../shared.psql
\ir ../voice.psql

-- It ends after this transaction has begun, as one does while whoever times out waits for the community's lock.
update public.community_members m set timed_out_until = now() + interval '1 millisecond' where m.user_id = md5('cleo')::uuid;
select pg_sleep(0.02);
create temp table earlier as select pg_temp.voice_topic('lounge') as topic;
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('cleo')::uuid, clock_timestamp() + interval '1 hour');
reset role;
select isnt(pg_temp.voice_topic('lounge'), (select e.topic from earlier e), 'a timeout that has just ended is none: the topic moves');

truncate earlier;
insert into earlier select pg_temp.voice_topic('lounge');
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('cleo')::uuid, clock_timestamp() + interval '2 hours');
reset role;
select is(pg_temp.voice_topic('lounge'), (select e.topic from earlier e), 'one that is made longer moves nothing');
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('cleo')::uuid, null);
reset role;
select is(pg_temp.voice_topic('lounge'), (select e.topic from earlier e), 'nor does one that is ended');

select * from finish();
rollback;
