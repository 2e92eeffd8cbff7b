begin;
select plan(37);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'other');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);

-- What is returned is what is stored.
select pg_temp.become('ann');
create temp table sent as select * from send_message(pg_temp.channel(), 'hello', 'nonce 1');
select is((select channel_id from sent), pg_temp.channel(), 'send_message returns the message: its channel');
select is((select author_id from sent), md5('ann')::uuid, 'its author, who is the caller');
select is((select body from sent), 'hello', 'its text');
select is((select array[seq, revision] from sent), '{1,1}', 'its number and revision, the first');
select is((select client_nonce from sent), 'nonce 1', 'its nonce');
select ok((select reply_to_seq is null from sent), 'and that it answers none');
select ok((select created_at between now() - interval '1 second' and clock_timestamp() from sent), 'its time is the server''s');
select set_eq('select to_jsonb(m) from public.messages m', 'select to_jsonb(s) - ''reply'' - ''my_reactions'' from sent s', 'the table has the same row');

-- Numbers.
select is((send_message(pg_temp.channel(), 'second')).seq, 2::bigint, 'the next message is the next number');
select pg_temp.become('bob');
select is((send_message(pg_temp.channel(), 'third')).seq, 3::bigint, 'whoever sends it');
select is((send_message(pg_temp.channel('other'), 'first')).seq, 1::bigint, 'each channel counts for itself');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), '') $$), 'PT422 invalid_argument p_body', 'a refused message');
select is((send_message(pg_temp.channel(), 'fourth')).seq, 4::bigint, 'uses no number');
reset role;
select results_eq(
  $$ select last_seq, revision from private.channel_heads where channel_id = pg_temp.channel() $$, $$ values (4::bigint, 4::bigint) $$, 'the head knows the last number'
);
select ok(
  (select bool_and(ok) from (select created_at >= lag(created_at) over (order by seq) as ok from public.messages where channel_id = pg_temp.channel()) t),
  'times do not run against numbers'
);

-- Texts.
select pg_temp.become('ann');
select is(char_length((send_message(pg_temp.channel(), repeat('é', 4000))).body), 4000, 'a text of 4,000 characters is taken');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), repeat('é', 4001)) $$), 'PT422 body_too_long p_body', 'one of 4,001 is refused');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), repeat('x', 5000000)) $$), 'PT422 body_too_long p_body', 'so is one of five million');
select is(char_length((send_message(pg_temp.channel(), repeat('👩', 4000))).body), 4000, 'characters are counted, not bytes');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), null) $$), 'PT422 invalid_argument p_body', 'null is no text');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), '   ') $$), 'PT422 invalid_argument p_body', 'nor are spaces');
select is(pg_temp.refused_field(E'select send_message(pg_temp.channel(), E'' \\n\\t\\r '')'), 'PT422 invalid_argument p_body', 'nor line ends and tabs');
select is(pg_temp.refused_field(E'select send_message(pg_temp.channel(), E''\\u00a0\\u2003\\u3000'')'), 'PT422 invalid_argument p_body', 'nor the wide spaces of other writing');

-- Bytes are kept exactly.
create temp table bodies (body text);
insert into bodies values
  (E'line\r\n\nends'), (E'\ufeffbyte-order mark'), (E'byte-order mark\ufeff'),
  (E'\u202eright to left'), (E'\u200d\u200b zero width'), ('👩‍👩‍👧‍👦🏳️‍🌈'), (E'\u0001\u001b[31mred\u007f'), ('<script>alert(1)</script>'), ('''; drop table messages; -- $1 %s \n \\'),
  ('{"json": "text"}'), ('null'), ('\x41'), (E'tab\there'), ('ﬃ ſ İ ß'), (E'\U0010ffff\ue000\uffff');
select is_empty(
  $$ select body from bodies where convert_to((send_message(pg_temp.channel(), body)).body, 'UTF8') <> convert_to(body, 'UTF8') $$,
  'a text is returned byte for byte'
);
select is_empty(
  $$ select b.body from bodies b where not exists (
       select from list_messages(pg_temp.channel(), 100) m where convert_to(m.body, 'UTF8') = convert_to(b.body, 'UTF8')) $$,
  'and listed byte for byte'
);
reset role;
select is_empty(
  $$ select b.body from bodies b where not exists (
       select from realtime.messages r
       where r.topic = private.channel_topic(pg_temp.channel()) and convert_to(r.payload -> 'message' ->> 'body', 'UTF8') = convert_to(b.body, 'UTF8')) $$,
  'and broadcast byte for byte'
);

-- Answers.
select pg_temp.become('bob');
select is((send_message(pg_temp.channel(), 'an answer', null, 2)).reply_to_seq, 2::bigint, 'a message may answer another');
select is(
  (select reply_to_seq from list_messages(pg_temp.channel(), 1)), 2::bigint, 'which is kept'
);
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x', null, 99999) $$), 'PT404 not_found p_reply_to_seq', 'an answer to a number that does not exist is refused');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel('other'), 'x', null, 2) $$), 'PT404 not_found p_reply_to_seq', 'so is one to a message of another channel');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x', null, 0) $$), 'PT404 not_found p_reply_to_seq', 'so is one to nothing');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x', null, -1) $$), 'PT404 not_found p_reply_to_seq', 'or to less');

-- Rights and limits.
reset role;
update public.roles set permissions = permissions & ~private.permission_mask('send_messages') where community_id = pg_temp.community();
select private.resolve_access(pg_temp.community());
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x') $$), 'PT403 missing_permission', 'without send_messages nothing is sent');
select pg_temp.become('ann');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x') $$), 'none', 'the owner sends all the same');
reset role;
update private.rate_limits set full_at = now() + interval '1 hour' where limit_key = 'message_send' and subject = md5('ann')::uuid::text;
select pg_temp.become('ann');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x') $$), 'PT429 rate_limited', 'who sends too many has to wait');

-- An author who is gone.
reset role;
select set_config('test.bobs', (select count(*) from public.messages where author_id = md5('bob')::uuid)::text, true);
delete from auth.users where id = md5('bob')::uuid;
select is(
  (select count(*) from public.messages where channel_id in (pg_temp.channel(), pg_temp.channel('other')) and author_id is null)::text,
  current_setting('test.bobs'), 'messages stay when their author''s account goes, without an author'
);
select isnt(current_setting('test.bobs'), '0', 'and there were some');

select * from finish();
rollback;
