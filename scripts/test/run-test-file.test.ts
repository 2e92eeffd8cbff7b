import { PGlite } from '@electric-sql/pglite';
import { pgtap } from '@electric-sql/pglite-pgtap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPgliteSession } from './pglite-session.ts';
import { countFailed, describeFailures, runTestFile } from './run-test-file.ts';
import type { TestSession } from './test-session.ts';

let session: TestSession;
const run = (sql: string) => runTestFile(session, sql);

beforeAll(async () => {
  const pglite = await PGlite.create({ extensions: { pgtap } });
  await pglite.exec(`
    create role supabase_admin superuser;
    set session authorization supabase_admin;
    alter role postgres rename to bootstrap;
    create role postgres;
    create schema extensions;
    grant usage on schema extensions to postgres;
    create extension pgtap schema extensions;
    create table kept (a int);
    grant all on kept to postgres;
  `);
  session = await openPgliteSession(pglite, 'Pacific/Kiritimati');
}, 60_000);
afterAll(() => session?.close());

describe('a test file', () => {
  it('passes when all its tests do', async () => {
    const result = await run(
      "begin; select plan(2); select ok(true, 'a'); select is(1, 1, 'b'); select * from finish(); rollback;",
    );
    expect(result).toMatchObject({ passed: 2, failures: [], problems: [] });
    expect(countFailed(result)).toBe(0);
  });

  it('fails with the diagnostics of the test that did', async () => {
    const result = await run(
      "begin; select plan(2); select is(1, 2, 'one is two'); select pass('b'); select * from finish(); rollback;",
    );
    expect(result).toMatchObject({ passed: 1, problems: [] });
    expect(countFailed(result)).toBe(1);
    expect(describeFailures(result)).toContain('not ok 1 - one is two');
    expect(describeFailures(result)).toMatch(/have: 1\n.*want: 2/);
  });

  it('fails when it runs fewer tests than planned', async () => {
    const result = await run("begin; select plan(2); select pass('a'); rollback;");
    expect(result.problems).toEqual(['planned 2 tests and ran 1']);
  });

  it('fails when it has no test', async () => {
    expect(countFailed(await run('begin; select 1; rollback;'))).toBeGreaterThan(0);
  });

  it('fails at an error, and says where it was and what passed before it', async () => {
    const result = await run(
      "begin;\nselect plan(2);\nselect pass('a');\nselect nowhere();\nselect pass('b');\nrollback;",
    );
    expect(result.passed).toBe(1);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toContain('function nowhere() does not exist (line 4)');
  });

  it('leaves nothing for the next one: no transaction, no role, no setting, no temporary table', async () => {
    await run(`
      begin; insert into kept values (1); create temp table t (a int); set local role postgres;
      set search_path = nowhere; set timezone = 'UTC'; set test.setting = 'x';
    `);
    const result = await run(`
      begin; select plan(6);
      select is((select count(*) from kept), 0::bigint);
      select is(to_regclass('pg_temp.t'), null);
      select is(session_user::text, 'postgres');
      select is(current_user::text, 'postgres');
      select is(current_setting('TimeZone'), 'Pacific/Kiritimati');
      select is(coalesce(current_setting('test.setting', true), ''), '');
      rollback;
    `);
    expect(result).toMatchObject({ passed: 6, failures: [], problems: [] });
  });
});
