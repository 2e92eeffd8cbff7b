begin;
select plan(28);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

select pg_temp.become('ann');
select set_config('request.headers', '{"x-request-id": "request 1"}', true);
select create_community('Rust');
select create_role(pg_temp.community(), 'one', '{pin_messages}');
select create_role(pg_temp.community(), 'two');
select delete_role(pg_temp.role('one'), 'not needed');
select update_role(pg_temp.role('two'), 'three');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);

select results_eq(
  $$ select number, actor_id, action, target_id, before ->> 'name', after ->> 'name', reason, request_id from public.audit_log
     where community_id = pg_temp.community() order by number desc limit 2 $$,
  $$ select 4::bigint, md5('ann')::uuid, 'role_updated', pg_temp.role('three')::text, 'two', 'three', null::text, 'request 1'
     union all select 3, md5('ann')::uuid, 'role_deleted', (select target_id from public.audit_log where community_id = pg_temp.community() and number = 1), 'one', null, 'not needed', 'request 1' $$,
  'a row says who did what to what, how it was and is, why, and in which request'
);
select pg_temp.become('ann');
select is((select array_agg(number) from list_audit_log(pg_temp.community())), array[4, 3, 2, 1]::bigint[], 'who may read it gets the newest first');
select is((select array_agg(number) from list_audit_log(pg_temp.community(), 3, p_limit => 1)), array[2]::bigint[], 'page by page');
select is((select array_agg(number) from list_audit_log(pg_temp.community(), p_action => 'role_created')), array[2, 1]::bigint[], 'by action');
select is((select array_agg(number) from list_audit_log(pg_temp.community(), p_actor_id => md5('bob')::uuid)), null, 'and by actor');
select is((select count(*) from public.audit_log), 4::bigint, 'also from the table');
select pg_temp.become('bob');
select is(pg_temp.refusal('select list_audit_log(pg_temp.community())'), 'PT403 missing_permission', 'others do not');
select is((select count(*) from public.audit_log), 0::bigint, 'not from the table either');

-- Nobody changes it.
select pg_temp.become('ann');
select is(pg_temp.refusal('update public.audit_log set reason = null where true'), '42501', 'the owner of a community does not change it');
set local role service_role;
select is(pg_temp.refusal('update public.audit_log set reason = null where true'), '42501', 'nor does the secret key');
select is(pg_temp.refusal('insert into public.audit_log select * from public.audit_log'), '42501', 'which adds nothing to it, either');
reset role;
select is(pg_temp.refusal('update public.audit_log set reason = null where true'), '42501', 'nor does the role that owns the table');
select is(pg_temp.refusal('delete from public.audit_log where true'), '42501', 'which deletes nothing');
select is(pg_temp.refusal('truncate public.audit_log'), '42501', 'and does not empty it');

-- Somebody who takes the guard away is found out.
create function pg_temp.verdict() returns text language sql as $$
  select concat_ws(' ', v ->> 'is_valid', v ->> 'entries', v ->> 'first_bad_number', v ->> 'problem')
  from private.audit_chain(pg_temp.community()) as v
$$;
select is(pg_temp.verdict(), 'true 4', 'the chain is whole');
set local timezone = 'Pacific/Kiritimati';
select is(pg_temp.verdict(), 'true 4', 'in every zone');
reset timezone;
alter table public.audit_log disable trigger audit_log_append_only;
savepoint whole;
update public.audit_log set reason = 'needed' where community_id = pg_temp.community() and number = 3;
select is(pg_temp.verdict(), 'false 2 3 changed', 'a changed row is found');
rollback to savepoint whole;
update public.audit_log set reason = 'needed' where community_id = pg_temp.community() and number = 3;
update public.audit_log a set hash = private.audit_hash(a) where community_id = pg_temp.community() and number = 3;
select is(pg_temp.verdict(), 'false 3 4 broken link', 'also when its hash is made to fit');
rollback to savepoint whole;
delete from public.audit_log where community_id = pg_temp.community() and number = 2;
select is(pg_temp.verdict(), 'false 1 2 missing', 'a missing row is found');
rollback to savepoint whole;
delete from public.audit_log where community_id = pg_temp.community() and number = 4;
select is(pg_temp.verdict(), 'false 3 4 cut off', 'and a missing end');
rollback to savepoint whole;
delete from public.audit_log where community_id = pg_temp.community() and number = 1;
select is(pg_temp.verdict(), 'false 0 1 missing', 'and a missing beginning');
rollback to savepoint whole;
delete from public.audit_log where community_id = pg_temp.community();
select is(pg_temp.verdict(), 'false 0 1 cut off', 'and that all of it is gone');
rollback to savepoint whole;
-- Each thing a row says is in its hash.
select is_empty(
  $$ select changed from (
       select 'at' as changed, r as was, jsonb_populate_record(r, jsonb_build_object('at', r.at + interval '1 microsecond')) as is
       from public.audit_log r where community_id = pg_temp.community() and number = 3
       union all
       select k.key, r, jsonb_populate_record(r, jsonb_build_object(k.key, k.value))
       from public.audit_log r, jsonb_each('{"community_id": "00000000-0000-4000-8000-000000000000", "number": 9, "actor_id": null, "action": "x",
         "target_id": "x", "before": {"name": "x"}, "after": {}, "reason": null, "request_id": "x", "previous_hash": "x"}') as k
       where community_id = pg_temp.community() and number = 3
     ) c where private.audit_hash(c.was) = private.audit_hash(c.is) $$,
  'nothing that a row says can be changed without another hash'
);
-- What is found is told to who may read the log, and to nobody else.
update public.audit_log set reason = 'needed' where community_id = pg_temp.community() and number = 3;
select pg_temp.become('ann');
select is(
  verify_audit_chain(pg_temp.community()), '{"is_valid": false, "entries": 2, "first_bad_number": 3, "problem": "changed"}'::jsonb, 'who may read the log is told'
);
select pg_temp.become('bob');
select is(pg_temp.refusal('select verify_audit_chain(pg_temp.community())'), 'PT403 missing_permission', 'others are not');
reset role;
rollback to savepoint whole;
alter table public.audit_log enable trigger audit_log_append_only;

-- The community goes, its log stays.
select set_config('test.community', pg_temp.community()::text, true);
select set_config('test.topic', private.community_topic(pg_temp.community()), true);
select pg_temp.become('ann');
select delete_community(pg_temp.community(), 'Rust');
reset role;
select is((select count(*) from public.communities where id = current_setting('test.community')::uuid), 0::bigint, 'when a community is deleted');
select is(
  (select action from public.audit_log where community_id = current_setting('test.community')::uuid order by number desc limit 1), 'community_deleted', 'its log outlives it'
);
select results_eq(
  $$ select topic, payload - 'id' from broadcasts where event = 'community_deleted' and topic = current_setting('test.topic') $$,
  $$ select current_setting('test.topic'), jsonb_build_object('community_id', current_setting('test.community'), 'moved', '[]'::jsonb) $$,
  'and whoever listened heard it, on the name they listened on'
);

select * from finish();
rollback;
