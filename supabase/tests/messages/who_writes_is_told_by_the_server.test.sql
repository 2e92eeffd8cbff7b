begin;
select plan(7);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'zoe');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
delete from broadcasts where true;

select pg_temp.become('bob');
select is(pg_temp.refusal('select start_typing(pg_temp.channel())'), 'none', 'who may send says that they are writing');
reset role;
select results_eq(
  $$ select event, payload - 'id' from broadcasts where topic = private.channel_topic(pg_temp.channel()) $$,
  $$ select 'typing', jsonb_build_object('user_id', md5('bob')::uuid) $$, 'as who they are'
);
select is((select revision from private.channel_heads where channel_id = pg_temp.channel()), 0::bigint, 'which is no change of the channel');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid, p_deny => '{send_messages}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select start_typing(pg_temp.channel())'), 'PT403 missing_permission send_messages', 'who may not send does not');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid);
select timeout_member(pg_temp.community(), md5('bob')::uuid, now() + interval '1 hour');
select pg_temp.become('bob');
select is(pg_temp.refusal('select start_typing(pg_temp.channel())'), 'PT403 timed_out', 'nor who is timed out');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select start_typing(pg_temp.channel())'), 'PT404 not_found p_channel_id', 'nor an outsider');
reset role;
update private.rate_limit_catalog set capacity = 1 where key = 'typing';
select pg_temp.become('ann');
select start_typing(pg_temp.channel());
select is(pg_temp.refusal('select start_typing(pg_temp.channel())'), 'PT429 rate_limited', 'nor who says so without end');

select * from finish();
rollback;
