begin;
select plan(4);

-- A right on a table covers every column there is, and each that is added later.
create temp table whole as
select c.relname::text as name, pg_get_userbyid(e.grantee)::text as role
from pg_class c cross join lateral aclexplode(c.relacl) as e
where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and e.privilege_type = 'SELECT' and e.grantee <> c.relowner;

select set_eq(
  'select name, role from whole',
  $$ select unnest(array[
       'audit_log', 'bans', 'channel_groups', 'channels', 'chat_messages', 'chat_threads', 'communities', 'invites', 'member_roles', 'messages', 'permissions_catalog',
       'profiles', 'role_permissions', 'social_messages'
     ]), 'authenticated' $$,
  'these are readable with all their columns, to signed-in users, and no other'
);
select is_empty(
  $$ select name from whole where exists (
       select from pg_attribute a
       where a.attrelid = format('public.%I', name)::regclass and a.attnum > 0 and not a.attisdropped
         and a.attname in ('permissions', 'allow', 'deny', 'access_class_id')
     ) $$,
  'none of them has a mask or a class'
);

-- What a view asks, it asks as its reader.
select is_empty(
  $$ select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'v' and not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}' $$,
  'every view asks as its reader, and not as its owner'
);
select is_empty(
  $$ with views as materialized (
       select c.oid, c.relname, pg_get_viewdef(c.oid) as definition
       from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
     )
     select v.relname, p.proname, r.name
     from views v
     join pg_proc p on p.pronamespace = 'private'::regnamespace and v.definition like '%private.' || p.proname || '(%',
       unnest(array['anon', 'authenticated', 'service_role']) as r (name)
     where has_function_privilege(r.name, p.oid, 'execute') <> has_table_privilege(r.name, v.oid, 'select') $$,
  'whoever may read a view may call what it asks, and nobody else'
);

select * from finish();
rollback;
