-- Runs after the auth service has made its tables: hands them to the service's role, closes them to clients, and gives
-- the migration role what it has on a hosted project. It may reference, read and change users and hang triggers on
-- them; the tables are not its own.

do $tables$
declare
  found record;
begin
  for found in
    select c.oid::regclass as name, c.relkind
    from pg_catalog.pg_class as c
    where c.relnamespace = 'auth'::regnamespace
      and c.relkind in ('r', 'p', 'S')
      -- A sequence of a column changes hands with its table and refuses to do so alone.
      and not exists (
        select
        from pg_catalog.pg_depend as d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
          and c.relkind = 'S'
      )
    order by c.relname
  loop
    if found.relkind = 'S' then
      execute format('alter sequence %s owner to supabase_auth_admin', found.name);
    else
      execute format('alter table %s owner to supabase_auth_admin', found.name);
      execute format('alter table %s enable row level security', found.name);
      execute format('grant select on %s to postgres with grant option', found.name);
      execute format(
        'grant insert, update, delete, truncate, references, trigger on %s to postgres',
        found.name
      );
    end if;
  end loop;
end
$tables$;

-- The migration history is the migration role's, whoever made it first: `supabase db push` writes it as postgres.
do $history$
declare
  found record;
begin
  if to_regnamespace('supabase_migrations') is not null then
    alter schema supabase_migrations owner to postgres;
    for found in
      select c.oid::regclass as name
      from pg_catalog.pg_class as c
      where c.relnamespace = to_regnamespace('supabase_migrations') and c.relkind = 'r'
    loop
      execute format('alter table %s owner to postgres', found.name);
    end loop;
  end if;
end
$history$;
