begin;
select plan(27);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'zoe');
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'managers', '{manage_messages}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'helo');
select send_message(pg_temp.channel(), 'an answer', p_reply_to_seq => 1);
reset role;
delete from broadcasts where true;

-- Editing.
select pg_temp.become('bob');
select results_eq(
  $$ select seq, body, revision, edited_at is not null from edit_message(pg_temp.channel(), 1, '  hello ') $$,
  $$ values (1::bigint, 'hello', 3::bigint, true) $$, 'who wrote a message edits it'
);
reset role;
select results_eq(
  $$ select revision, kind, seq from private.channel_events where channel_id = pg_temp.channel() and revision > 2 $$,
  $$ values (3::bigint, 'edited', 1::bigint) $$, 'which is one change of the channel'
);
select results_eq(
  $$ select event, payload ->> 'kind', (payload ->> 'revision')::bigint, payload -> 'message' ->> 'body' from broadcasts where topic = private.channel_topic(pg_temp.channel()) $$,
  $$ values ('message_edited', 'edited', 3::bigint, 'hello') $$, 'told once, with what it says now'
);
set local timezone = 'UTC';
select is(
  (select (payload -> 'message') - 'reply' from broadcasts where event = 'message_edited' and topic = private.channel_topic(pg_temp.channel())),
  (select to_jsonb(m) from public.messages m where m.channel_id = pg_temp.channel() and m.seq = 1), 'as the table has it'
);
reset timezone;
select pg_temp.become('max');
select is((select body from get_message(pg_temp.channel(), 1)), 'hello', 'everybody reads what it says now');
select is((select reply ->> 'excerpt' from get_message(pg_temp.channel(), 2)), 'hello', 'also where it is answered');
select is((select c -> 'message' ->> 'body' from jsonb_array_elements(sync_channel(pg_temp.channel(), 0) -> 'changes') c where c ->> 'revision' = '1'), 'hello', 'and in the feed, from its first entry on');

-- The same again.
select pg_temp.become('bob');
select is((edit_message(pg_temp.channel(), 1, 'hello')).revision, 3::bigint, 'the same text again changes nothing');
select is((edit_message(pg_temp.channel(), 1, 'hello there')).revision, 4::bigint, 'another text does');

-- What it said.
select pg_temp.become('max');
select results_eq(
  $$ select revision, body from list_message_edits(pg_temp.channel(), 1) $$, $$ values (3::bigint, 'hello'), (1, 'helo') $$, 'who manages messages reads what it said'
);
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select list_message_edits(pg_temp.channel(), 1)'), 'PT403 missing_permission manage_messages', 'nobody else does, not even its author');
reset role;
select is(has_table_privilege('authenticated', 'private.message_edits', 'select') or has_table_privilege('anon', 'private.message_edits', 'select'), false, 'nor from the table');

-- Who does not.
select pg_temp.become('max');
select is(pg_temp.refusal($$ select edit_message(pg_temp.channel(), 1, 'mine') $$), 'PT403 missing_permission', 'nobody edits what others wrote, not even who manages messages');
select pg_temp.become('ann');
select is(pg_temp.refusal($$ select edit_message(pg_temp.channel(), 1, 'mine') $$), 'PT403 missing_permission', 'nor the owner');
select timeout_member(pg_temp.community(), md5('bob')::uuid, now() + interval '1 hour');
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select edit_message(pg_temp.channel(), 1, 'shouting') $$), 'PT403 timed_out', 'nor who is timed out');
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('bob')::uuid, null);
select set_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid, p_deny => '{send_messages}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission($$ select edit_message(pg_temp.channel(), 1, 'shouting') $$), 'PT403 missing_permission send_messages', 'nor who may not send any more');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid);
select pg_temp.become('zoe');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), 1, 'x') $$), 'PT404 not_found p_channel_id', 'nor an outsider, who finds no channel');

-- What it may not say.
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), 1, ' ') $$), 'PT422 invalid_argument p_body', 'nothing is no text');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), 1, null) $$), 'PT422 invalid_argument p_body', 'nor is null');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), 1, repeat('x', 4001)) $$), 'PT422 body_too_long p_body', 'nor is too much');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), 99, 'x') $$), 'PT404 not_found p_seq', 'what is not there is not edited');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), -9223372036854775808, 'x') $$), 'PT404 not_found p_seq', 'whatever its number');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), null, 'x') $$), 'PT404 not_found p_seq', 'or none');
select is((select body from get_message(pg_temp.channel(), 1)), 'hello there', 'and nothing has changed');

-- What the server wrote.
select pg_temp.become('ann');
select update_channel(pg_temp.channel(), 'lobby');
select is(pg_temp.refusal($$ select edit_message(pg_temp.channel('lobby'), 3, 'x') $$), 'PT403 missing_permission', 'what the server wrote nobody edits');
reset role;
delete from auth.users where id = md5('bob')::uuid;
select results_eq(
  $$ select author_id, body from public.messages where channel_id = pg_temp.channel('lobby') and seq = 1 $$, $$ values (null::uuid, 'hello there') $$, 'it outlives its author'
);
select pg_temp.become('ann');
select is(pg_temp.refusal($$ select edit_message(pg_temp.channel('lobby'), 1, 'x') $$), 'PT403 missing_permission', 'and is nobody''s to edit then');

select * from finish();
rollback;
