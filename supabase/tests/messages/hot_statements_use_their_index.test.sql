begin;
select plan(16);
\ir ../shared.psql
\ir ../plans.psql

select pg_temp.sign_up('ann', 'bob', 'eve');

-- A long channel that ann may read and bob, a member too, may not view.
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Plans', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, 0);
insert into public.channels (community_id, id, kind, name, position) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'text', 'long', 0);
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob']) as name;
insert into public.messages (channel_id, seq, author_id, body, revision)
select 'e0000000-0000-4000-8000-000000000001', n, md5('ann')::uuid, n, n from generate_series(1, 20000) as n;
analyze public.messages;

-- A page straight from the table, under row-level security.
select pg_temp.become('ann');
select set_config('test.plan', pg_temp.plan_of(
  $$ select * from public.messages where channel_id = 'e0000000-0000-4000-8000-000000000001' order by seq desc limit 50 $$
), true) is null as ignored;
select matches(current_setting('test.plan'), 'Index Scan Backward using messages_pkey', 'a page reads the primary key from its end');
select matches(current_setting('test.plan'), 'Index Cond: .*channel_id = ANY', 'and the policy narrows the index, instead of filtering rows');
select doesnt_match(current_setting('test.plan'), 'Seq Scan|Filter: (?!\(\(author_id IS NULL)|Sort', 'nothing is scanned, sorted, or filtered but for what bans have hidden');
-- An array would be read from end to end for every message.
select matches(current_setting('test.plan'), 'hashed SubPlan', 'and those are looked up by hash, so that a thousand bans cost a message no more than one');
select is((select count(*)::int from (select from public.messages where channel_id = 'e0000000-0000-4000-8000-000000000001' limit 50) page), 50, 'for who may read it');

select pg_temp.become('bob');
select is(
  pg_temp.plan_of(
    $$ select * from public.messages where channel_id = 'e0000000-0000-4000-8000-000000000001' order by seq desc limit 50 $$
  ),
  current_setting('test.plan'), 'a denied reader gets the same plan'
);
select is((select count(*)::int from public.messages where channel_id = 'e0000000-0000-4000-8000-000000000001'), 0, 'and no row');

-- What every broadcast asks, taken from the function itself: is the row there?
reset role;
create temporary table look_up as
select replace(replace(
  substring(p.prosrc from 'exists \(\s*(select from realtime\.messages .*?)\n    \)\n  into'),
  'p_topic', quote_literal('plans:1')), 'v_id::text', quote_literal('none')) as statement
from pg_proc p where p.oid = 'private.broadcast(text, text, jsonb)'::regprocedure;
select matches((select statement from look_up), 'm\.topic = ''plans:1''', 'the look-up of broadcast is found in its body');
-- In the function's own zone: in another it may be tomorrow, whose partition is empty.
set local timezone = 'UTC';
select matches(
  (select pg_temp.plan_of(statement) from look_up), 'Index Cond: \(\(inserted_at = .*\) AND \(topic = ',
  'it finds its row by time and topic, however many broadcasts the day has seen'
);
select doesnt_match((select pg_temp.plan_of(statement) from look_up), 'Seq Scan|_pkey', 'and by nothing else');
reset timezone;

-- What every send asks of its place and its nonce, likewise.
create temporary table place as
select replace(replace(replace(replace(
  substring(p.prosrc from '(select h\.community_id, .*?);\n'), 'into v_now', ''),
  'p_channel_id', quote_literal('e0000000-0000-4000-8000-000000000001') || '::uuid'),
  'v_user_id', quote_literal(md5('ann')::uuid) || '::uuid'), 'p_client_nonce', quote_literal('none')) as statement
from pg_proc p where p.oid = 'private.send_message(uuid, text, text, bigint, jsonb)'::regprocedure;
select matches(
  (select pg_temp.plan_of(statement) from place), 'Index Scan using messages_client_nonce on messages',
  'a retry is known by its nonce''s own index'
);
select doesnt_match((select pg_temp.plan_of(statement) from place), 'Seq Scan on messages', 'and by nothing else');

-- What is shown around a page, taken from the function itself, with many reactions by many people.
insert into private.reactions (channel_id, seq, emoji, user_id)
select m.channel_id, m.seq, '👍', u.id
from public.messages m, (values (md5('ann')::uuid), (md5('bob')::uuid)) as u (id)
where m.channel_id = 'e0000000-0000-4000-8000-000000000001';
insert into private.message_mentions (channel_id, subject_id, seq)
select m.channel_id, case when m.seq % 500 = 0 then md5('bob') else md5('somebody ' || m.seq % 200) end::uuid, m.seq
from public.messages m where m.channel_id = 'e0000000-0000-4000-8000-000000000001';
analyze private.reactions, private.message_mentions;
create temporary table around as
select replace(
  substring(p.prosrc from 'return query\s*(select\s+m\.channel_id.*?);\n'), 'p_messages',
  '(array(select k from public.messages k where k.channel_id = ''e0000000-0000-4000-8000-000000000001'' and k.seq > 19950))'
) as statement
from pg_proc p where p.oid = 'private.described_messages(public.messages[])'::regprocedure;
select matches(
  (select pg_temp.plan_of(statement) from around), 'Index (Only )?Scan using reactions_\w+ on reactions',
  'one''s own reactions are looked up by message, however many there are'
);
select doesnt_match((select pg_temp.plan_of(statement) from around), 'Seq Scan on (reactions|messages)', 'and nothing is read from end to end');
create temporary table unread as
select replace(replace(
  substring(p.prosrc from 'return query\s*?(with mine .*?);\n'), 'v_user_id', quote_literal(md5('bob')::uuid)), 'p_community_id', 'null::uuid'
) as statement
from pg_proc p where p.oid = 'private.list_unread(uuid)'::regprocedure;
select matches(
  (select pg_temp.plan_of(statement) from unread), 'message_mentions_pkey on message_mentions n\s+Index Cond: .*subject_id = s\.id.*seq > ',
  'mentions are counted from the last number read on'
);

-- The job's own statements, with its batch: joined by key, each batch would read the whole table.
reset role;
-- The feed is empty here, and reading nothing from end to end is cheap.
set local enable_seqscan = off;
select is_empty(
  $$ select statement
     from pg_proc p,
       unnest(regexp_split_to_array(replace(p.prosrc, 'p_batch', '50000'), ';\s+')) with ordinality as s (statement, n)
     where p.oid = 'private.sweep_messages'::regproc and n <= 3
       and pg_temp.plan_of(statement) !~ 'Delete on (messages m|channel_events e)\s+InitPlan [\s\S]*\s->  Tid Scan on (messages m|channel_events e)' $$,
  'what is swept is named by its place'
);

select * from finish();
rollback;
