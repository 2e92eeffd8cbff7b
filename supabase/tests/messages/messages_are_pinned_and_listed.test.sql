begin;
select plan(22);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'zoe');
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'pinners', '{pin_messages}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('pinners'));
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'message ' || n) from generate_series(1, 52) as n;
reset role;
delete from broadcasts where true;

select is(pg_temp.refused_permission('select pin_message(pg_temp.channel(), 1)'), 'PT403 missing_permission pin_messages', 'not everybody pins') from pg_temp.become('bob');
select pg_temp.become('max');
select lives_ok('select pin_message(pg_temp.channel(), 1)', 'who may pin pins');
select ok((select pinned_at is not null from get_message(pg_temp.channel(), 1)), 'the message says so');
select results_eq(
  $$ select kind, author_id, author_name, body, reply_to_seq, reply ->> 'excerpt' from get_message(pg_temp.channel(), 53) $$,
  $$ select 'message_pinned', p.id, p.display_name, '', 1::bigint, 'message 1' from public.profiles p where p.id = md5('max')::uuid $$, 'and so does a message of its own'
);
reset role;
select is(
  array(select event from broadcasts where topic = private.channel_topic(pg_temp.channel()) order by (payload ->> 'revision')::bigint), '{message_pinned,message_created}', 'both are told, once'
);
select pg_temp.become('max');
select pin_message(pg_temp.channel(), 1);
reset role;
select is((select last_seq from private.channel_heads where channel_id = pg_temp.channel()), 53::bigint, 'what is pinned is not pinned again');
select pg_temp.become('max');
select pin_message(pg_temp.channel(), 2);
select is(array(select seq from list_pins(pg_temp.channel())), '{2,1}', 'pins are listed, the last first');
select lives_ok('select unpin_message(pg_temp.channel(), 1)', 'a pin is taken away');
select lives_ok('select unpin_message(pg_temp.channel(), 1)', 'once more is no error');
select is(array(select seq from list_pins(pg_temp.channel())), '{2}', 'and it is listed no longer');
reset role;
select is(
  array(select action from public.audit_log where community_id = pg_temp.community() and action like 'message%' order by number), '{message_pinned,message_pinned,message_unpinned}', 'the log has each'
);

-- How many.
select pg_temp.become('max');
select pin_message(pg_temp.channel(), n) from generate_series(3, 51) as n;
select is((select count(*) from list_pins(pg_temp.channel())), 50::bigint, 'a channel has 50');
select is(pg_temp.refusal('select pin_message(pg_temp.channel(), 52)'), 'PT409 limit_reached', 'and no more');
select pg_temp.become('bob');
select delete_message(pg_temp.channel(), 2);
select pg_temp.become('max');
select is(pg_temp.refusal('select pin_message(pg_temp.channel(), 52)'), 'none', 'one that is deleted makes room');
select is(pg_temp.refused_field('select pin_message(pg_temp.channel(), 2)'), 'PT404 not_found p_seq', 'and is not pinned');
select is(pg_temp.refused_field('select pin_message(pg_temp.channel(), 53)'), 'PT422 invalid_argument p_seq', 'nor is what the server wrote');

-- Who does not.
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select unpin_message(pg_temp.channel(), 3)'), 'PT403 missing_permission pin_messages', 'not everybody takes pins away');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'), p_deny => '{read_history}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select list_pins(pg_temp.channel())'), 'PT403 missing_permission read_history', 'who may not read the history reads no pins');
select is(pg_temp.refused_permission('select get_message(pg_temp.channel(), 3)'), 'PT403 missing_permission read_history', 'and no message');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'));
select timeout_member(pg_temp.community(), md5('max')::uuid, now() + interval '1 hour');
select pg_temp.become('max');
select is(pg_temp.refusal('select pin_message(pg_temp.channel(), 2)'), 'PT403 timed_out', 'who is timed out pins nothing');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select pin_message(pg_temp.channel(), 1)'), 'PT404 not_found p_channel_id', 'nor does an outsider');
select is(pg_temp.refused_field('select list_pins(pg_temp.channel())'), 'PT404 not_found p_channel_id', 'who reads none');

select * from finish();
rollback;
