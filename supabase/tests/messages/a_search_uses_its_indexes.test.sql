begin;
select plan(15);
\ir ../shared.psql
\ir ../plans.psql

select pg_temp.sign_up('ann', 'bob');
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, 0);
insert into public.channels (community_id, id, kind, name, position)
select 'c0000000-0000-4000-8000-000000000001', format('e0000000-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'text', 'channel ' || n, n from generate_series(1, 30) as n;
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob']) as name;
-- One word is in every message, others in one of them.
insert into public.messages (channel_id, seq, author_id, body, revision, created_at, pinned_at)
select format('e0000000-0000-4000-8000-%s', lpad((1 + n % 30)::text, 12, '0'))::uuid, n, md5('ann')::uuid, 'word w' || n, n, '2026-03-01'::timestamptz - make_interval(hours => n),
  case when n % 500 = 0 then now() end
from generate_series(1, 20000) as n;
insert into private.reactions (channel_id, seq, emoji, user_id) select channel_id, seq, 'x', md5('ann')::uuid from public.messages where seq % 700 = 0;
-- And another community, with reactions of its own.
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000002', 'Zig', md5('ann')::uuid);
insert into public.channels (community_id, id, kind, name, position) values ('c0000000-0000-4000-8000-000000000002', 'e1000000-0000-4000-8000-000000000001', 'text', 'elsewhere', 0);
insert into public.messages (channel_id, seq, author_id, body, revision, created_at)
select 'e1000000-0000-4000-8000-000000000001', n, md5('ann')::uuid, 'word', n, '2026-03-01'::timestamptz - make_interval(hours => n) from generate_series(1, 3000) as n;
insert into private.reactions (channel_id, seq, emoji, user_id)
select 'e1000000-0000-4000-8000-000000000001', n, e, md5('ann')::uuid from generate_series(1, 3000) as n, unnest(array['x', 'y', 'z']) as e;
analyze public.messages;
analyze private.reactions;
-- As for storage without a moving head; and what others have left in the database, all of it newer, does not decide.
set local random_page_cost = 1.1;

-- The function's own statements, with values in place of what it knows by name: its way of looking, a word and how many channels.
create function pg_temp.search_plan(p_statement text, p_way text default null, p_word text default 'word', p_channels integer default 30) returns text language plpgsql as $$
declare
  v_statement text := substring((select prosrc from pg_proc where oid = 'private.find_messages'::regproc) from p_statement);
  v_name text;
  v_value text;
begin
  for v_name, v_value in values
    ('v_newest_ids', 'p_channel_ids'), ('v_left_out_at', 'null::timestamptz'), ('p_channel_ids', format('%L::uuid[]', (select array_agg(id) from (select id from public.channels where community_id = 'c0000000-0000-4000-8000-000000000001' order by position limit p_channels) c))),
    ('p_community_id', '''c0000000-0000-4000-8000-000000000001''::uuid'), ('p_lexemes', coalesce(quote_literal(p_word), 'null') || '::tsquery'),
    ('v_asked', coalesce(quote_literal(p_word), 'null') || '::tsquery'), ('v_way', coalesce(quote_literal(p_way), 'null')), ('v_has', '''{}''::text[]'),
    ('v_since', '''-infinity''::timestamptz'), ('v_until', '''infinity''::timestamptz'), ('v_edge', '''2026-02-28''::timestamptz'), ('v_left', '25'), ('v_depth', '100'), ('v_tried', '200'),
    ('p_before_created_at', '''2026-02-28''::timestamptz'), ('p_before_channel_id', '''e0000000-0000-4000-8000-000000000001''::uuid'), ('p_before_seq', '1::bigint')
  loop
    v_statement := regexp_replace(v_statement, '\m' || v_name || '\M', v_value, 'g');
  end loop;
  return pg_temp.plan_of(v_statement);
end
$$;
create function pg_temp.page_plan(p_way text, p_word text default 'word', p_channels integer default 30) returns text language sql as $$
  select pg_temp.search_plan('return query\s+(select f\.\*.*\n    limit v_left);', p_way, p_word, p_channels)
$$;
create temp table plans as
select 'where the newest end' as name, 'messages_created_at' as index, pg_temp.search_plan('(with newest as materialized .*limit 1\)\s+\)) into v_edge') as plan
union all select 'the newest', 'messages_created_at', pg_temp.page_plan('newest')
union all select 'the newest of one channel', 'messages_created_at', pg_temp.page_plan('newest', p_channels => 1)
union all select 'a word of every message', 'messages_lexemes', pg_temp.page_plan('months')
union all select 'a word of one message', 'messages_lexemes', pg_temp.page_plan('ever', 'w77')
union all select 'a word of no message', 'messages_lexemes', pg_temp.page_plan('year', 'nothing')
union all select 'words of few channels', 'messages_lexemes', pg_temp.page_plan('ever', 'word & ''Ce0000000-0000-4000-8000-000000000001''', 1)
union all select 'no word', 'messages_created_at', pg_temp.page_plan('all', null)
union all select 'no word of one channel', 'messages_created_at', pg_temp.page_plan('all', null, 1)
union all select 'what is pinned', 'messages_pinned_at', pg_temp.page_plan('pins', null)
union all select 'what has a reaction', 'messages_pkey', pg_temp.page_plan('reactions', null);

select cmp_ok((select count(*) from plans where plan is not null), '=', 11::bigint, 'the statements are found in their function');
-- Of the five ways, four are left out before the statement begins: what stays names its index.
select is(plan ~ ('Index (Only )?Scan( Backward)? using ' || index || '|Bitmap Index Scan on ' || index), true, name || ' is read from ' || index) from plans;
select is_empty(
  $$ select name, plan from plans where plan ~ 'Seq Scan on (messages|reactions)'
       or exists (select from regexp_matches(plan, '(messages_[a-z_]+)', 'g') as m where m[1] <> index and m[1] <> 'messages_pkey') $$,
  'and from nothing else'
);

-- Who may not read asks none of it.
select pg_temp.become('bob');
select is(
  pg_temp.refused_field('select search_messages(''word'', pg_temp.community(), ''e0000000-0000-4000-8000-000000000001'')'), 'PT404 not_found p_channel_id',
  'a denied reader is refused'
);
reset role;
alter table public.messages rename to out_of_reach;
select pg_temp.become('bob');
select is((select count(*) from search_messages('word', pg_temp.community())), 0::bigint, 'or answered, without a look at any message');

select * from finish();
rollback;
