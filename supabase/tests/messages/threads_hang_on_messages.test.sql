begin;
select plan(44);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo');
-- What was broadcast in a channel since the last time.
create function pg_temp.told(p_id uuid) returns text[] language plpgsql security definer as $$
declare
  v_told text[] := array(
    select event || coalesce(' ' || (payload ->> 'seq'), '') from realtime.messages
    where topic = private.channel_topic(p_id) order by (payload ->> 'revision')::bigint nulls last, event
  );
begin
  delete from broadcasts where true;
  return v_told;
end
$$;
create function pg_temp.shown(p_seq bigint, p_key text) returns text language sql as
$$ select thread ->> p_key from get_message(pg_temp.channel(), p_seq) $$;

select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'wardens', '{manage_threads,manage_messages}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'cleo']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('wardens'));
select send_message(pg_temp.channel(), 'message ' || n) from generate_series(1, 3) as n;
reset role;
delete from broadcasts where true;

-- On somebody's message.
select pg_temp.become('bob');
select results_eq(
  $$ select channel_id, kind, name, owner_id, root_seq, is_locked, archive_after_minutes, archived_at, last_seq, last_message_at, is_member
     from create_thread(pg_temp.channel(), '  aside ', 2, p_archive_after_minutes => 60) $$,
  $$ values (pg_temp.channel(), 'public', 'aside', md5('bob')::uuid, 2::bigint, false, 60, null::timestamptz, 0::bigint, null::timestamptz, true) $$,
  'a thread is opened on a message'
);
select is(pg_temp.told(pg_temp.channel()), '{"message_threaded 2"}', 'its channel is told of the message, once');
select is(
  (select thread - 'id' from get_message(pg_temp.channel(), 2)),
  '{"name": "aside", "is_locked": false, "archive_after_minutes": 60, "archived_at": null, "last_seq": 0, "last_message_at": null}', 'which shows the thread'
);
select is(pg_temp.shown(2, 'id'), pg_temp.thread()::text, 'by its id');
select is((select array[body, author_id::text] from get_message(pg_temp.channel(), 2)), array['message 2', md5('ann')::uuid::text], 'and says what it said');
select is(
  sync_channel(pg_temp.channel(), 3) -> 'changes' -> 0 -> 'message' -> 'thread' ->> 'name', 'aside', 'whoever was away hears of it'
);
select is(sync_channel(pg_temp.channel(), 3) -> 'changes' -> 0 ->> 'kind', 'threaded', 'as a change of its own kind');
select is(
  pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'another', 2) $$, 'thread_id'), 'PT409 conflict ' || pg_temp.thread(), 'a message has one'
);
select is(pg_temp.refused_field($$ select create_thread(pg_temp.channel(), 'x', 99) $$), 'PT404 not_found p_seq', 'that is there');
select is(pg_temp.refused_field($$ select create_thread(pg_temp.channel(), 'x', -1) $$), 'PT404 not_found p_seq', 'by its number');
select is(pg_temp.refused_field($$ select create_thread(pg_temp.channel(), ' ') $$), 'PT422 invalid_argument p_name', 'a thread has a name');
select is(pg_temp.refused_field($$ select create_thread(pg_temp.channel(), repeat('x', 101)) $$), 'PT422 invalid_argument p_name', 'of 100 characters at most');
select is(
  array(select distinct pg_temp.refused_field(format($f$ select create_thread(pg_temp.channel(), 'x', p_archive_after_minutes => %L) $f$, m)) from unnest(array['0', '-1', '61', null]) as m),
  '{"PT422 invalid_argument p_archive_after_minutes"}', 'and a stretch of silence that there is'
);
select is(
  pg_temp.refused_field($$ select create_thread(pg_temp.channel(), 'x', 3, p_is_private => true) $$), 'PT422 invalid_argument p_is_private', 'a private one is on no message'
);
select is(pg_temp.refused_field($$ select create_thread(pg_temp.channel(), 'x', p_is_private => null) $$), 'PT422 invalid_argument p_is_private', 'and says whether it is');
reset role;
select is((select count(*) from private.threads where community_id = pg_temp.community()), 1::bigint, 'what is refused leaves nothing');

-- On none.
delete from broadcasts where true;
select pg_temp.become('bob');
select is((create_thread(pg_temp.channel(), 'open')).root_seq, 4::bigint, 'one on no message gets one');
select is(pg_temp.told(pg_temp.channel()), '{"message_created 4"}', 'that is told, once');
select is(pg_temp.shown(4, 'id'), pg_temp.thread('open')::text, 'and shows it');
select create_thread(pg_temp.channel(), 'hidden', p_is_private => true);
select is(pg_temp.told(pg_temp.channel()), '{}', 'a private one is told in its channel by nothing');

