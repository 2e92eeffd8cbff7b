begin;
select plan(15);

-- Every right of every role on everything of ours, the columns' included. An object without an ACL has its kind's default.
create temp table rights as
with objects as (
  select 'table' as kind, n.nspname as schema, c.relname::text as name, c.oid, null::text as of_column,
    coalesce(c.relacl, acldefault('r', c.relowner)) as acl, c.relowner as owner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select 'table', n.nspname, c.relname, c.oid, a.attname, a.attacl, c.relowner
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private') and a.attacl is not null
  union all
  select 'sequence', n.nspname, c.relname, c.oid, null, coalesce(c.relacl, acldefault('s', c.relowner)), c.relowner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private') and c.relkind = 'S'
  union all
  select 'function', n.nspname, p.proname, p.oid, null, coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'private')
  union all
  select 'schema', n.nspname, n.nspname, n.oid, null, coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner
  from pg_namespace n where n.nspname = 'private'
)
select o.kind, o.schema, o.name, o.oid, o.of_column, e.privilege_type as privilege, e.is_grantable,
  case e.grantee when 0 then 'public' else pg_get_userbyid(e.grantee) end as role, e.grantee = o.owner as is_owner
from objects o cross join lateral aclexplode(o.acl) as e;

select is_empty(
  $$ select distinct role from rights where role not in ('anon', 'authenticated', 'service_role', 'public') and not is_owner $$,
  'nobody beside the client roles and the owner has any right'
);
select is_empty($$ select * from rights where is_grantable and not is_owner $$, 'nobody may pass a right on');
select is_empty($$ select * from rights where role = 'public' and not is_owner $$, 'everybody together has nothing');
select set_eq(
  $$ select kind, schema::text, name::text, privilege from rights where role = 'anon' $$,
  $$ values ('schema', 'private', 'private', 'USAGE'), ('function', 'private', 'record_calls', 'EXECUTE'), ('function', 'public', 'record_calls', 'EXECUTE') $$,
  'the publishable key alone may say that a call failed, and nothing else'
);
select is_empty(
  $$ select * from rights where kind = 'table' and not is_owner and privilege <> 'SELECT' $$, 'no client role has anything but SELECT on a table'
);
select is_empty(
  $$ select * from rights where kind = 'table' and not is_owner and role <> 'authenticated' $$, 'and only signed-in users have that'
);
select is_empty($$ select * from rights where kind = 'table' and schema = 'private' and not is_owner $$, 'nobody has anything on a table in private');
select is_empty($$ select * from rights where kind = 'sequence' and not is_owner $$, 'nobody has anything on a sequence');
select set_eq(
  $$ select role::text, privilege from rights where kind = 'schema' and not is_owner $$,
  $$ values ('anon', 'USAGE'), ('authenticated', 'USAGE'), ('service_role', 'USAGE') $$,
  'in private the client roles have USAGE'
);

-- What may be read column by column: masks and classes stay inside.
select set_eq(
  $$ select name, of_column from rights where kind = 'table' and of_column is not null and not is_owner $$,
  $$ select 'roles', unnest(array['community_id', 'id', 'name', 'position', 'is_default', 'color', 'created_at'])
     union all select 'community_members', unnest(array['community_id', 'user_id', 'timed_out_until', 'nickname', 'joined_at'])
     union all select 'channel_overwrites', unnest(array['community_id', 'channel_id', 'role_id', 'user_id', 'subject_id'])
     union all select 'channel_group_overwrites', unnest(array['community_id', 'group_id', 'role_id', 'user_id', 'subject_id']) $$,
  'of roles, members and overwrites only what is no mask and no class is readable'
);

-- Functions.
select is_empty(
  $$ select p.oid::regprocedure from pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and not exists (select from rights r where r.oid = p.oid and r.role in ('authenticated', 'service_role')) $$,
  'every function in public may be called by somebody'
);
select is_empty(
  $$ select p.oid::regprocedure, r.role
     from pg_proc p join rights r on r.oid = p.oid and r.kind = 'function' and not r.is_owner
     where p.pronamespace = 'public'::regnamespace
       and not exists (
         select from pg_proc q join rights s on s.oid = q.oid and s.kind = 'function'
         where q.pronamespace = 'private'::regnamespace and q.proname = p.proname and s.role = r.role
       ) $$,
  'and whoever may call it may call its namesake in private, so that it works'
);
select is_empty(
  $$ select p.oid::regprocedure, r.role
     from pg_proc p join rights r on r.oid = p.oid and r.kind = 'function' and not r.is_owner
     where p.pronamespace = 'private'::regnamespace
       and not exists (
         select from pg_proc q join rights s on s.oid = q.oid and s.kind = 'function'
         where q.pronamespace = 'public'::regnamespace and q.proname = p.proname and s.role = r.role
       )
       and not exists (
         select from pg_policies y
         where concat(y.qual, y.with_check) like '%private.' || p.proname || '(%' and r.role::name = any (y.roles)
       )
       and not exists (
         select from pg_views v where v.schemaname = 'public' and v.definition like '%private.' || p.proname || '(%'
       ) $$,
  'a function in private may be called for its namesake in public, for a policy or for a view, and for nothing else'
);
select is_empty(
  $$ select y.tablename, y.policyname, p.proname
     from pg_policies y join pg_proc p on p.pronamespace = 'private'::regnamespace and concat(y.qual, y.with_check) like '%private.' || p.proname || '(%',
       unnest(y.roles) as role
     where not has_function_privilege(role, p.oid, 'execute') $$,
  'whoever a policy is for may call what it asks'
);
select is_empty(
  $$ select p.oid::regprocedure, r.name from pg_proc p, unnest(array['anon', 'authenticated', 'service_role']) as r (name)
     where p.prorettype in ('trigger'::regtype, 'event_trigger'::regtype) and p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and has_function_privilege(r.name, p.oid, 'execute') $$,
  'nobody calls a trigger''s function'
);

select * from finish();
rollback;
