begin;
select plan(5);

-- Nobody else sweeps meanwhile: who sweeps more than once may meet who sweeps in another order.
lock table private.channel_events in exclusive mode;

insert into auth.users (id, email) values ('a0000000-0000-4000-8000-00000000000a', 'ann@example.com');
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', 'a0000000-0000-4000-8000-00000000000a');
insert into public.channels (community_id, id, kind, name, position) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'text', 'general', 0);
create function pg_temp.kept() returns bigint[] language sql as
$$ select array(select revision from private.channel_events where channel_id = 'e0000000-0000-4000-8000-000000000001' order by revision) $$;

insert into private.channel_events (channel_id, revision, kind, seq, at) values
  ('e0000000-0000-4000-8000-000000000001', 1, 'created', 1, now() - interval '72 hours 1 second'),
  ('e0000000-0000-4000-8000-000000000001', 2, 'created', 2, now() - interval '71 hours 59 minutes'),
  ('e0000000-0000-4000-8000-000000000001', 3, 'created', 3, now());
select private.sweep_messages();
select is(pg_temp.kept(), '{2,3}', 'what is older than 72 hours goes, what is younger stays');

-- The table's pages fill up again in any order: here the younger half was written before the older.
delete from private.channel_events where channel_id = 'e0000000-0000-4000-8000-000000000001';
insert into private.channel_events (channel_id, revision, kind, seq, at)
select 'e0000000-0000-4000-8000-000000000001', n, 'created', n, '1999-01-01'::timestamptz + n * interval '1 minute'
from generate_series(10, 1, -1) as n;
select private.sweep_messages(4);
select is(cardinality(pg_temp.kept()), 6, 'a sweep takes no more than its batch');
select is(pg_temp.kept(), '{5,6,7,8,9,10}', 'the oldest first, so that no hole is left in the middle');
select private.sweep_messages(4);
select is(pg_temp.kept(), '{9,10}', 'and so on');
select private.sweep_messages(4);
select is(pg_temp.kept(), '{}', 'to the end');

select * from finish();
rollback;
