begin;
select plan(12);
\ir ../shared.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'staff');
select pg_temp.appoint('staff');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select report_community(pg_temp.community(), 'illegal');
select pg_temp.become('staff');
select note_report(pg_temp.report_of('bob'), 'A note.');

-- Also whoever owns the tables does not change what is in them.
reset role;
select set_config('test.report', pg_temp.report_of('bob')::text, true);
select is(pg_temp.refusal('update private.reports set evidence = ''{}'' where id = current_setting(''test.report'')::uuid'), '23001', 'the evidence does not change');
select is(pg_temp.refusal('update private.reports set reason = ''spam'' where id = current_setting(''test.report'')::uuid'), '23001', 'nor the reason');
select is(pg_temp.refusal('update private.reports set reporter_id = gen_random_uuid() where id = current_setting(''test.report'')::uuid'), '23001', 'nor who made it');
select is(pg_temp.refusal('update private.reports set concerned_ids = ''{}'' where id = current_setting(''test.report'')::uuid'), '23001', 'nor whom it concerns');
select is(
  pg_temp.refusal('update private.reports set state = ''in_review'' where id = current_setting(''test.report'')::uuid'), 'none', 'its state does'
);
select is(pg_temp.refusal('update private.report_events set note = ''Another.'' where report_id = current_setting(''test.report'')::uuid'), '23001', 'no step is changed');
select is(pg_temp.refusal('delete from private.report_events where report_id = current_setting(''test.report'')::uuid'), '23001', 'none is taken out');
select is(pg_temp.refusal('truncate private.report_events'), '23001', 'nor all of them');
select is(pg_temp.refusal('truncate private.reports cascade'), '23001', 'nor all reports');
select is((select count(*) from private.report_events where report_id = current_setting('test.report')::uuid), 2::bigint, 'and so they are all there');

-- What has to be removed, by law for instance, goes whole.
select is(pg_temp.refusal('delete from private.reports where id = current_setting(''test.report'')::uuid'), 'none', 'a report may be removed whole');
select is((select count(*) from private.report_events where report_id = current_setting('test.report')::uuid), 0::bigint, 'with its history');

select * from finish();
rollback;
