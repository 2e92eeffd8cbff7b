-- One snapshot: that nothing was written is asked of whole tables, which others write in meanwhile.
begin isolation level repeatable read;
select plan(70);
\ir ../shared.psql
\ir ../direct.psql

-- ann, bob, cleo and mute are in a community; cleo's id comes before all others in the order of bytes. loner is in none; unlinked is, and
-- has no id of the other system.
select pg_temp.sign_up('owner', 'ann', 'bob', 'cleo', 'mute', 'loner', 'unlinked', 'former');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'cleo', 'mute', 'unlinked', 'former']) as name;
select private.link_external_identity(md5(name)::uuid, private.chat_provider(), id)
from (values ('ann', 'a1'), ('bob', 'b-2'), ('cleo', 'C3'), ('mute', 'm4'), ('loner', 'l5'), ('former', 'f6')) as links (name, id);
update private.rate_limit_catalog set capacity = 100000;

-- Everything that a refused call must leave as it was.
create function pg_temp.written() returns text language sql security definer as $$
  select concat_ws(' ',
    (select count(*) from private.direct_channels), (select count(*) from private.direct_members), (select count(*) from public.messages),
    (select count(*) from realtime.messages), (select count(*) from private.external_identities))
$$;
create function pg_temp.chat(p_sender text, p_recipient text, p_thread text, p_body text default 'hello', p_client text default null)
returns text language sql as $$
  select pg_temp.refused_field(format('select insert_chat_message(%L, %L, %L, %L, %L)', p_thread, p_sender, p_recipient, p_body, p_client))
$$;
create function pg_temp.told_chat(p_thread text) returns text[] language sql security definer as $$
  select array(
    select event || ' ' || coalesce(payload -> 'record' ->> 'seq', payload -> 'old_record' ->> 'seq') || coalesce(' ' || (payload -> 'record' ->> 'body'), '')
    from broadcasts where topic = 'chat:' || p_thread order by 1
  )
$$;
create function pg_temp.hears(p_name text, p_topic text) returns boolean language plpgsql as $$
begin
  perform pg_temp.become(p_name);
  return private.may_receive_chat_topic(p_topic);
end
$$;

-- A thread.
select pg_temp.become('ann');
select results_eq(
  $$ select thread_id, channel_id = pg_temp.pair('ann', 'bob'), other_mongo_id, other_supabase_id, last_seq, last_message_at, unread, created_at is null from ensure_chat_thread('b-2') $$,
  $$ values ('a1_b-2', true, 'b-2', md5('bob')::uuid, 0::bigint, null::timestamptz, 0::bigint, false) $$, 'a chat is begun by the other''s id'
);
select is((ensure_chat_thread('b-2')).channel_id, pg_temp.pair('ann', 'bob'), 'and found again');
select is((open_direct(md5('bob')::uuid)).id, pg_temp.pair('ann', 'bob'), 'as the direct channel that it is');
select is((select count(*) from chat_threads where thread_id = 'a1_b-2'), 1::bigint, 'whoever began it is shown it');
select pg_temp.become('bob');
select is_empty($$ select * from chat_threads $$, 'the other not before something is said');
select results_eq(
  $$ select thread_id, other_mongo_id, channel_id from ensure_chat_thread('a1') $$, $$ values ('a1_b-2', 'a1', pg_temp.pair('ann', 'bob')) $$, 'from the other side it is the same'
);
select pg_temp.become('cleo');
select is((ensure_chat_thread('a1')).thread_id, 'C3_a1', 'ids stand in the order of their bytes, whoever asks');
select pg_temp.become('ann');
select is((ensure_chat_thread('C3')).thread_id, 'C3_a1', 'and in whatever language');

-- Whom not.
select set_config('test.written', pg_temp.written(), true);
select is(pg_temp.refused_field($$ select ensure_chat_thread('a1') $$), 'PT422 invalid_argument _other_mongo_id', 'nobody chats with themselves');
select is(pg_temp.refused_field($$ select ensure_chat_thread('l5') $$), 'PT404 not_found _other_mongo_id', 'who shares nothing with the caller');
select is(pg_temp.refusal($$ select ensure_chat_thread('l5') $$, 'field'), pg_temp.refusal($$ select ensure_chat_thread('nobody') $$, 'field'), 'is told like nobody');
select is_empty(
  $$ select id from unnest(array[null, '', 'a_b', e'a\n', repeat('x', 100000), 'b-2_a1', 'B-2', md5('bob')::uuid::text]) as id
     where pg_temp.refused_field(format('select ensure_chat_thread(%L)', id)) is distinct from 'PT404 not_found _other_mongo_id' $$,
  'so is what is no id'
);
select pg_temp.become('unlinked');
select is(pg_temp.refused_field($$ select ensure_chat_thread('b-2') $$), 'PT403 not_linked', 'who has no id is told that');
select is(pg_temp.refused_field($$ select ensure_chat_thread('nobody') $$), 'PT403 not_linked', 'and nothing of others');
select is(pg_temp.chat('b-2', 'a1', 'a1_b-2'), 'PT403 not_linked', 'also for writing');
select is_empty($$ select * from chat_threads $$, 'has no chats');
select is(pg_temp.refused_field($$ select * from fetch_chat_history('a1_b-2') $$), 'PT404 not_found _thread_id', 'and reads none');

