import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GrantDefault } from './apply-platform.ts';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('open');
}, 60_000);
afterAll(() => platform?.close());

interface Rights {
  table_rights: string;
  sequence_rights: string;
  may_call: boolean;
  named_in_function: boolean;
}

/** What a client role is granted on things the migration role creates in public without a grant of its own. */
async function rightsOn(grantDefault: GrantDefault, role: string): Promise<Rights | undefined> {
  await platform.apply(grantDefault);
  return platform.asMigration(async (tx) => {
    await tx.execute(`
      create table public.things (id int);
      create sequence public.numbers;
      create function public.act() returns int language sql as 'select 1';
    `);
    const held = (relation: string) => `(
      select coalesce(string_agg(privilege_type, ' ' order by privilege_type), '')
      from pg_class, aclexplode(relacl)
      where oid = '${relation}'::regclass and grantee = '${role}'::regrole and privilege_type <> 'MAINTAIN'
    )`;
    const [rights] = await tx.query<Rights>(`
      select ${held('public.things')} as table_rights, ${held('public.numbers')} as sequence_rights,
        has_function_privilege('${role}', 'public.act()', 'execute') as may_call,
        exists (
          select from pg_proc, aclexplode(proacl)
          where oid = 'public.act()'::regprocedure and grantee = '${role}'::regrole
        ) as named_in_function
    `);
    return rights;
  });
}

describe.each(['anon', 'authenticated', 'service_role'])('what %s gets by itself', (role) => {
  it('is everything under the open default', async () => {
    expect(await rightsOn('open', role)).toEqual({
      table_rights: 'DELETE INSERT REFERENCES SELECT TRIGGER TRUNCATE UPDATE',
      sequence_rights: 'SELECT UPDATE USAGE',
      may_call: true,
      named_in_function: true,
    });
  });

  it('is only what the platform leaves over under the closed default', async () => {
    expect(await rightsOn('closed', role)).toEqual({
      table_rights: 'REFERENCES TRIGGER TRUNCATE',
      sequence_rights: 'UPDATE',
      may_call: true,
      named_in_function: false,
    });
  });

  it("is nothing in a schema of the project's own", async () => {
    await platform.apply('open');
    const [row] = await platform.asMigration(async (tx) => {
      await tx.execute('create schema workshop; create table workshop.things (id int)');
      return tx.query(`
        select has_schema_privilege('${role}', 'workshop', 'usage') as enters,
          has_table_privilege('${role}', 'workshop.things', 'select, insert, update, delete, truncate') as touches
      `);
    });
    expect(row).toEqual({ enters: false, touches: false });
  });
});

describe('a change of the default', () => {
  it('leaves existing tables as they are', async () => {
    await platform.apply('open');
    await platform.database.execute(
      'set role postgres; create table public.old_things (id int); reset role',
    );
    await platform.apply('closed');
    const [row] = await platform.database.query<{ reads: boolean }>(
      "select has_table_privilege('anon', 'public.old_things', 'select') as reads",
    );
    expect(row?.reads).toBe(true);
  });

  it('does not reach what the superuser creates in public', async () => {
    await platform.apply('closed');
    await platform.database.execute('create table public.of_the_superuser (id int)');
    const [row] = await platform.database.query<{ reads: boolean }>(
      "select has_table_privilege('anon', 'public.of_the_superuser', 'select') as reads",
    );
    expect(row?.reads).toBe(true);
  });
});
