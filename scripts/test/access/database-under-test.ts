import type { Database, Queryable } from '../../database/database.ts';
import { openPostgres } from '../../database/open-database.ts';
import { openPreparedPglite } from '../../database/prepared-pglite.ts';

/** An embedded database with the migrations, or the one that GUILDHALL_DATABASE_URL points to, which has them already. */
export async function openDatabaseUnderTest(): Promise<Database> {
  const url = process.env.GUILDHALL_DATABASE_URL;
  if (url !== undefined) return (await openPostgres(url)).database;
  return (await openPreparedPglite('closed')).database;
}

/** Whoever asks from now on, as the Data API would have set it: null for the server itself. */
export async function become(tx: Queryable, userId: string | null): Promise<void> {
  await tx.query(
    `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
       set_config('request.jwt.claim.sub', $3, true)`,
    userId === null
      ? ['none', '', '']
      : ['authenticated', JSON.stringify({ sub: userId, role: 'authenticated' }), userId],
  );
}