-- Writing, with what is forged.
select pg_temp.become('ann');
select is(pg_temp.chat('b-2', 'C3', 'C3_b-2'), 'PT403 missing_permission _sender_mongo_id', 'nobody writes in another''s name');
select is(pg_temp.chat('b-2', 'a1', 'a1_b-2'), 'PT403 missing_permission _sender_mongo_id', 'not to themselves either');
select is(pg_temp.chat('A1', 'b-2', 'a1_b-2'), 'PT403 missing_permission _sender_mongo_id', 'nor in one like theirs');
select is(pg_temp.chat(null, 'b-2', 'a1_b-2'), 'PT403 missing_permission _sender_mongo_id', 'or in none');
select is(pg_temp.chat('a1', 'a1', 'a1_a1'), 'PT422 invalid_argument _recipient_mongo_id', 'nobody writes to themselves');
select is(pg_temp.chat('a1', 'nobody', 'a1_nobody'), 'PT404 not_found _recipient_mongo_id', 'nor to nobody');
select is(pg_temp.chat('a1', 'l5', 'a1_l5'), 'PT404 not_found _recipient_mongo_id', 'or to whom they share nothing with');
select is(pg_temp.chat('a1', null, 'a1_b-2'), 'PT404 not_found _recipient_mongo_id', 'nor to null');
select is_empty(
  $$ select thread from unnest(array['b-2_a1', 'C3_a1', 'C3_b-2', 'a1', '', null, 'a1_b-2_', 'a1_B-2', pg_temp.pair('ann', 'bob')::text]) as thread
     where pg_temp.chat('a1', 'b-2', thread) is distinct from 'PT422 invalid_argument _thread_id' $$,
  'nor under another thread''s id'
);
select is(pg_temp.chat('a1', 'b-2', 'a1_b-2', '  '), 'PT422 invalid_argument _body', 'a message says something');
select is(pg_temp.chat('a1', 'b-2', 'a1_b-2', repeat('x', 4001)), 'PT422 body_too_long _body', 'and not too much');
select is(pg_temp.chat('a1', 'b-2', 'a1_b-2', 'x', ''), 'PT422 invalid_argument _client_id', 'a client id is not empty');
select is(pg_temp.chat('a1', 'b-2', 'a1_b-2', 'x', repeat('x', 65)), 'PT422 invalid_argument _client_id', 'nor long');
select is(pg_temp.chat('a1', 'm4', 'a1_b-2'), 'PT422 invalid_argument _thread_id', 'what is refused at last has begun nothing');
select is(pg_temp.pair('ann', 'mute'), null, 'no channel');
select is(pg_temp.written(), current_setting('test.written'), 'and nothing was written by all of it');

