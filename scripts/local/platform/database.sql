-- Who may create where. The database belongs to `postgres`, and schema public to whoever owns the database: that is
-- how the migration role creates tables in public and schemas of its own without being a superuser.

do $owner$
begin
  execute format('alter database %I owner to postgres', current_database());
end
$owner$;

alter schema public owner to pg_database_owner;
revoke create on schema public from public;
grant usage on schema public to public, postgres, anon, authenticated, service_role;

-- Empty by default; the migration role may add its tables to it.
do $publication$
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
  alter publication supabase_realtime owner to postgres;
end
$publication$;

-- What stands in for platform services here and has no counterpart on a hosted project.
create schema if not exists platform_shim;
alter schema platform_shim owner to supabase_admin;
