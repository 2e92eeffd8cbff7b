import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

/** Roles belong to the server, which other runs of this file may share. */
const ownRole = `own_role_${randomUUID().replaceAll('-', '')}`;

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('closed');
  await platform.database.execute(`
    set role postgres;
    create schema own;
    create table own.things (id uuid primary key);
    create function own.on_change() returns trigger language plpgsql as 'begin return null; end';
    create role ${ownRole};
    reset role;
  `);
}, 60_000);
afterAll(async () => {
  await platform?.database.execute(`drop owned by ${ownRole}; drop role ${ownRole}`);
  await platform?.close();
});

const trigger = (name: string, table: string) =>
  `create trigger ${name} after insert on ${table} for each row execute function own.on_change()`;

describe('the migration role may', () => {
  it.each([
    [
      'write a policy on realtime.messages',
      'create policy p on realtime.messages for select using (true)',
    ],
    [
      'change that policy',
      'create policy p on realtime.messages using (true); alter policy p on realtime.messages using (false)',
    ],
    [
      'rename that policy',
      'create policy p on realtime.messages using (true); alter policy p on realtime.messages rename to q',
    ],
    [
      'comment on that policy',
      "create policy p on realtime.messages using (true); comment on policy p on realtime.messages is 'why'",
    ],
    [
      'drop that policy',
      'create policy p on realtime.messages using (true); drop policy p on realtime.messages',
    ],
    [
      'write and drop a policy on storage.objects',
      'create policy p on storage.objects using (true); drop policy p on storage.objects',
    ],
    ['write a policy on storage.buckets', 'create policy p on storage.buckets using (true)'],
    ['write a policy on auth.users', 'create policy p on auth.users using (true)'],
    ['hang a trigger on auth.users', trigger('t', 'auth.users')],
    [
      'drop its trigger on auth.users',
      `${trigger('t', 'auth.users')}; drop trigger t on auth.users`,
    ],
    ['hang a trigger on storage.objects', trigger('t', 'storage.objects')],
    ['hang a trigger on realtime.messages', trigger('t', 'realtime.messages')],
    [
      'drop its trigger on realtime.messages',
      `${trigger('t', 'realtime.messages')}; drop trigger t on realtime.messages`,
    ],
    [
      'drop a function that such a trigger uses',
      `${trigger('t', 'auth.users')}; drop function own.on_change() cascade`,
    ],
    [
      'refer to auth.users',
      'create table own.refers (id uuid references auth.users (id) on delete cascade)',
    ],
    [
      'drop what refers to auth.users',
      'create table own.refers (id uuid references auth.users (id)); drop table own.refers',
    ],
    ['look at auth.users through a view', 'create view own.seen as select id from auth.users'],
    [
      'add, change and delete users',
      "insert into auth.users (id) values ('00000000-0000-4000-8000-000000000001'); update auth.users set email = 'a@b.c' where true; delete from auth.users where true",
    ],
    [
      'write broadcasts and buckets',
      "insert into realtime.messages (topic, extension) values ('t', 'broadcast'); insert into storage.buckets (id, name) values ('b', 'b')",
    ],
    [
      'let a role of its own into realtime and storage',
      `grant usage on schema realtime, storage to ${ownRole}`,
    ],
    [
      'take that back',
      `grant usage on schema realtime to ${ownRole}; revoke usage on schema realtime from ${ownRole}`,
    ],
    [
      'let a role of its own read users and broadcasts',
      `grant select on auth.users, realtime.messages to ${ownRole}`,
    ],
    [
      'let a role of its own read one column of users',
      `grant select (id) on auth.users to ${ownRole}`,
    ],
    [
      'let a role of its own write files',
      `grant select, insert, update, delete on storage.objects to ${ownRole}`,
    ],
    [
      'do as it likes with what it owns',
      'alter table own.things add column n int; create index on own.things (n); alter table own.things enable row level security; grant all on own.things to anon; drop table own.things',
    ],
    ['drop a schema of its own', 'drop schema own cascade'],
  ])('%s', async (_, sql) => {
    expect(await platform.outcomeOfMigration(sql)).toBe('ok');
  });
});

