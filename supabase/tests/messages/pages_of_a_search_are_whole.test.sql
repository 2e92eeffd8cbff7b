begin;
select plan(8);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'channel ' || n) from generate_series(1, 25) as n;
select create_channel(pg_temp.community(), 'staff');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
update private.rate_limit_catalog set capacity = 100000 where key = 'message_search';
-- Three years of messages in 26 channels that bob may read and one that he may not: of one word everywhere, of others now and
-- then, only long ago, or once. Many at the same time, and in one channel more than are tried one by one.
insert into public.messages (channel_id, seq, author_id, body, reply_to_seq, revision, created_at, reactions)
select c.id, n, case when n % 3 = 0 then md5('bob')::uuid else md5('ann')::uuid end,
  concat_ws(
    ' ', 'common', case when n % 37 = 0 then 'seldom' end, case when n > 70 and n % 7 = 0 then 'once' end, case when n = 79 and c.name = 'general' then 'single' end,
    case when n % 2 = 0 then 'two words' else 'words two' end
  ),
  case when n % 41 = 0 then 1 end, n, '2026-03-01 12:00+00'::timestamptz - make_interval(days => case when n > 80 then n else 14 * (n - 1) + (n / 4) end), case when n % 29 = 0 then '[{"emoji": "x", "count": 1}]'::jsonb else '[]' end
from public.channels c, generate_series(1, 280) as n
where c.community_id = pg_temp.community() and (n <= 80 or c.name = 'general');
update private.channel_heads set last_seq = 280, revision = 280 where channel_id in (select id from public.channels where community_id = pg_temp.community());
insert into private.reactions (channel_id, seq, emoji, user_id) select channel_id, seq, e, md5('ann')::uuid from public.messages, unnest(array['x', 'y']) as e where reactions <> '[]';
insert into private.hidden_messages values (pg_temp.community(), md5('bob')::uuid, '2025-01-01', '2025-06-01');

-- All pages of a search, one after the other.
create function pg_temp.paged(p_query text, p_limit integer, p_channel_id uuid default null) returns setof text language plpgsql as $$
declare
  v_last public.described_message;
  v_rows integer;
begin
  loop
    v_rows := 0;
    for v_last in
      select * from search_messages(p_query, pg_temp.community(), p_channel_id, v_last.created_at, v_last.channel_id, v_last.seq, p_limit)
    loop
      v_rows := v_rows + 1;
      return next concat_ws(' ', v_last.created_at, v_last.channel_id, v_last.seq);
    end loop;
    exit when v_rows < p_limit;
  end loop;
end
$$;
-- The same, asked of the table without any index of the search.
create function pg_temp.expected(p_condition text, p_channel_id uuid default null) returns setof text language plpgsql security definer as $$
begin
  return query execute format(
    $sql$
      select concat_ws(' ', m.created_at, m.channel_id, m.seq)
      from public.messages m join public.channels c on c.id = m.channel_id
      where c.community_id = pg_temp.community() and c.name <> 'staff' and m.kind = 'text' and (%s)
        and (m.author_id <> md5('bob')::uuid or m.created_at not between '2025-01-01' and '2025-06-01') and c.id = coalesce($1, c.id)
      order by m.created_at desc, m.channel_id desc, m.seq desc
    $sql$, p_condition
  ) using p_channel_id;
end
$$;
create temp table searches (query text, condition text);
insert into searches values
  ('common', 'true'), ('seldom', 'body like ''%seldom%'''), ('once', 'body like ''%once%'''), ('single', 'body like ''%single%'''), ('never', 'false'),
  ('"two words"', 'body like ''%two words%'''), ('common -seldom', 'body not like ''%seldom%'''), ('seldom or once', 'body ~ ''seldom|once'''),
  ('from:' || md5('bob')::uuid, 'author_id = md5(''bob'')::uuid'), ('has:reply', 'reply_to_seq is not null'), ('has:reaction', 'reactions <> ''[]'''),
  ('has:reaction seldom', 'reactions <> ''[]'' and body like ''%seldom%'''),
  ('after:2024-01-01', 'm.created_at >= ''2024-01-02Z'''), ('before:2024-06-01', 'm.created_at < ''2024-06-01Z'''), ('before:2024-06-01 seldom', 'm.created_at < ''2024-06-01Z'' and body like ''%seldom%'''),
  ('after:2024-01-01 before:2024-12-01 once', 'm.created_at >= ''2024-01-02Z'' and m.created_at < ''2024-12-01Z'' and body like ''%once%'''),
  ('after:2024-01-01 from:' || md5('bob')::uuid, 'm.created_at >= ''2024-01-02Z'' and author_id = md5(''bob'')::uuid');
grant select on searches to authenticated;

select pg_temp.become('bob');
select cmp_ok((select count(*) from searches, pg_temp.expected(condition)), '>', 5000::bigint, 'there is much to be found');
select is_empty(
  $$ select query, size from searches, unnest(array[100, 9]) as size
     where array(select pg_temp.paged(query, size)) is distinct from array(select pg_temp.expected(condition)) $$,
  'the pages of a search are all that there is, in its order, each message once'
);
select is_empty(
  $$ select query from searches where query in ('single', 'never', 'seldom', 'has:reaction seldom', 'has:reply') and array(select pg_temp.paged(query, 1)) is distinct from array(select pg_temp.expected(condition)) $$,
  'also one by one'
);
select is_empty(
  $$ select query from searches
     where array(select pg_temp.paged(query, 7, pg_temp.channel())) is distinct from array(select pg_temp.expected(condition, pg_temp.channel())) $$,
  'and in a single channel'
);

-- With pins.
reset role;
update public.messages set pinned_at = now() where seq % 23 = 0 and channel_id in (pg_temp.channel(), pg_temp.channel('staff'));
select pg_temp.become('bob');
select is(array(select pg_temp.paged('has:pin', 2)), array(select pg_temp.expected('pinned_at is not null')), 'what is pinned comes by its own time');
select is(array(select pg_temp.paged('has:pin "two words"', 1)), array(select pg_temp.expected('pinned_at is not null and body like ''%two words%''')), 'with words, too');

-- A page goes on after what is gone, and what comes meanwhile does not move it.
select set_config('test.page', (select row_to_json(m) from search_messages('seldom', pg_temp.community(), p_limit => 3) m order by created_at, channel_id, seq limit 1)::text, true);
select pg_temp.become('ann');
select delete_message((current_setting('test.page')::json ->> 'channel_id')::uuid, (current_setting('test.page')::json ->> 'seq')::bigint);
select send_message(pg_temp.channel('channel 1'), 'seldom');
select pg_temp.become('bob');
select is(
  (select array_agg(concat_ws(' ', m.created_at, m.channel_id, m.seq))
   from json_to_record(current_setting('test.page')::json) as l (created_at timestamptz, channel_id uuid, seq bigint),
     search_messages('seldom', pg_temp.community(), null, l.created_at, l.channel_id, l.seq, 5) m),
  (select array_agg(e) from (select e from pg_temp.expected('body like ''%seldom%''') with ordinality as x (e, n) where n > 3 order by n limit 5) page),
  'a page goes on where the one before ended'
);
select is((select count(*) from search_messages('seldom', pg_temp.community())), 25::bigint, 'without a size it has 25');

select * from finish();
rollback;