-- Writing.
create temp table sent as select * from insert_chat_message('a1_b-2', 'a1', 'b-2', '  one ', 'client 1');
grant select on sent to authenticated;
select results_eq(
  $$ select id, thread_id, channel_id, seq, sender_mongo_id, recipient_mongo_id, sender_supabase_id, recipient_supabase_id, body, client_id, created_at is null, edited_at from sent $$,
  $$ values (pg_temp.pair('ann', 'bob') || ':1', 'a1_b-2', pg_temp.pair('ann', 'bob'), 1::bigint, 'a1', 'b-2', md5('ann')::uuid, md5('bob')::uuid, 'one', 'client 1', false, null::timestamptz) $$,
  'a message comes back with who wrote it to whom'
);
select set_eq($$ select * from insert_chat_message('a1_b-2', 'a1', 'b-2', 'other', 'client 1') $$, 'select * from sent', 'once for its client id');
select set_eq($$ select * from chat_messages $$, 'select * from sent', 'the view has the same row');
select set_eq($$ select * from fetch_chat_history('a1_b-2') $$, 'select * from sent', 'and the function');
select pg_temp.become('bob');
select set_eq($$ select * from chat_messages where thread_id = 'a1_b-2' $$, 'select * from sent', 'for the other, too');
select set_eq($$ select * from fetch_chat_history('a1_b-2') $$, 'select * from sent', 'by both');
select results_eq($$ select thread_id, last_seq, unread from chat_threads $$, $$ values ('a1_b-2', 1::bigint, 1::bigint) $$, 'who is shown the chat now, unread');
select results_eq(
  $$ select sender_mongo_id, recipient_mongo_id, sender_supabase_id, recipient_supabase_id, seq, client_id from insert_chat_message('a1_b-2', 'b-2', 'a1', 'two') $$,
  $$ values ('b-2', 'a1', md5('bob')::uuid, md5('ann')::uuid, 2::bigint, null::text) $$, 'an answer goes the other way'
);
select pin_message(pg_temp.pair('ann', 'bob'), 1);
select is((insert_chat_message('b-2_m4', 'b-2', 'm4', 'begun by writing')).thread_id, 'b-2_m4', 'a message begins its chat');
select is((select count(*) from chat_messages where thread_id = 'a1_b-2'), 2::bigint, 'what the server says is not for this surface');
select edit_message(pg_temp.pair('ann', 'bob'), 2, 'zwei');
select insert_chat_message('a1_b-2', 'b-2', 'a1', 'three');
select delete_message(pg_temp.pair('ann', 'bob'), 4);
select results_eq(
  $$ select seq, body, edited_at is not null from chat_messages where thread_id = 'a1_b-2' order by seq $$,
  $$ values (1::bigint, 'one', false), (2, 'zwei', true) $$, 'what is edited says so, and what is deleted is gone'
);
select is(pg_temp.chat('b-2', 'a1', 'a1_b-2', 'late', 'c9'), 'none', 'one more');
select delete_message(pg_temp.pair('ann', 'bob'), 5);
select is(pg_temp.chat('b-2', 'a1', 'a1_b-2', 'late', 'c9'), 'PT410 expired', 'a retry brings nothing back');

-- What is told.
select is(
  pg_temp.told_chat('a1_b-2'),
  '{"DELETE 4","DELETE 5","INSERT 1 one","INSERT 2 two","INSERT 4 three","INSERT 5 late","UPDATE 2 zwei"}', 'every message, edit and deletion is told on the chat''s topic, and nothing else'
);
reset role;
-- Broadcasts write times in UTC, whatever zone their sender has chosen.
select set_config('test.zone', current_setting('timezone'), true), set_config('timezone', 'UTC', true);
select is(
  (select payload - 'id' from broadcasts where topic = 'chat:a1_b-2' and event = 'INSERT' and payload -> 'record' ->> 'seq' = '1'),
  (select jsonb_build_object('schema', 'public', 'table', 'chat_messages', 'operation', 'INSERT', 'old_record', null, 'record', to_jsonb(s)) from sent s),
  'with the row, as Realtime tells of changes'
);
select set_config('timezone', current_setting('test.zone'), true);
select is(
  (select payload - 'id' from broadcasts where topic = 'chat:a1_b-2' and event = 'DELETE' and payload -> 'old_record' ->> 'seq' = '4'),
  (select jsonb_build_object('schema', 'public', 'table', 'chat_messages', 'operation', 'DELETE', 'record', null, 'old_record',
     jsonb_build_object('id', channel_id || ':4', 'thread_id', 'a1_b-2', 'channel_id', channel_id, 'seq', 4)) from sent),
  'or which it was'
);

