import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('closed');
}, 60_000);
afterAll(() => platform?.close());

const user = '00000000-0000-4000-8000-00000000000a';
const helpers =
  'select auth.uid() as uid, auth.role() as role, auth.email() as email, auth.jwt() as jwt';

describe('the auth functions', () => {
  it.each(['anon', 'authenticated', 'service_role'])('tell %s its claims', async (role) => {
    const claims = { sub: user, role, email: 'ann@example.org', app_metadata: { plan: 'free' } };
    const [row] = await platform.asClient(role, claims, (tx) => tx.query(helpers));
    expect(row).toEqual({ uid: user, role, email: 'ann@example.org', jwt: claims });
  });

  it('say null without a request', async () => {
    const [row] = await platform.asMigration((tx) => tx.query(helpers));
    expect(row).toEqual({ uid: null, role: null, email: null, jwt: null });
  });

  it('say null for settings that were made and emptied again', async () => {
    const [row] = await platform.asMigration(async (tx) => {
      await tx.execute(`
        set local "request.jwt.claims" = '';
        set local "request.jwt.claim.sub" = '';
        set local "request.jwt.claim.role" = '';
      `);
      return tx.query(helpers);
    });
    expect(row).toEqual({ uid: null, role: null, email: null, jwt: null });
  });

  it('prefer the setting of the single claim', async () => {
    const [row] = await platform.asMigration(async (tx) => {
      await tx.execute(`
        set local "request.jwt.claims" = '{"role": "anon"}';
        set local "request.jwt.claim.sub" = '${user}';
      `);
      return tx.query(helpers);
    });
    expect(row).toMatchObject({ uid: user, role: 'anon', email: null });
  });
});

describe('the tables of the auth service', () => {
  it('belong to the service and have row security without policies', async () => {
    const rows = await platform.database.query<{ owner: string; secured: boolean }>(`
      select relname::text as name, relowner::regrole::text as owner, relrowsecurity as secured,
        exists (select from pg_policy where polrelid = c.oid) as opened
      from pg_class as c where relnamespace = 'auth'::regnamespace and relkind = 'r'
    `);
    expect(rows).toContainEqual({
      name: 'users',
      owner: 'supabase_auth_admin',
      secured: true,
      opened: false,
    });
    expect(new Set(rows.map(({ owner }) => owner))).toEqual(new Set(['supabase_auth_admin']));
    expect(new Set(rows.map(({ secured }) => secured))).toEqual(new Set([true]));
  });

  it.each(['anon', 'authenticated', 'service_role'])('give %s nothing', async (role) => {
    await expect(
      platform.asClient(role, { sub: user, role }, (tx) => tx.query('select from auth.users')),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('delete what refers to a user with the user', async () => {
    const [row] = await platform.asMigration(async (tx) => {
      await tx.execute(`
        create table public.profiles (id uuid references auth.users (id) on delete cascade);
        insert into auth.users (id) values ('${user}');
        insert into public.profiles values ('${user}');
        delete from auth.users where id = '${user}';
      `);
      return tx.query<{ left_over: number }>(
        'select count(*)::int as left_over from public.profiles',
      );
    });
    expect(row?.left_over).toBe(0);
  });
});
