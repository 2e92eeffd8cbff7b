begin;
select plan(8);

select set_eq(
  $$ select jobname::text, schedule::text, command::text from cron.job where jobname like 'guildhall:%' $$,
  $$ values
    ('guildhall:sweep_platform', '*/5 * * * *', 'select private.sweep_platform()'),
    ('guildhall:sweep_calls', '*/5 * * * *', 'select private.sweep_calls()'),
    ('guildhall:sweep_identity', '37 * * * *', 'select private.sweep_identity()'),
    ('guildhall:sweep_access', '10 seconds', 'select private.sweep_access()'),
    ('guildhall:end_accounts', '5 seconds', 'select private.end_accounts()'),
    ('guildhall:watch_account_endings', '*/20 * * * *', 'select private.watch_account_endings()'),
    ('guildhall:call_for_exports', '30 seconds', 'select private.call_for_exports()'),
    ('guildhall:watch_exports', '*/20 * * * *', 'select private.watch_exports()'),
    ('guildhall:sweep_communities', '17 * * * *', 'select private.sweep_communities()'),
    ('guildhall:tell_threads', '5 seconds', 'select private.tell_threads()'),
    ('guildhall:sweep_threads', '30 seconds', 'select private.sweep_threads()'),
    ('guildhall:tell_activity', '5 seconds', 'select private.tell_activity()'),
    ('guildhall:sweep_messages', '30 seconds', 'select private.sweep_messages()'),
    ('guildhall:sweep_attachments', '*/5 * * * *', 'select private.sweep_attachments()'),
    ('guildhall:watch_attachments', '*/20 * * * *', 'select private.watch_attachments()'),
    ('guildhall:call_for_link_previews', '5 seconds', 'select private.call_for_link_previews()'),
    ('guildhall:sweep_link_previews', '*/5 * * * *', 'select private.sweep_link_previews()'),
    ('guildhall:call_for_voice_sfu', '5 seconds', 'select private.call_for_voice_sfu()'),
    ('guildhall:watch_voice_sfu', '*/5 * * * *', 'select private.watch_voice_sfu()'),
    ('guildhall:sweep_voice_sfu', '*/10 * * * *', 'select private.sweep_voice_sfu()'),
    ('guildhall:sweep_voice', '5 seconds', 'select private.sweep_voice()') $$,
  'every job is scheduled, and nothing else'
);
select is_empty(
  $$ select jobname from cron.job where jobname like 'guildhall:%' and not active $$, 'every job is active'
);
select is_empty(
  $$ select jobname from cron.job where jobname like 'guildhall:%' and (username <> 'postgres' or database <> current_database()) $$,
  'every job runs as the migration role, in this database'
);

-- Each is taken back at once: what others have left is theirs. Of that a watch may have something to tell, as it should.
do $$
declare
  v_command text;
begin
  for v_command in select command from cron.job where jobname like 'guildhall:%' loop
    begin
      execute v_command;
      raise exception using errcode = 'ZZ000';
    exception
      when sqlstate 'ZZ000' then null;
      when sqlstate 'PT500' or sqlstate 'PT503' then
        if v_command !~ 'watch_' then
          raise;
        end if;
    end;
  end loop;
end
$$;
select pass('every job''s command runs');

select private.schedule_job('test', '5 4 * * *', 'select 1');
select private.schedule_job('test', '6 4 * * *', 'select 2');
select results_eq(
  $$ select schedule::text, command::text from cron.job where jobname = 'guildhall:test' $$,
  $$ values ('6 4 * * *', 'select 2') $$,
  'scheduling a job again replaces it'
);

-- What the sweep takes and what it leaves.
insert into private.rate_limit_catalog (key, capacity, period, description) values ('test', 1, '1 hour', 'For this test');
insert into private.rate_limits (limit_key, subject, full_at) values
  ('test', 'full again', now() - interval '1 second'), ('test', 'still charged', now() + interval '1 minute');
insert into private.lost_broadcasts (topic, event, at) values
  ('test:old', 'happened', now() - interval '7 days 1 minute'), ('test:recent', 'happened', now() - interval '6 days');
select private.sweep_platform();

select results_eq(
  $$ select subject from private.rate_limits where limit_key = 'test' $$, $$ values ('still charged') $$,
  'the sweep takes the buckets that are full again and leaves the others'
);
select results_eq(
  $$ select topic from private.lost_broadcasts where topic like 'test:%' $$, $$ values ('test:recent') $$,
  'the sweep keeps lost broadcasts for seven days'
);

insert into private.lost_broadcasts (topic, event, at)
select 'test:old', 'happened', '1999-01-01' from generate_series(1, 5);
select private.sweep_platform(2);
select is(
  (select count(*) from private.lost_broadcasts where topic = 'test:old'), 3::bigint, 'a sweep takes no more than its batch'
);

select * from finish();
rollback;
