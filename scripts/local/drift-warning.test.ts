import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenedDatabase } from '../database/open-database.ts';
import { openPreparedPglite } from '../database/prepared-pglite.ts';
import { driftWarning } from './drift-warning.ts';

let opened: OpenedDatabase;

beforeAll(async () => {
  opened = await openPreparedPglite('closed');
});
afterAll(() => opened.database.close());

test('a database made by these migrations gives no warning', async () => {
  expect(await driftWarning(opened.database)).toBeNull();
});

test('one that has gone its own way is named with its first difference and the way out', async () => {
  await opened.database.execute('grant select on public.messages to anon');
  expect(await driftWarning(opened.database)).toMatch(
    /not what supabase\/contract\.json says: .*public\.messages.*npm start -- --reset begins anew\.$/,
  );
});
