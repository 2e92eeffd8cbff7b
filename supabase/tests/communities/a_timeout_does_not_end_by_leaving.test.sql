begin;
select plan(12);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'max');

select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select create_role(pg_temp.community(), 'admins', '{administrator}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'max']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('admins'));
select is(pg_temp.refusal('select timeout_member(pg_temp.community(), md5(''max'')::uuid, now() + interval ''1 hour'')'), 'PT403 role_hierarchy', 'administrators are exempt');
select timeout_member(pg_temp.community(), md5('bob')::uuid, now() + interval '28 days');
select pg_temp.become('bob');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hello'')'), 'PT403 timed_out', 'who is timed out does not send');
select is(my_permissions(pg_temp.community(), pg_temp.channel()), '{view_channel,read_history}', 'seeing and reading is left');
select leave_community(pg_temp.community());
select redeem_invite(current_setting('test.code'));
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hello'')'), 'PT403 timed_out', 'nor after leaving and coming back');
select pg_temp.become('ann');
select is((select timed_out_until from list_members(pg_temp.community()) where user_id = md5('bob')::uuid), now() + interval '28 days', 'the list of members tells');
select timeout_member(pg_temp.community(), md5('bob')::uuid, null);
select pg_temp.become('bob');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hello'')'), 'none', 'until it is taken back');
reset role;
select is((select topic_epoch from public.communities where id = pg_temp.community()), 2::bigint, 'a timeout moves no topic: only the leaving did');
select results_eq(
  $$ select before ->> 'until' is null, after ->> 'until' is null from public.audit_log where community_id = pg_temp.community() and action = 'member_timed_out' order by number $$,
  $$ values (true, false), (false, true) $$, 'beginning and end stand in the log'
);

-- One that is past is none: there is nothing to end and nothing to tell.
update public.community_members set timed_out_until = now() - interval '1 second' where user_id = md5('bob')::uuid;
select set_config('test.events', (select count(*) from broadcasts)::text, true);
select pg_temp.become('ann');
select is(pg_temp.refusal('select timeout_member(pg_temp.community(), md5(''bob'')::uuid, null)'), 'none', 'a timeout that is past can be ended');
reset role;
select is((select count(*) from public.audit_log where community_id = pg_temp.community() and action = 'member_timed_out'), 2::bigint, 'which is nothing for the log');
select is((select count(*) from broadcasts), current_setting('test.events')::bigint, 'and nothing to broadcast');
delete from public.community_members where user_id = md5('bob')::uuid;
select is_empty($$ select from private.departed_timeouts where user_id = md5('bob')::uuid $$, 'nor is it kept when the member leaves');

select * from finish();
rollback;
