-- Extensions live in a schema of their own, never in public: what they define there would be callable by everyone.
--
-- On a hosted project the migration role may create about sixty extensions. On a plain PostgreSQL it may create only
-- those marked as trusted, so the ones in use here are created in advance and the migrations'
-- `create extension if not exists` finds them.

create schema if not exists extensions;
alter schema extensions owner to postgres;
grant usage on schema extensions to postgres, anon, authenticated, service_role;

do $extensions$
declare
  wanted name;
begin
  for wanted in
    select available.name
    from pg_catalog.pg_available_extensions as available
    where available.name in (
      'pgcrypto', 'uuid-ossp', 'pg_stat_statements', 'vector', 'pgtap', 'plpgsql_check'
    )
    order by available.name
  loop
    execute format('create extension if not exists %I with schema extensions', wanted);
    if wanted in ('pgcrypto', 'pgtap', 'vector') then
      execute format('alter extension %I set schema extensions', wanted);
    end if;
  end loop;
end
$extensions$;

-- Makes the catalog say that an extension is installed whose work the local stack does itself, so that
-- `create extension if not exists` in a migration is the no-op it is on a project that has the extension.
create or replace function platform_shim.stand_in_for_extension(
  p_name name,
  p_schema name,
  p_version text
) returns void
language sql
volatile
set search_path = ''
as $$
  insert into pg_catalog.pg_extension
    (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  select
    pg_catalog.pg_nextoid('pg_catalog.pg_extension', 'oid', 'pg_catalog.pg_extension_oid_index'),
    p_name,
    'supabase_admin'::pg_catalog.regrole,
    p_schema::text::pg_catalog.regnamespace,
    false,
    p_version
  where not exists (select from pg_catalog.pg_extension where extname = p_name);
$$;
comment on function platform_shim.stand_in_for_extension is
'Only in the local shim: registers an extension that is not installed on this server.';
revoke all on function platform_shim.stand_in_for_extension from public;
