import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedDatabase } from '../../database/open-database.ts';
import { openPostgres } from '../../database/open-database.ts';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

const serverUrl = process.env.GUILDHALL_DATABASE_URL;

/** pg_cron lives in one database of a server only, so this looks at that one and takes everything back. */
async function openCronDatabase(url: string): Promise<OpenedDatabase | undefined> {
  const opened = await openPostgres(url);
  const [cron] = await opened.database.query<{ usable: boolean }>(`
    select exists (select from pg_available_extensions where name = 'pg_cron')
      and to_regclass('platform_shim.own_jobs') is null
      and current_setting('cron.database_name', true) = current_database() as usable
  `);
  if (cron?.usable) return opened;
  await opened.database.close();
  return undefined;
}

const opened = serverUrl ? await openCronDatabase(serverUrl) : undefined;

describe.skipIf(!opened)('pg_cron where the server has it', () => {
  let platform: PlatformUnderTest;
  beforeAll(async () => {
    // Makes the roles, which belong to the whole server.
    platform = await openPlatform('closed');
  }, 60_000);
  afterAll(async () => {
    await platform?.close();
    await opened?.database.close();
  });

  const shim = new URL('cron-extension.sql', import.meta.url);
  async function outcome(sql: string): Promise<string> {
    const setUp = await readFile(shim, 'utf8');
    try {
      await opened?.database.transaction(async (tx) => {
        await tx.execute(setUp);
        await tx.execute(`set local session authorization postgres; ${sql}`);
        throw Object.assign(new Error('taken back'), { code: 'ok' });
      });
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'committed';
  }

  it.each([
    ['schedules', "select cron.schedule('a', '* * * * *', 'select 1')", 'ok'],
    ['schedules in seconds', "select cron.schedule('a', '30 seconds', 'select 1')", 'ok'],
    [
      'unschedules',
      "select cron.schedule('a', '* * * * *', 'select 1'); select cron.unschedule('a')",
      'ok',
    ],
    ['reads its jobs', 'select from cron.job', 'ok'],
    ['tidies its runs', 'delete from cron.job_run_details where false', 'ok'],
    ['asks for the extension again', 'create extension if not exists pg_cron', 'ok'],
    [
      'does not write the job table',
      "insert into cron.job (schedule, command) values ('* * * * *', 'x')",
      '42501',
    ],
    [
      'does not reach other databases',
      "select cron.schedule_in_database('a', '* * * * *', 'select 1', 'template1')",
      '42501',
    ],
  ])('the migration role %s', async (_, sql, expected) => {
    expect(await outcome(sql)).toBe(expected);
  });
});
