begin;
select plan(3);

insert into auth.users (id, email) values ('a0000000-0000-4000-8000-00000000000a', 'ann@example.com');
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', 'a0000000-0000-4000-8000-00000000000a');
insert into public.invites (community_id, code, expires_at, uses, max_uses) values
  ('c0000000-0000-4000-8000-000000000001', 'test old', now() - interval '30 days 1 minute', 0, null),
  ('c0000000-0000-4000-8000-000000000001', 'test recent', now() - interval '29 days', 0, null),
  ('c0000000-0000-4000-8000-000000000001', 'test coming', now() + interval '1 day', 0, null),
  ('c0000000-0000-4000-8000-000000000001', 'test endless', null, 5, 5);

-- As many as there may be of others.
select private.sweep_communities(1000000);
select set_eq(
  $$ select code from public.invites where code like 'test %' $$, $$ values ('test recent'), ('test coming'), ('test endless') $$,
  'invites that ended a month ago go, others stay'
);

insert into public.invites (community_id, code, expires_at)
select 'c0000000-0000-4000-8000-000000000001', 'test old ' || n, '1999-01-01'::timestamptz - n * interval '1 day' from generate_series(1, 5) as n;
select private.sweep_communities(2);
select is((select count(*) from public.invites where code like 'test old %'), 3::bigint, 'a sweep takes no more than its batch');
select is_empty($$ select from public.invites where code in ('test old 5', 'test old 4') $$, 'the oldest first');

select * from finish();
rollback;
