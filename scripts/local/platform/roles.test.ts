import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('open');
}, 60_000);
afterAll(() => platform?.close());

/** What the catalog says about everything the shim makes, as text, without the ids that differ by nature. */
const catalog = () =>
  platform.database.query(`
    select 'role' as kind, rolname::text as name,
      to_jsonb(r) - 'oid' - 'rolpassword' as facts
    from pg_roles as r where rolname !~ '^pg_|_[0-9a-f]{32}$'
    union all
    select 'membership', roleid::regrole::text || ' of ' || member::regrole::text,
      to_jsonb(m) - 'oid' - 'roleid' - 'member' - 'grantor'
    from pg_auth_members as m
    where m.roleid::regrole::text !~ '_[0-9a-f]{32}$'
    union all
    select 'schema', nspname, to_jsonb(n) - 'oid' - 'nspowner' || jsonb_build_object('owner', nspowner::regrole)
    from pg_namespace as n where nspname !~ '^pg_'
    union all
    select c.relkind::text, c.oid::regclass::text,
      jsonb_build_object('acl', relacl::text, 'owner', relowner::regrole, 'rls', relrowsecurity)
    from pg_class as c join pg_namespace as n on n.oid = relnamespace
    where nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select 'function', p.oid::regprocedure::text,
      to_jsonb(p) - 'oid' - 'proowner' - 'pronamespace' || jsonb_build_object('owner', proowner::regrole)
    from pg_proc as p join pg_namespace as n on n.oid = pronamespace
    where nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select 'policy', polname || ' on ' || polrelid::regclass, jsonb_build_object('using', pg_get_expr(polqual, polrelid))
    from pg_policy
    union all
    select 'trigger', tgname || ' on ' || tgrelid::regclass, to_jsonb(pg_get_triggerdef(oid)) from pg_trigger
    where not tgisinternal
    union all
    select 'event trigger', evtname, to_jsonb(evttags) from pg_event_trigger
    union all
    select 'default', defaclrole::regrole::text || ' ' || defaclobjtype::text, to_jsonb(defaclacl::text) from pg_default_acl
    union all
    select 'extension', extname, to_jsonb(extnamespace::regnamespace) from pg_extension
    union all
    select 'database', datname, jsonb_build_object('owner', datdba::regrole) from pg_database
    where datname = current_database()
    order by 1, 2
  `);

describe('the roles', () => {
  it('have the powers they have on a hosted project', async () => {
    const rows = await platform.database.query<{ name: string }>(`
      select rolname::text as name, rolsuper as superuser, rolcanlogin as login, rolinherit as inherit,
        rolcreaterole as createrole, rolcreatedb as createdb, rolreplication as replication, rolbypassrls as bypassrls
      from pg_roles
      where rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'postgres', 'supabase_admin')
      order by rolname
    `);
    const none = { createrole: false, createdb: false, replication: false, bypassrls: false };
    const client = { superuser: false, login: false, inherit: false, ...none };
    expect(rows).toEqual([
      { name: 'anon', ...client },
      { name: 'authenticated', ...client },
      { name: 'authenticator', ...client, login: true },
      {
        name: 'postgres',
        superuser: false,
        login: true,
        inherit: true,
        createrole: true,
        createdb: true,
        replication: true,
        bypassrls: true,
      },
      { name: 'service_role', ...client, bypassrls: true },
      {
        name: 'supabase_admin',
        superuser: true,
        login: true,
        inherit: true,
        createrole: true,
        createdb: true,
        replication: true,
        bypassrls: true,
      },
    ]);
  });

  it('let the migration role hand out the client roles and the monitoring roles', async () => {
    const rows = await platform.database.query<{ name: string }>(`
      select roleid::regrole::text as name from pg_auth_members
      where member = 'postgres'::regrole and admin_option
        -- Roles belong to the whole server, and another test file may just be making one of its own.
        and roleid::regrole::text !~ '_[0-9a-f]{32}$'
      order by 1
    `);
    const expected = [
      'anon',
      'authenticated',
      'authenticator',
      'pg_create_subscription',
      'pg_monitor',
      'pg_read_all_data',
      'pg_signal_backend',
      'service_role',
    ];
    const known = await platform.database.query<{ name: string }>(
      `select rolname::text as name from pg_roles where rolname in ('${expected.join("','")}') order by 1`,
    );
    expect(rows).toEqual(known);
    expect(known.length).toBeGreaterThanOrEqual(7);
  });

  it('carry their timeouts', async () => {
    const rows = await platform.database.query<{ name: string; settings: string }>(`
      select rolname::text as name, array_to_string(rolconfig, ' ') as settings
      from pg_roles where rolname in ('anon', 'authenticated', 'authenticator', 'service_role') order by 1
    `);
    expect(rows).toEqual([
      { name: 'anon', settings: 'statement_timeout=3s' },
      { name: 'authenticated', settings: 'statement_timeout=8s' },
      { name: 'authenticator', settings: 'statement_timeout=8s lock_timeout=8s' },
      { name: 'service_role', settings: null },
    ]);
  });
});

describe('the migration role', () => {
  it.each([
    ['creates a schema', 'create schema workshop'],
    ['creates a table in public', 'create table public.tools (id int)'],
    ['creates a role', 'create role toolmaker'],
    ['changes a client role', "alter role authenticated set statement_timeout = '9s'"],
    [
      'publishes a table',
      'create table t (id int); alter publication supabase_realtime add table t',
    ],
    [
      'asks for extensions that are there',
      'create extension if not exists pgcrypto with schema extensions; create extension if not exists pg_cron; create extension if not exists pg_net with schema extensions; create extension if not exists supabase_vault with schema vault',
    ],
  ])('%s', async (_, sql) => {
    expect(await platform.outcomeOfMigration(sql)).toBe('ok');
  });

  it.each([
    ['become the superuser', 'set role supabase_admin'],
    ['make itself a superuser', 'alter role postgres superuser'],
    ['read files of the server', "select pg_read_file('PG_VERSION')"],
    ['run programs', "copy (select 1) to program 'true'"],
    [
      "change the superuser's defaults",
      'alter default privileges for role supabase_admin in schema public revoke all on tables from anon',
    ],
  ])('cannot %s', async (_, sql) => {
    expect(await platform.outcomeOfMigration(sql)).toBe('42501');
  });
});

describe('applying the platform', () => {
  it('a second time changes nothing', async () => {
    const before = await catalog();
    await platform.apply('open');
    expect(await catalog()).toEqual(before);
    expect(before.length).toBeGreaterThan(100);
  });
});
