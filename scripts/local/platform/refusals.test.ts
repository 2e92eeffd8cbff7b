import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasonToRefuse, refuseUnfitServer, type ServerFacts } from './refusals.ts';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('open');
}, 60_000);
afterAll(() => platform?.close());

const fit: ServerFacts = {
  version_number: 150_000,
  version: '15.0',
  current_role: 'supabase_admin',
  is_superuser: true,
  is_supabase: false,
  postgres_is_superuser: false,
  has_pgcrypto: true,
};

describe('a server is refused in one sentence', () => {
  it.each([
    [
      'it is older than 15',
      { version_number: 140_011, version: '14.11' },
      /PostgreSQL 14\.11, and 15/,
    ],
    [
      'the connected role is no superuser',
      { is_superuser: false, current_role: 'bob' },
      /"bob" is no superuser/,
    ],
    [
      'its superuser is called postgres',
      { postgres_is_superuser: true },
      /alter role postgres rename to bootstrap/,
    ],
    ['it lacks pgcrypto', { has_pgcrypto: false }, /pgcrypto is not available/],
    [
      'it is a Supabase project',
      { is_supabase: true, is_superuser: false },
      /already is a Supabase project/,
    ],
  ] as [string, Partial<ServerFacts>, RegExp][])('when %s', (_, change, sentence) => {
    const reason = reasonToRefuse({ ...fit, ...change });
    expect(reason).toMatch(sentence);
    expect(reason).toMatch(/^[^\n]+\.$/);
  });

  it('and not when nothing is wrong', () => {
    expect(reasonToRefuse(fit)).toBeUndefined();
  });
});

describe('the database at hand', () => {
  const verdictAfter = (sql: string) =>
    platform.asSuperuser(async (tx) => {
      await tx.execute(sql);
      return refuseUnfitServer({ ...platform.database, ...tx }).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    });

  it('is taken again', async () => {
    expect(await verdictAfter('select 1')).toBe('taken');
  });

  it('is refused to the migration role', async () => {
    expect(await verdictAfter('set local session authorization postgres')).toMatch(
      /"postgres" is no superuser/,
    );
  });

  it('is refused once the auth service of a real project has left its history', async () => {
    expect(
      await verdictAfter(`
        create table auth.schema_migrations (version text);
        alter table auth.schema_migrations owner to supabase_auth_admin;
      `),
    ).toMatch(/already is a Supabase project/);
  });

  it('is refused while its role postgres is a superuser', async () => {
    expect(await verdictAfter('alter role postgres superuser')).toMatch(/is called "postgres"/);
  });
});
