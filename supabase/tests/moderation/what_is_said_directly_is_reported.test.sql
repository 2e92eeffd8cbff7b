begin;
select plan(12);
\ir ../shared.psql
\ir ../direct.psql
\ir ../reports.psql

select pg_temp.sign_up('owner', 'ann', 'bob', 'cleo', 'staff', 'outsider');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'cleo']) as name;
select grant_staff_role(md5(name)::uuid, 'reviewer') from unnest(array['staff', 'bob']) as name;
select pg_temp.become('bob');
select open_direct(md5('ann')::uuid);
select send_message(pg_temp.pair('ann', 'bob'), body) from unnest(array['hello', 'a threat', 'more']) as body;
select pg_temp.become('ann');
select leave_community(pg_temp.community());

select set_config('test.report', (report_message(pg_temp.pair('ann', 'bob'), 2, 'harassment')).id::text, true);
select isnt(current_setting('test.report'), '', 'what somebody wrote directly is reported by the other');
select is(pg_temp.refusal($$ select report_user(md5('bob')::uuid, 'harassment') $$), 'none', 'so is the person, with whom nothing else is shared');
select is(pg_temp.refused_field($$ select report_user(md5('cleo')::uuid, 'harassment') $$), 'PT404 not_found p_user_id', 'but nobody with whom nothing is');
select is(pg_temp.refused_field($$ select report_user(md5('outsider')::uuid, 'harassment') $$), 'PT404 not_found p_user_id', 'nor a stranger');
select pg_temp.become('cleo');
select is(pg_temp.refused_field($$ select report_message(pg_temp.pair('ann', 'bob'), 2, 'spam') $$), 'PT404 not_found p_channel_id', 'nobody else reports what they do not see');

-- The other's account ends, and the channel with the last of both.
reset role;
delete from auth.users where id = md5('ann')::uuid;
select pg_temp.become('staff');
select is(get_report(current_setting('test.report')::uuid) -> 'evidence' #>> '{message,body}', 'a threat', 'staff read what was said');
select is(get_report(current_setting('test.report')::uuid) -> 'evidence' -> 'community', 'null'::jsonb, 'of no community');
select is(jsonb_array_length(get_report(current_setting('test.report')::uuid) -> 'evidence' -> 'around'), 2, 'and around it');
select assign_report(current_setting('test.report')::uuid);
select is(pg_temp.refusal($$ select act_on_report(current_setting('test.report')::uuid, 'kick_member') $$), 'PT409 conflict', 'there is no community to take somebody out of');
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select get_report(current_setting('test.report')::uuid) $$), 'PT404 not_found p_report_id', 'whom it is about does not, as staff neither');
select is_empty($$ select * from list_reports() where id = current_setting('test.report')::uuid $$, 'by no list');
reset role;
delete from auth.users where id = md5('bob')::uuid;
select pg_temp.become('staff');
select is(get_report(current_setting('test.report')::uuid) -> 'evidence' #>> '{message,body}', 'a threat', 'also when both are gone');

select * from finish();
rollback;
