import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { openPreparedPglite } from '../database/prepared-pglite.ts';
import { compareContracts } from './compare.ts';
import type { CatalogContract, Contract } from './contract.ts';
import { contractVersion } from './contract-version.ts';
import { introspect, introspectWithin } from './introspect.ts';

let database: Database;
let fresh: CatalogContract;

beforeAll(async () => {
  database = (await openPreparedPglite('open')).database;
  fresh = await introspect(database);
}, 60_000);

afterAll(() => database.close());

/** The contract after the statements, which are rolled back. */
async function catalogAfter(sql: string): Promise<CatalogContract> {
  const rollback = new Error('rollback');
  let catalog: CatalogContract | undefined;
  await database
    .transaction(async (tx) => {
      await tx.execute(sql);
      catalog = await introspectWithin(tx);
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  return catalog as CatalogContract;
}

const driftAfter = async (sql: string) => compareContracts(fresh, await catalogAfter(sql));

/** Statements that create a function anew with one part of its text replaced. */
const rewrite = (signature: string, from: string, to: string) => `
  do $do$
  declare v_text text := pg_get_functiondef('${signature}'::regprocedure);
  begin
    assert strpos(v_text, $a$${from}$a$) > 0, 'nothing to replace';
    execute replace(v_text, $a$${from}$a$, $b$${to}$b$);
  end $do$`;

const sendMessage = 'public.send_message(uuid, text, text, bigint, jsonb)';

describe('a database to which the migrations were applied', () => {
  it('is what contract.json says, also under the platform’s open grants', () => {
    const path = new URL('../../supabase/contract.json', import.meta.url);
    const contract = JSON.parse(readFileSync(path, 'utf8')) as Contract;
    expect(compareContracts(contract, fresh)).toEqual([]);
    expect(contractVersion(fresh)).toBe(contract.version);
  });

  it.each([
    "set local TimeZone = 'Pacific/Kiritimati'",
    "set local search_path = 'public, private, realtime, extensions'",
    "set local search_path = public, private, auth; set local DateStyle = 'German, DMY'; set local IntervalStyle = 'sql_standard'",
    'set local quote_all_identifiers = on',
    'set local role postgres',
  ])('answers the same after %s', async (settings) => {
    const catalog = await catalogAfter(settings);
    expect(compareContracts(fresh, catalog)).toEqual([]);
    expect(JSON.stringify(catalog)).toBe(JSON.stringify(fresh));
  });

  it('may have jobs of the operator’s own', async () => {
    const sql = "select cron.schedule('nightly', '0 3 * * *', 'select 1')";
    expect(await driftAfter(sql)).toEqual([]);
  });

  it('may have its columns in another order', async () => {
    const catalog = structuredClone(fresh);
    catalog.tables['public.messages']?.columns.reverse();
    expect(compareContracts(fresh, catalog)).toEqual([]);
    expect(contractVersion(catalog)).toBe(contractVersion(fresh));
  });
});

describe('drift is told in a line', () => {
  it.each<[string, string, string | RegExp]>([
    [
      'a dropped policy',
      'drop policy messages_select on public.messages',
      'absent policy messages_select on public.messages',
    ],
    [
      'a policy that lets everything through',
      'alter policy messages_select on public.messages using (true)',
      /^changed policy messages_select on public\.messages: using was .+ is true$/,
    ],
    [
      'a policy for another role',
      'alter policy messages_select on public.messages to public',
      'changed policy messages_select on public.messages: roles was [authenticated] is [public]',
    ],
    [
      'a second policy on realtime.messages',
      'create policy everybody on realtime.messages for select to authenticated using (true)',
      'extra policy everybody on realtime.messages',
    ],
    [
      'row-level security switched off',
      'alter table public.messages disable row level security',
      'changed table public.messages: row_level_security was on is off',
    ],
    [
      'row-level security of a platform table switched off',
      'alter table realtime.messages disable row level security',
      'changed platform table realtime.messages: row_level_security was on is off',
    ],
    [
      'a table opened to anon',
      'grant select on table public.messages to anon',
      'extra grant select on table public.messages to anon',
    ],
    [
      'a table opened to everybody, for good',
      'grant delete on table private.channel_heads to public',
      'extra grant delete on table private.channel_heads to public',
    ],
    [
      'a column opened for writing',
      'grant update (owner_id) on table public.communities to authenticated',
      'extra grant update on column public.communities.owner_id to authenticated',
    ],
    [
      'a right taken away',
      'revoke select on table public.messages from authenticated',
      'absent grant select on table public.messages to authenticated',
    ],
    [
      'a right that may be passed on',
      'grant select on table public.messages to anon with grant option',
      'extra grant select with grant option on table public.messages to anon',
    ],
    [
      'a maintenance right',
      'grant maintain on table public.messages to authenticated',
      'extra grant maintain on table public.messages to authenticated',
    ],
    [
      'a function opened to anon',
      `grant execute on function ${sendMessage} to anon`,
      `extra grant execute on function ${sendMessage} to anon`,
    ],
    [
      'a schema in which anybody may create',
      'grant create on schema public to anon',
      'extra grant create on schema public to anon',
    ],
    [
      'a sequence opened to anon',
      'grant usage on sequence private.lost_broadcasts_id_seq to anon',
      'extra grant usage on sequence private.lost_broadcasts_id_seq to anon',
    ],
    [
      'an extra function',
      'create function public.backdoor(p_who uuid) returns void language sql as $$ select $$',
      'extra function public.backdoor(uuid)',
    ],
    [
      'an overload',
      'create function public.send_message(p_body text) returns void language sql as $$ select $$',
      'extra function public.send_message(text)',
    ],
    ['an absent function', `drop function ${sendMessage}`, `absent function ${sendMessage}`],
    [
      'a changed body',
      rewrite('private.require_user()', 'is null', 'is not null'),
      /^changed function private\.require_user\(\): body was [0-9a-f]{64} is [0-9a-f]{64}$/,
    ],
    [
      'another default of an argument',
      rewrite('public.sync_channel(uuid, bigint, integer)', 'DEFAULT 100', 'DEFAULT 100000'),
      /^changed function public\.sync_channel\(uuid, bigint, integer\): arguments was .+"100".+ is .+"100000"/,
    ],
    [
      'another volatility',
      'alter function private.require_user() volatile',
      'changed function private.require_user(): volatility was stable is volatile',
    ],
    [
      'a function that runs as its owner',
      `alter function ${sendMessage} security definer`,
      `changed function ${sendMessage}: security was invoker is definer`,
    ],
    [
      'a function without its own search_path',
      `alter function ${sendMessage} reset search_path`,
      `changed function ${sendMessage}: settings was {"search_path":"\\"\\"","statement_timeout":"2s"} is {"statement_timeout":"2s"}`,
    ],
    [
      'a function in the hands of a superuser',
      'alter function private.require_user() owner to supabase_admin',
      'changed function private.require_user(): foreign_owner was none is supabase_admin',
    ],
    [
      'another default of a column',
      'alter table public.channels alter column topic_epoch set default 2',
      'changed column public.channels.topic_epoch: default was 1 is 2',
    ],
    [
      'a column that may be null',
      'alter table public.messages alter column body drop not null',
      'changed column public.messages.body: not_null was true is false',
    ],
    [
      'another type',
      'alter table public.channels alter column position type bigint',
      'changed column public.channels.position: type was integer is bigint',
    ],
    [
      'an extra column',
      'alter table public.messages add column secret text',
      'extra column public.messages.secret',
    ],
    [
      'an absent column',
      'alter table public.channels drop column position',
      'absent column public.channels.position',
    ],
    [
      'a dropped constraint',
      'alter table public.messages drop constraint messages_body_check',
      'absent constraint messages_body_check on public.messages',
    ],
    [
      'a dropped index',
      'drop index public.messages_client_nonce',
      'absent index messages_client_nonce on public.messages',
    ],
    [
      'an index that is no longer unique',
      `drop index public.messages_client_nonce;
       create index messages_client_nonce on public.messages (channel_id, author_id, client_nonce)
       where client_nonce is not null`,
      /^changed index messages_client_nonce on public\.messages: definition was CREATE UNIQUE INDEX .+ is CREATE INDEX /,
    ],
    [
      'an extra table, without a line for each of its parts',
      'create table public.notes (id int primary key); grant all on table public.notes to anon',
      'extra table public.notes',
    ],
    [
      'an extra view',
      'create view public.everything as select * from public.messages',
      'extra table public.everything',
    ],
    [
      'an absent table',
      'drop table private.lost_broadcasts',
      'absent table private.lost_broadcasts',
    ],
    [
      'a table sent out through postgres_changes',
      'alter publication supabase_realtime add table public.messages',
      'changed table public.messages: published was false is true',
    ],
    [
      'a trigger gone from the platform’s table',
      'drop trigger guildhall_create_profile on auth.users',
      'absent trigger guildhall_create_profile on auth.users',
    ],
    [
      'a trigger switched off',
      'alter table auth.users disable trigger guildhall_create_profile',
      'changed trigger guildhall_create_profile on auth.users: enabled was origin is disabled',
    ],
    [
      'a trigger that runs a function of ours on the platform’s table',
      'create trigger again after update on auth.users for each row execute function private.create_profile_for_new_user()',
      'extra trigger again on auth.users',
    ],
    ['an extra type', "create type public.mood as enum ('sad', 'ok')", 'extra type public.mood'],
    [
      'an extension in an exposed schema',
      'alter extension pgcrypto set schema public',
      'extra extension pgcrypto',
    ],
    [
      'an unscheduled job',
      "set local role postgres; select cron.unschedule('guildhall:sweep_messages')",
      'absent job guildhall:sweep_messages',
    ],
    [
      'a job that runs at another time',
      "update cron.job set schedule = '0 0 1 1 *' where jobname = 'guildhall:sweep_messages'",
      /^changed job guildhall:sweep_messages: schedule was .+ is 0 0 1 1 \*$/,
    ],
    [
      'a topic that anybody may send on',
      "update private.topics set send = 'may_receive_user_topic' where prefix = 'user'",
      'changed topic user: send was none is may_receive_user_topic',
    ],
    [
      'an event nobody wrote down',
      "insert into private.topic_events values ('user', 'spam', 'Spam')",
      'extra event user spam',
    ],
    [
      'a permission with another bit',
      "update public.permissions_catalog set bit = 52 where key = 'administrator'",
      /^changed permission administrator: bit was \d+ is 52$/,
    ],
    [
      'a rate limit set higher',
      "update private.rate_limit_catalog set capacity = 1000000 where key = 'message_send'",
      /^changed rate limit message_send: capacity was \d+ is 1000000$/,
    ],
  ])('%s', async (_, sql, line) => {
    const matcher = typeof line === 'string' ? line : expect.stringMatching(line);
    expect(await driftAfter(sql)).toEqual([matcher]);
  });

  it('an error code that left a function’s comment', async () => {
    const lines = await driftAfter(`
      do $do$ begin
        execute format('comment on function ${sendMessage} is %L',
          replace(obj_description('${sendMessage}'::regprocedure, 'pg_proc'), 'body_too_long, ', ''));
      end $do$`);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^changed function .+: comment was .+body_too_long.+ is /);
    expect(lines[1]).toMatch(
      /^changed function .+: errors was \[body_too_long, .+\] is \[(?!body)/,
    );
  });

  it('every piece of a database that is empty', async () => {
    const empty = await catalogAfter('drop schema private cascade; drop schema public cascade');
    const lines = compareContracts(fresh, empty);
    expect(lines).toContain('absent schema private');
    expect(lines).toContain(`absent function ${sendMessage}`);
    expect(lines).toContain('absent table public.messages');
    expect(lines.filter((line) => !line.startsWith('absent '))).toEqual([]);
  });
});
