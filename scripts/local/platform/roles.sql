-- The roles of a hosted project, with the powers and the limits they have there.
--
-- `postgres` is the point of it: migrations run as a role that may create roles, databases and schemas and that row
-- security does not hold back, but that is no superuser and owns nothing of the platform.
-- Attributes are set again on every run, so a role that was there before ends up the same as a new one.

do $roles$
declare
  wanted record;
begin
  for wanted in
    select *
    from (
      values
        ('anon', 'nologin noinherit nocreaterole nocreatedb nobypassrls noreplication'),
        ('authenticated', 'nologin noinherit nocreaterole nocreatedb nobypassrls noreplication'),
        ('service_role', 'nologin noinherit nocreaterole nocreatedb bypassrls noreplication'),
        ('authenticator', 'login noinherit nocreaterole nocreatedb nobypassrls noreplication'),
        ('postgres', 'login inherit createrole createdb bypassrls replication'),
        ('supabase_privileged_role', 'nologin inherit nocreaterole nocreatedb nobypassrls noreplication'),
        ('supabase_auth_admin', 'login noinherit nocreaterole nocreatedb nobypassrls noreplication'),
        ('supabase_storage_admin', 'login noinherit createrole nocreatedb nobypassrls noreplication'),
        ('supabase_realtime_admin', 'nologin noinherit nocreaterole nocreatedb nobypassrls noreplication')
    ) as roles (name, attributes)
  loop
    if to_regrole(wanted.name) is null then
      execute format('create role %I', wanted.name);
    end if;
    execute format('alter role %I nosuperuser %s', wanted.name, wanted.attributes);
  end loop;
end
$roles$;

-- The Data API logs in as authenticator and changes into one of the three client roles.
grant anon, authenticated, service_role, supabase_storage_admin to authenticator;

-- Some predefined roles are younger than the oldest server we support.
do $memberships$
declare
  granted name;
begin
  for granted in
    select rolname
    from pg_catalog.pg_roles
    where rolname in (
      'anon', 'authenticated', 'service_role', 'authenticator',
      'pg_monitor', 'pg_read_all_data', 'pg_signal_backend', 'pg_create_subscription'
    )
    order by rolname
  loop
    execute format('grant %I to postgres with admin option', granted);
  end loop;
end
$memberships$;
grant supabase_privileged_role to postgres;

-- Timeouts belong to the role that logs in; the Data API reads those of the client roles and applies them per request.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_auth_admin set search_path = 'auth';
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';
alter role supabase_storage_admin set search_path = 'storage';

-- Loading data with triggers switched off takes a superuser elsewhere.
grant set on parameter session_replication_role to postgres;