-- Who else.
select pg_temp.become('cleo');
select is_empty($$ select * from chat_messages where thread_id = 'a1_b-2' or channel_id = pg_temp.pair('ann', 'bob') $$, 'a third reads nothing of it');
select is_empty($$ select * from messages where channel_id = pg_temp.pair('ann', 'bob') $$, 'nor in messages');
select is(pg_temp.refused_field($$ select * from fetch_chat_history('a1_b-2') $$), 'PT404 not_found _thread_id', 'nor by the function');
select is(pg_temp.refusal($$ select * from fetch_chat_history('a1_b-2') $$), pg_temp.refusal($$ select * from fetch_chat_history('a1_nobody') $$), 'which says the same of what does not exist');
select is(pg_temp.refused_field($$ select * from fetch_chat_history('C3_b-2') $$), 'PT404 not_found _thread_id', 'also of one''s own that was never begun');
select is_empty(
  $$ select thread from unnest(array['b-2_a1', 'a1_a1_b-2', 'a1', '', null, '_', 'a1_', '_a1', e'a1_b-2\n', 'chat:a1_b-2', repeat('a', 65) || '_b']) as thread
     where pg_temp.refused_field(format('select * from fetch_chat_history(%L)', thread)) is distinct from 'PT422 invalid_argument _thread_id' $$,
  'what is no thread id is refused as such'
);
select is(
  (select array_agg(name order by name) filter (where pg_temp.hears(name, 'chat:a1_b-2')) from unnest(array['ann', 'bob', 'cleo', 'mute', 'loner', 'unlinked', 'former']) as name),
  '{ann,bob}', 'only the two hear the topic'
);
select pg_temp.become('ann');
select is_empty(
  $$ select topic from unnest(array['chat:b-2_a1', 'chat:a1_b-2:x', 'chat:', 'chat', 'chat:b-2_m4', 'chat:a1_m4', 'Chat:a1_b-2', null]) as topic where private.may_receive_chat_topic(topic) $$,
  'and by no other name, or of a chat that is not'
);
reset role;
select is((select row(send, presence) is null from private.topics where prefix = 'chat'), true, 'nobody sends there, or is present');
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
set local role authenticated;
select is(
  array[pg_temp.refusal($$ select ensure_chat_thread('a1') $$), pg_temp.chat('a1', 'b-2', 'a1_b-2'), pg_temp.refusal($$ select * from fetch_chat_history('a1_b-2') $$), pg_temp.refusal($$ select * from fetch_chat_history('x') $$)],
  array_fill('PT401 session_required'::text, '{4}'), 'a token without a user is told to sign in'
);
select is_empty($$ select * from chat_messages union all select null, thread_id, channel_id, null, null, null, null, null, null, null, null, null from chat_threads $$, 'and reads nothing');
set local role anon;
select is(
  array[pg_temp.refusal($$ select ensure_chat_thread('a1') $$), pg_temp.chat('a1', 'b-2', 'a1_b-2'), pg_temp.refusal($$ select * from fetch_chat_history('a1_b-2') $$),
    pg_temp.refusal('select * from chat_messages'), pg_temp.refusal('select * from chat_threads')],
  array_fill('42501'::text, '{5}'), 'without a session nothing may be called'
);

-- An account that is gone, with a token that is not.
reset role;
select set_config('test.written', pg_temp.written(), true);
select pg_temp.become('former');
select insert_chat_message('a1_f6', 'f6', 'a1', 'farewell');
reset role;
delete from auth.users where id = md5('former')::uuid;
select pg_temp.become('former');
select is(
  array[pg_temp.refusal($$ select ensure_chat_thread('a1') $$), pg_temp.chat('f6', 'a1', 'a1_f6'), pg_temp.refusal($$ select * from fetch_chat_history('a1_f6') $$)],
  '{"PT401 session_required","PT401 session_required","PT401 session_required"}', 'whose account is gone neither writes nor reads'
);
select is(private.may_receive_chat_topic('chat:a1_f6'), false, 'nor hears');
select pg_temp.become('ann');
select is_empty($$ select * from chat_messages where thread_id = 'a1_f6' union all select null, thread_id, channel_id, null, null, null, null, null, null, null, null, null from chat_threads where thread_id = 'a1_f6' $$, 'who has no id any more is in no chat');
select is(pg_temp.chat('a1', 'f6', 'a1_f6'), 'PT404 not_found _recipient_mongo_id', 'and not written to');
select is((select count(*) from messages where body = 'farewell'), 1::bigint, 'what was said stays in the direct channel');

-- Whoever takes no messages.
select pg_temp.become('mute');
select update_my_preferences('nobody');
select pg_temp.become('cleo');
select is(pg_temp.refused_field($$ select ensure_chat_thread('m4') $$), 'PT403 missing_permission _other_mongo_id', 'who takes no messages is not written to');
select pg_temp.become('bob');
select is(pg_temp.refused_permission($$ select insert_chat_message('b-2_m4', 'b-2', 'm4', 'are you there?', '') $$), 'PT403 missing_permission send_messages', 'not in a chat that was begun before, which is said first');
select is((select count(*) from chat_messages where thread_id = 'b-2_m4'), 1::bigint, 'but it is read');

-- Groups are none.
select open_group(array[md5('ann')::uuid], 'us');
select send_message(pg_temp.direct_group('us'), 'in a group');
select is((select count(*) from messages where body = 'in a group') - (select count(*) from chat_messages where body = 'in a group'), 1::bigint, 'a group is no chat');

select * from finish();
rollback;
