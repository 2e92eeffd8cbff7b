begin;
select plan(5);
\ir ../shared.psql

select pg_temp.sign_up('ann');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
-- 450 threads with a message each, one a day, more than are looked at for the newest.
insert into private.threads (community_id, channel_id, id, kind, name, archive_after_minutes, silence_at)
select pg_temp.community(), pg_temp.channel(), md5('thread ' || n)::uuid, 'public', 'thread ' || n, 60, now() from generate_series(1, 450) as n;
insert into public.messages (channel_id, seq, author_id, body, revision, created_at)
select md5('thread ' || n)::uuid, 1, md5('ann')::uuid, 'common' || case when n % 90 = 0 then ' seldom' else '' end, 1, '2026-01-01 12:00+00'::timestamptz + make_interval(days => n)
from generate_series(1, 450) as n;
update private.channel_heads h set last_seq = 1, revision = 1, last_message_at = m.created_at from public.messages m where h.community_id = pg_temp.community() and m.channel_id = h.channel_id;
create function pg_temp.days(p_query text, p_limit integer default 100) returns integer[] language sql as $$
  select array(select ((created_at at time zone 'UTC')::date - '2026-01-01'::date) from search_messages(p_query, pg_temp.community(), p_limit => p_limit))
$$;

select pg_temp.become('ann');
select is(pg_temp.days('common', 5), '{450,449,448,447,446}', 'the newest come first');
select is(pg_temp.days('seldom'), '{450,360,270,180,90}', 'what is seldom is found in all of them');
-- Days 20 and before are in threads that were left out.
select is(pg_temp.days('common before:2026-01-21', 5), '{19,18,17,16,15}', 'before a day of long ago nothing later is found');
select is(pg_temp.days('common before:2026-01-04'), '{2,1}', 'nor is anything left out');
select is(
  (select array_agg((l.created_at at time zone 'UTC')::date - '2026-01-01'::date) from search_messages('common', pg_temp.community(), p_limit => 3) f
   cross join lateral search_messages('common', pg_temp.community(), null, f.created_at, f.channel_id, f.seq, 1) l),
  '{449,448,447}', 'pages go on after their last'
);

select * from finish();
rollback;
