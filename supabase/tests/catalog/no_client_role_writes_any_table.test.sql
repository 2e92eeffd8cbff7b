begin;
select plan(13);
\ir ../shared.psql
set local client_min_messages = warning;

select pg_temp.sign_up('ann', 'bob', 'outsider');

-- ann owns a community in which bob is a member; every table that can have a row of theirs has one.
set local role authenticated;
set local request.jwt.claim.sub = '';
select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid, 'role', 'authenticated')::text, true);
select create_community('Rust');
select send_message((select id from list_channels((select id from my_communities()))), 'hello');
select set_config('test.code', (create_invite((select id from my_communities()))).code, true);
select set_config('request.jwt.claims', json_build_object('sub', md5('bob')::uuid, 'role', 'authenticated')::text, true);
select redeem_invite(current_setting('test.code'));
reset role;

-- One attempt of each kind on each table of ours. A column that a client could name, so that only the right is missing.
create temp table attempts as
select n.nspname as schema, c.relname as name, kind, format(pattern, c.oid::regclass, a.attname) as statement
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join lateral (
  select attname from pg_attribute
  where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '' order by attnum limit 1
) a on true
cross join (values
  ('insert', 'insert into %1$s default values'), ('update', 'update %1$s set %2$I = %2$I where true'),
  ('delete', 'delete from %1$s where true'), ('truncate', 'truncate %1$s cascade'),
  ('lock', 'lock table %1$s in exclusive mode'), ('update one', 'update %1$s set %2$I = default where %2$I is null'),
  ('upsert', 'insert into %1$s (%2$I) values (default) on conflict do nothing'),
  ('select for update', 'select %2$I from %1$s for update')
) as kinds (kind, pattern)
where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'm', 'f');
grant select on attempts to anon, authenticated, service_role;

-- Tries and takes back what came of it. The text of what would have been possible, null where permission was denied.
create function pg_temp.possible(p_statement text) returns text language plpgsql as $$
begin
  begin
    execute p_statement;
    raise exception 'it worked' using errcode = 'ZZ000';
  exception when insufficient_privilege then
    return null;
  end;
exception when others then
  return sqlerrm;
end
$$;

select cmp_ok((select count(distinct (schema, name)) from attempts), '>=', 20::bigint, 'there are tables to try');
-- Who waits for others was not denied. They are at work in these tables, and are not to wait for this one.
set local lock_timeout = '100ms';
select is_empty(
  $$ select statement from attempts where pg_temp.possible(statement) is null and name <> 'audit_log' $$, 'the migration role is denied nothing: the attempts are well made'
);
set local lock_timeout = 0;

set local role anon;
set local request.jwt.claims = '{"role": "anon"}';
select is_empty(
  $$ select statement, pg_temp.possible(statement) from attempts where pg_temp.possible(statement) is not null $$, 'whoever has only the publishable key writes nothing'
);
select is_empty(
  $$ select statement from (select distinct schema, name, format('select count(*) from %I.%I', schema, name) as statement from attempts) a
     where pg_temp.possible(statement) is not null $$, 'and reads nothing'
);

set local role authenticated;
set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty(
  $$ select statement, pg_temp.possible(statement) from attempts where pg_temp.possible(statement) is not null $$, 'nor does a token without a user'
);
select set_config('request.jwt.claims', json_build_object('sub', md5('outsider')::uuid, 'role', 'authenticated')::text, true);
select is_empty(
  $$ select statement, pg_temp.possible(statement) from attempts where pg_temp.possible(statement) is not null $$, 'nor does an outsider'
);
select set_config('request.jwt.claims', json_build_object('sub', md5('bob')::uuid, 'role', 'authenticated')::text, true);
select is_empty(
  $$ select statement, pg_temp.possible(statement) from attempts where pg_temp.possible(statement) is not null $$, 'nor does a member'
);
select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid, 'role', 'authenticated')::text, true);
select is_empty(
  $$ select statement, pg_temp.possible(statement) from attempts where pg_temp.possible(statement) is not null $$, 'nor does the owner'
);
select is_empty(
  $$ select statement from (select distinct schema, name, format('select count(*) from %I.%I', schema, name) as statement from attempts) a
     where schema = 'private' and pg_temp.possible(statement) is not null $$, 'nor is anything in private read'
);
set local role service_role;
set local request.jwt.claims = '{"role": "service_role"}';
select is_empty(
  $$ select statement, pg_temp.possible(statement) from attempts where pg_temp.possible(statement) is not null $$, 'nor does the secret key, which goes through functions too'
);

-- Sequences and schemas.
reset role;
select is_empty(
  $$ select c.oid::regclass, r.role from pg_class c, unnest(array['anon', 'authenticated', 'service_role']) as r (role)
     where c.relkind = 'S' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
       and has_sequence_privilege(r.role, c.oid, 'usage, select, update') $$,
  'no client role draws from a sequence'
);
select is_empty(
  $$ select s.name, r.role from unnest(array['public', 'private']) as s (name), unnest(array['anon', 'authenticated', 'service_role', 'public']) as r (role)
     where r.role <> 'public' and has_schema_privilege(r.role, s.name, 'create') $$,
  'no client role creates anything in our schemas'
);
select is_empty(
  $$ select s.name from unnest(array['public', 'private']) as s (name), pg_namespace n, aclexplode(n.nspacl) a
     where n.nspname = s.name and a.grantee = 0 and a.privilege_type = 'CREATE' $$,
  'nor does everybody'
);

select * from finish();
rollback;
