begin;
select plan(14);
\ir ../shared.psql
\ir ../plans.psql
\ir ../direct.psql

select pg_temp.sign_up('owner', 'ann', 'bob', 'cleo', 'outsider');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'cleo']) as name;
select private.link_external_identity(md5(name)::uuid, private.chat_provider(), name) from unnest(array['ann', 'bob', 'cleo', 'outsider']) as name;
select pg_temp.become('ann');
select ensure_chat_thread('bob'), ensure_chat_thread('cleo');
reset role;
-- A chat of 1,000 beside one of 30,000.
insert into public.messages (channel_id, seq, author_id, body, revision, created_at)
select pg_temp.pair('ann', 'bob'), n, md5('ann')::uuid, n, n, now() - interval '1 day' + n * interval '1 second' from generate_series(1, 1000) as n
union all
select pg_temp.pair('ann', 'cleo'), n, md5('ann')::uuid, n, n, now() - interval '1 day' + n * interval '1 second' from generate_series(1, 30000) as n;
update private.channel_heads h set last_seq = 30000, last_message_at = now() where h.channel_id in (pg_temp.pair('ann', 'bob'), pg_temp.pair('ann', 'cleo'));
analyze public.messages;

create function pg_temp.rows_seen() returns bigint language sql volatile as $$
  select pg_stat_get_xact_tuples_returned('public.messages'::regclass) + pg_stat_get_xact_tuples_fetched('public.messages'::regclass)
    + (select sum(pg_stat_get_xact_tuples_fetched(indexrelid)) from pg_index where indrelid = 'public.messages'::regclass)::bigint
$$;
create function pg_temp.looked_at(p_statement text) returns bigint language plpgsql as $$
declare
  v_before bigint := pg_temp.rows_seen();
begin
  execute p_statement;
  return pg_temp.rows_seen() - v_before;
end
$$;

-- As the Data API asks.
select pg_temp.become('ann');
create temp table pages as
select * from (values
  ('newest', $$ select * from chat_messages where thread_id = 'ann_bob' order by seq desc limit 50 $$),
  ('before', $$ select * from chat_messages where thread_id = 'ann_bob' and seq < 501 order by seq desc limit 50 $$),
  ('after', $$ select * from chat_messages where thread_id = 'ann_bob' and seq > 900 order by seq limit 50 $$)
) as p (name, statement);
select is_empty(
  $$ select name, pg_temp.plan_of(statement) from pages
     -- The index over time begins with the channel, too.
     where pg_temp.plan_of(statement) !~ 'Index Scan.* messages_(pkey|created_at)' or pg_temp.plan_of(statement) ~ 'Seq Scan' $$,
  'a page by thread id reads messages by an index'
);
select is_empty(
  $$ select name, pg_temp.plan_of(statement) from pages
     where pg_temp.plan_of(statement) !~ 'Index Cond: .*channel_id = t\.channel_id' $$,
  'in its own channel'
);
-- The other chat is not read; how much of this one: see chat_messages.
select cmp_ok(pg_temp.looked_at((select statement from pages where name = 'newest')), '<=', 1000::bigint, 'no more than its own chat');
select cmp_ok(pg_temp.looked_at((select statement from pages where name = 'after')), '<=', 1000::bigint, 'from wherever');
select is((select array_agg(seq) from (select seq from chat_messages where thread_id = 'ann_bob' and seq < 501 order by seq desc limit 3) p), '{500,499,498}', 'the right ones');

-- By channel nothing but the page is read, however long the chat is.
select set_config('test.by_channel', format('select * from chat_messages where channel_id = %L order by seq desc limit 50', pg_temp.pair('ann', 'cleo')), true) is null as ignored;
select matches(pg_temp.plan_of(current_setting('test.by_channel')), 'Index Scan Backward using messages_pkey', 'a page by channel reads the primary key from its end');
select cmp_ok(pg_temp.looked_at(current_setting('test.by_channel')), '<=', 60::bigint, 'as many as it shows');
select is(
  (select array_agg(n order by n) from (values ('newest', pg_temp.looked_at($$ select * from fetch_chat_history('ann_cleo') $$)),
    ('before', pg_temp.looked_at($$ select * from fetch_chat_history('ann_cleo', 20000) $$)),
    ('after', pg_temp.looked_at($$ select * from fetch_chat_history('ann_cleo', null, 20000) $$)),
    ('time', pg_temp.looked_at($$ select * from fetch_chat_history('ann_cleo', null, null, now() - interval '20 hours') $$))) as p (name, n) where n > 60),
  null, 'nor does the function read more than a page, from wherever'
);
-- As often as a plan may be made for all arguments.
select cmp_ok((select max(pg_temp.looked_at($$ select * from fetch_chat_history('ann_cleo', 10000) $$)) from generate_series(1, 8)), '<=', 60::bigint, 'however often');

-- What the pages are.
select results_eq(
  $$ select
       (select array_agg(seq) from fetch_chat_history('ann_cleo', _limit => 3)), (select array_agg(seq) from fetch_chat_history('ann_cleo', 20000, _limit => 3)),
       (select array_agg(seq) from fetch_chat_history('ann_cleo', null, 20000, _limit => 3)),
       (select array_agg(seq) from fetch_chat_history('ann_cleo', _before => (select created_at from chat_messages where thread_id = 'ann_cleo' and seq = 200), _limit => 3)),
       (select count(*) from fetch_chat_history('ann_cleo', _before => '-infinity')), (select count(*) from fetch_chat_history('ann_cleo', 1)), (select count(*) from fetch_chat_history('ann_cleo', null, 30000)) $$,
  $$ values ('{30000,29999,29998}'::bigint[], '{19999,19998,19997}'::bigint[], '{20001,20002,20003}'::bigint[], '{199,198,197}'::bigint[], 0::bigint, 0::bigint, 0::bigint) $$,
  'the newest come first, and after a number the oldest'
);
select is(
  (select array_agg((select count(*) from fetch_chat_history('ann_cleo', _limit => l)) order by n) from unnest(array[null, 0, -5, 50, 100, 101, 2147483647]) with ordinality as x (l, n)),
  '{50,1,1,50,100,100,100}', 'a page has 1 to 100'
);
select is(
  array[pg_temp.refusal($$ select * from fetch_chat_history('ann_cleo', 1, 1) $$), pg_temp.refusal($$ select * from fetch_chat_history('ann_cleo', 1, null, now()) $$), pg_temp.refusal($$ select * from fetch_chat_history('ann_cleo', null, 1, now()) $$)],
  array_fill('PT422 invalid_argument'::text, '{3}'), 'and one bound'
);
select is(pg_temp.refused_field($$ select * from fetch_chat_history('bob_cleo', 1, 1) $$), 'PT404 not_found _thread_id', 'whoever may not read it is told that first');

-- A denied reader costs next to nothing.
select pg_temp.become('outsider');
select is(
  (select sum(pg_temp.looked_at(statement)) from (values
    ($$ select * from chat_messages where thread_id = 'ann_bob' order by seq desc limit 50 $$),
    (current_setting('test.by_channel')), (replace(current_setting('test.by_channel'), 'chat_messages', 'messages'))) as p (statement)), 0::numeric, 'an outsider reads no row, whatever is asked'
);

select * from finish();
rollback;
