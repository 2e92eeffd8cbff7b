begin;
select plan(8);
\ir ../plans.psql

insert into auth.users (id, email) select md5('ann')::uuid, 'ann@example.com';
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Plans', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, 0),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 'few', 1, 0),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000002', 'many', 2, 0);
select private.add_member('c0000000-0000-4000-8000-000000000001', md5('ann')::uuid);

-- 5,000 members with one class, who all hold one role and three of whom another.
set local session_replication_role = replica;
insert into auth.users (id, email) select md5(n::text)::uuid, n || '@example.com' from generate_series(1, 5000) as n;
insert into public.profiles (id, username, display_name) select md5(n::text)::uuid, 'plans_' || n, 'Member ' || n from generate_series(1, 5000) as n;
insert into public.community_members (community_id, user_id, access_class_id, sort_name)
select m.community_id, md5(n::text)::uuid, m.access_class_id, 'member ' || n
from public.community_members m, generate_series(1, 5000) as n where m.user_id = md5('ann')::uuid;
insert into public.member_roles (community_id, user_id, role_id)
select r.community_id, md5(n::text)::uuid, r.id
from public.roles r, generate_series(1, 5000) as n
where r.community_id = 'c0000000-0000-4000-8000-000000000001' and (r.name = 'many' or r.name = 'few' and n <= 3);
set local session_replication_role = origin;
analyze public.community_members, public.member_roles;

-- The two statements of list_members, taken from the function itself.
create temp table statements as
select m[1] as statement from pg_proc p, regexp_matches(p.prosrc, 'v_page := array\((.*?limit p_limit)', 'g') as m
where p.oid = 'private.list_members(uuid, uuid, text, text, uuid, integer)'::regprocedure;
create function pg_temp.page_plan(p_kind text, p_prefix text, p_after_name text, p_after_user_id uuid) returns text language sql as $$
  select pg_temp.plan_of(
    replace(replace(replace(replace(replace(replace(statement,
      'p_community_id', quote_literal('c0000000-0000-4000-8000-000000000001') || '::uuid'),
      'p_after_name', quote_nullable(p_after_name) || '::text'), 'p_after_user_id', quote_nullable(p_after_user_id) || '::uuid'),
      'v_prefix', quote_nullable(p_prefix) || '::text'), 'v_role_id', quote_literal('d0000000-0000-4000-8000-000000000001') || '::uuid'),
      'p_limit', '50')
  )
  from statements where (statement like '%v_role_id%') = (p_kind = 'by role')
$$;
select is((select count(*) from statements), 2::bigint, 'the statements are found in the function''s body');
select matches(pg_temp.page_plan('all', null, null, null), 'Index (Only )?Scan using community_members_sort_name', 'a page reads the index on names from its beginning');
select doesnt_match(pg_temp.page_plan('all', null, null, null), 'Seq Scan|Sort', 'and sorts nothing');
select matches(
  pg_temp.page_plan('all', null, 'member 4000', md5('4000')::uuid), 'Index Cond: .*ROW\(.*sort_name, .*user_id\) > ROW\(', 'the next page begins in it where the last ended'
);
select matches(
  pg_temp.page_plan('all', 'member 4', null, null), 'Index Cond: .*sort_name >= ''member 4''.*sort_name <', 'a search reads one range of it'
);
select doesnt_match(pg_temp.page_plan('all', 'member 4', null, null), 'Seq Scan|Sort', 'and sorts nothing');
select matches(pg_temp.page_plan('by role', null, null, null), 'Scan (using|on) member_roles_(role_id|pkey)', 'a role that few hold is read from who holds it');
select doesnt_match(
  pg_temp.page_plan('by role', null, null, null), 'Seq Scan on community_members|community_members_sort_name', 'and not in a walk through all members'
);

select * from finish();
rollback;