describe('the migration role may not', () => {
  it.each([
    ['alter realtime.messages', 'alter table realtime.messages add column n int'],
    [
      'switch row security on realtime.messages',
      'alter table realtime.messages disable row level security',
    ],
    ['index realtime.messages', 'create index on realtime.messages (event)'],
    [
      'rename a column of realtime.messages',
      'alter table realtime.messages rename column event to name',
    ],
    ['drop realtime.messages', 'drop table realtime.messages'],
    ['drop its index', 'drop index realtime.messages_inserted_at_topic_index'],
    [
      'add a partition of its own',
      "create table own.part partition of realtime.messages for values from ('2001-01-01') to ('2001-01-02')",
    ],
    [
      'detach a partition',
      "do $$ declare part regclass := (select inhrelid from pg_inherits where inhparent = 'realtime.messages'::regclass limit 1); begin execute format('alter table realtime.messages detach partition %s', part); end $$",
    ],
    [
      'write a policy on a partition',
      "do $$ declare part regclass := (select inhrelid from pg_inherits where inhparent = 'realtime.messages'::regclass limit 1); begin execute format('create policy p on %s using (true)', part); end $$",
    ],
    [
      'write a rule on realtime.messages',
      'create rule r as on insert to realtime.messages do instead nothing',
    ],
    ['hang a trigger on auth.sessions', trigger('t', 'auth.sessions')],
    ['hang a trigger on storage.buckets', trigger('t', 'storage.buckets')],
    ['switch off the triggers of auth.users', 'alter table auth.users disable trigger all'],
    ['alter auth.users', 'alter table auth.users add column nickname text'],
    ['index auth.users', 'create index on auth.users (created_at)'],
    ['constrain auth.users', 'alter table auth.users add check (email is not null)'],
    ['take auth.users away', 'alter table auth.users set schema own'],
    ['own auth.users', 'alter table auth.users owner to postgres'],
    ['give a table to the auth service', 'alter table own.things owner to supabase_auth_admin'],
    ['comment on auth.users', "comment on table auth.users is 'mine'"],
    [
      'replace auth.uid',
      "create or replace function auth.uid() returns uuid language sql as 'select null::uuid'",
    ],
    [
      'replace realtime.send',
      "create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void language sql as 'select null::void'",
    ],
    ['drop auth.uid', 'drop function auth.uid()'],
    ['drop a storage function', 'drop function storage.foldername(text)'],
    ['create a table in auth', 'create table auth.extra (id int)'],
    ['create a table in storage', 'create table storage.extra (id int)'],
    [
      'create a function in realtime',
      "create function realtime.extra() returns int language sql as 'select 1'",
    ],
    ['create a view in vault', 'create view vault.extra as select 1'],
    ['drop schema auth', 'drop schema auth cascade'],
    ['drop all that the storage service owns', 'drop owned by supabase_storage_admin cascade'],
    ['open auth.users to clients', 'grant insert on auth.users to anon'],
    [
      'open a column of auth.users to clients',
      'grant update (email) on auth.users to authenticated',
    ],
    ['close realtime.messages to clients', 'revoke update on realtime.messages from authenticated'],
    ['write the vault', "insert into vault.secrets (secret) values ('x')"],
    [
      'write the job table',
      "insert into cron.job (schedule, command) values ('* * * * *', 'select 1')",
    ],
    [
      'change the defaults of the storage service',
      'alter default privileges for role supabase_storage_admin in schema public grant all on tables to anon',
    ],
    ['delete files behind the storage service', 'delete from storage.objects where true'],
  ])('%s', async (_, sql) => {
    expect(await platform.outcomeOfMigration(sql)).toBe('42501');
  });

  it('change platform tables from a function of its own that a client calls', async () => {
    const outcome = await platform.outcomeOfMigration(`
      create function public.sneak() returns void language plpgsql security definer
      as $$ begin alter table auth.users add column sneaked int; end $$;
      grant execute on function public.sneak() to authenticated;
      set local role authenticated;
      select public.sneak();
    `);
    expect(outcome).toBe('42501');
  });
});

describe('a right that the migration role may pass on', () => {
  it('stays with the clients when it is revoked, because the platform gave it', async () => {
    const [row] = await platform.asMigration(async (tx) => {
      await tx.execute('revoke insert on realtime.messages from authenticated');
      return tx.query<{ inserts: boolean }>(
        "select has_table_privilege('authenticated', 'realtime.messages', 'insert') as inserts",
      );
    });
    expect(row?.inserts).toBe(true);
  });
});

describe('the superuser', () => {
  it('is not held back', async () => {
    const dropped = await platform.asSuperuser(async (tx) => {
      await tx.execute(`
        alter table auth.users add column of_a_newer_service int;
        create index on realtime.messages (event);
        grant insert on auth.users to ${ownRole};
        drop table auth.flow_state;
      `);
      return tx.query("select to_regclass('auth.flow_state') as gone");
    });
    expect(dropped).toEqual([{ gone: null }]);
  });
});

describe('a platform service', () => {
  it('is not held back from what it owns', async () => {
    const added = await platform.asSuperuser(async (tx) => {
      await tx.execute(`
        set local session authorization supabase_storage_admin;
        alter table storage.objects add column of_a_newer_service int;
      `);
      return tx.query('select of_a_newer_service from storage.objects');
    });
    expect(added).toEqual([]);
  });
});
