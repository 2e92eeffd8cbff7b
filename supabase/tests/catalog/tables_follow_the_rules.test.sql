begin;
select plan(14);

create temp table tables as
select c.oid, n.nspname as schema, c.relname as name, c.relrowsecurity, c.relkind, c.relowner
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f');

select cmp_ok((select count(*) from tables where schema = 'public'), '>=', 10::bigint, 'there are tables in public');
select is_empty($$ select name from tables where relkind not in ('r', 'p', 'v') $$, 'tables are ordinary ones');
select is_empty($$ select name from tables where schema = 'public' and relkind in ('r', 'p') and not relrowsecurity $$, 'every table in public has row-level security');
select is_empty(
  $$ select t.name from tables t where schema = 'public' and relkind in ('r', 'p') and not exists (select from pg_policy p where p.polrelid = t.oid) $$,
  'and at least one policy'
);
select is_empty(
  $$ select tablename, policyname from pg_policies where schemaname in ('public', 'private') and (cmd <> 'SELECT' or permissive <> 'PERMISSIVE') $$,
  'policies are for reading only'
);
select is_empty(
  $$ select tablename, policyname from pg_policies where schemaname in ('public', 'private') and roles <> '{authenticated}' $$, 'and for signed-in users only'
);
select is_empty(
  $$ select tablename, policyname, qual from pg_policies
     where schemaname = 'public' and replace(qual, 'SELECT auth.uid()', '') like '%auth.uid()%' $$,
  'a policy asks who is calling once per statement, not once per row'
);
select is_empty(
  $$ select t.name, m[1] from tables t join pg_policies p on p.schemaname = t.schema and p.tablename = t.name,
       regexp_matches(replace(p.qual, 'SELECT private.', ''), 'private\.([a-z_]+)\(', 'g') as m
     -- Only for authors of whom a ban has hidden something, which an array has told before.
     where m[1] <> 'is_hidden' $$,
  'nor does it call a function for each row'
);
select is_empty($$ select name from tables where schema = 'public' and obj_description(oid, 'pg_class') is null $$, 'every table in public has a comment');
select is_empty(
  $$ select t.schema, t.name from tables t where relkind in ('r', 'p')
     and not exists (select from pg_index i where i.indrelid = t.oid and i.indisunique and i.indpred is null) $$,
  'every table has a key'
);

-- Deleting what a foreign key points at looks for the rows that point: without an index, in the whole table.
-- A partial index will do where it leaves out only nulls.
select is_empty(
  $$ select c.conrelid::regclass as of_table, c.conname
     from pg_constraint c join tables t on t.oid = c.conrelid
     where c.contype = 'f' and not exists (
       select from pg_index i
       where i.indrelid = c.conrelid and i.indisvalid
         and (select array_agg(k order by k) from unnest((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) as k)
           = (select array_agg(k order by k) from unnest(c.conkey) as k)
         and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) in (
           select format('(%I IS NOT NULL)', a.attname) from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey)))
     ) $$,
  'every foreign key has an index that leads with its columns'
);
select is_empty(
  $$ select conrelid::regclass, conname from pg_constraint c join tables t on t.oid = c.conrelid where contype = 'f' and not convalidated $$, 'every foreign key holds for every row'
);
select is_empty(
  $$ select t.name, a.attname, format_type(a.atttypid, a.atttypmod) from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
     where a.atttypid in ('timestamp'::regtype, 'time'::regtype, 'json'::regtype, 'money'::regtype, 'bpchar'::regtype, 'varchar'::regtype) $$,
  'times carry their zone, texts have no length of their type, JSON is jsonb'
);
select is_empty(
  $$ select name, pg_get_userbyid(relowner) from tables where relowner <> (select nspowner from pg_namespace where nspname = 'private') $$,
  'all belong to the role that applied the migrations'
);

select * from finish();
rollback;