-- What is written in it.
select send_message(pg_temp.thread(), 'reply ' || n) from generate_series(1, 5) as n;
select is(array(select body from list_messages(pg_temp.thread())), '{reply 1,reply 2,reply 3,reply 4,reply 5}', 'it is read as a channel');
select is(pg_temp.told(pg_temp.thread()), '{"message_created 1","message_created 2","message_created 3","message_created 4","message_created 5"}', 'has a topic as a channel');
select is(pg_temp.shown(2, 'last_seq'), '0', 'its message does not change with each');
reset role;
select private.tell_threads();
select is(pg_temp.told(pg_temp.channel()), '{"message_threaded 2"}', 'but once for all of them, a little later');
select private.tell_threads();
select is(pg_temp.told(pg_temp.channel()), '{}', 'and not again');
select pg_temp.become('cleo');
select is(pg_temp.shown(2, 'last_seq'), '5', 'with how many they are');
select is((select thread ->> 'last_message_at' is not null from get_message(pg_temp.channel(), 2)), true, 'and since when');
select is((select array[last_seq::text, is_member::text] from get_thread(pg_temp.thread())), '{5,false}', 'the thread itself knows at once');

-- What becomes of it.
select is(
  pg_temp.refused_permission($$ select update_thread(pg_temp.thread(), 'taken') $$), 'PT403 missing_permission manage_threads', 'others do not rename it'
);
select pg_temp.become('bob');
select is((update_thread(pg_temp.thread(), 'aside again')).name, 'aside again', 'who opened it does');
select is(pg_temp.told(pg_temp.channel()), '{"message_threaded 2"}', 'its message changes');
select is(pg_temp.shown(2, 'name'), 'aside again', 'with the name');
select is(array(select array[kind, body] from list_messages(pg_temp.thread('aside again'), 1)), '{{channel_renamed,"aside again"}}', 'and the thread says so');
select update_thread(pg_temp.thread('aside again'), 'aside again', p_archive_after_minutes => 60, p_is_archived => false);
select is(pg_temp.told(pg_temp.channel()), '{}', 'what stays is not told');
select is((update_thread(pg_temp.thread('aside again'), p_archive_after_minutes => 1440)).archive_after_minutes, 1440, 'its stretch of silence changes');
select is(pg_temp.told(pg_temp.thread('aside again')), '{thread_updated}', 'who has it open is told');
reset role;
select is(
  array(select action from public.audit_log where community_id = pg_temp.community() and action like 'thread%'), '{}', 'what one does with one''s own is not in the log'
);
select pg_temp.become('max');
select update_thread(pg_temp.thread('aside again'), p_is_locked => true, p_reason => 'enough');
reset role;
select is(
  array(select array[action, reason, before ->> 'is_locked', after ->> 'is_locked'] from public.audit_log where community_id = pg_temp.community() and action like 'thread%'),
  '{{thread_updated,enough,false,true}}', 'what is done to others'' is'
);

-- Its end.
select pg_temp.become('bob');
select is(
  pg_temp.refused_permission($$ select delete_thread(pg_temp.thread('open')) $$), 'PT403 missing_permission manage_threads', 'who opened it does not delete it'
);
select pg_temp.become('max');
select set_config('test.gone', pg_temp.thread('aside again')::text, true);
reset role;
delete from broadcasts where true;
select pg_temp.become('max');
select delete_thread(pg_temp.thread('aside again'));
select is(pg_temp.told(pg_temp.channel()), '{"message_threaded 2"}', 'a deleted one is told');
select is((select array[body, thread::text] from get_message(pg_temp.channel(), 2)), array['message 2', null], 'its message stays');
select delete_thread(pg_temp.thread('open'));
select is(pg_temp.told(pg_temp.channel()), '{"message_deleted 4"}', 'the server''s goes with it');
reset role;
select is((select deleted_at is not null from private.channel_heads where channel_id = current_setting('test.gone')::uuid), true, 'what was said in it is nobody''s any more');
select pg_temp.first_to_sweep();
select private.sweep_messages();
select is((select count(*) from public.messages where channel_id = current_setting('test.gone')::uuid), 0::bigint, 'and is removed');

select * from finish();
rollback;
