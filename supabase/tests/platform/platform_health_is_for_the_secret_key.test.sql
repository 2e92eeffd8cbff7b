-- One snapshot: jobs end, and fail, meanwhile.
begin isolation level repeatable read;
lock table private.lost_broadcasts in exclusive mode;
select plan(11);

create function pg_temp.problems() returns text[] language sql as
$$ select array(select jsonb_array_elements_text(platform_health() -> 'problems')) $$;

-- A running project may have lost a broadcast in the last hour, and a watch may have told of something.
delete from private.lost_broadcasts where true;
delete from cron.job_run_details where status = 'failed' and start_time > now() - interval '1 hour';

set local role service_role;
select is(platform_health() -> 'status', '"ok"', 'with today''s partition and the jobs all is well');
select is(platform_health() -> 'problems', '[]', 'and there are no problems to name');

reset role;
insert into private.lost_broadcasts (topic, event) values ('test:1', 'happened');
set local role service_role;
select is(platform_health() -> 'status', '"degraded"', 'a lost broadcast is degraded service');
select is(pg_temp.problems(), array['broadcasts_lost_in_the_last_hour'], 'named for what it is');

reset role;
update private.lost_broadcasts set at = now() - interval '61 minutes' where topic = 'test:1';
set local role service_role;
select is(pg_temp.problems(), '{}', 'a loss of more than an hour ago is over');

reset role;
select cron.unschedule('guildhall:sweep_messages');
set local role service_role;
select is(pg_temp.problems(), array['jobs_not_scheduled'], 'a single job that is not scheduled is named');

reset role;
select cron.schedule('guildhall:sweep_messages', '30 seconds', 'select 1');
set local role service_role;
select is(pg_temp.problems(), array['jobs_not_scheduled'], 'and so is one that does something else');

reset role;
select private.schedule_job('sweep_messages', '30 seconds', 'select private.sweep_messages()');
set local role service_role;
select is(pg_temp.problems(), '{}', 'until it is scheduled again as it was');

set local role authenticated;
set local request.jwt.claims = '{"sub": "a0000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select throws_ok('select platform_health()', '42501', null, 'a signed-in user is refused');
select throws_ok('select private.platform_health()', '42501', null, 'also behind the public function');
set local role anon;
select throws_ok('select platform_health()', '42501', null, 'so is whoever has only the publishable key');

select * from finish();
rollback;
