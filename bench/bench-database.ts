import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { openPostgres } from '../scripts/database/open-database.ts';
import { prepareDatabase } from '../scripts/database/prepare-database.ts';

export type Session = postgres.Sql;

/**
 * Makes a PostgreSQL ready for a bench and opens one session on it.
 *
 * The server should be the bench's own: the platform's roles and the migrations are put there, and the password of
 * the role `postgres` becomes a random one.
 *
 * @param databaseUrl as superuser
 * @param onNotice hears what the server says beside its answers, such as plans
 */
export async function openBenchDatabase(
  databaseUrl: string,
  onNotice: (message: string) => void = () => {},
): Promise<Session> {
  const migrationPassword = randomBytes(24).toString('base64url');
  const migrationUrl = new URL(databaseUrl);
  migrationUrl.username = 'postgres';
  migrationUrl.password = migrationPassword;
  const opened = await openPostgres(databaseUrl);
  try {
    await prepareDatabase(opened, {
      grantDefault: 'closed',
      migrationPassword,
      migrationUrl: migrationUrl.toString(),
    });
    // The local auth service puts its own auth.uid() in place of the platform's. What counts is the cost of the
    // platform's, which reads the claims as the Data API sets them.
    const authHelpers = new URL('../scripts/local/platform/auth.sql', import.meta.url);
    await opened.database.execute(await readFile(authHelpers, 'utf8'));
    // The local relay hears of rows by a trigger. Realtime has none: it reads the write-ahead log.
    await opened.database.execute('alter table realtime.messages disable trigger notify_relay');
  } finally {
    await opened.database.close();
  }
  return postgres(databaseUrl, {
    max: 1,
    onnotice: (notice) => onNotice(notice.message ?? ''),
  });
}

/** The database's address from `--database-url` or the environment's GUILDHALL_DATABASE_URL; ends the process without one. */
export function requireDatabaseUrl(given: string | undefined): string {
  const url = given ?? process.env.GUILDHALL_DATABASE_URL;
  if (url !== undefined) return url;
  console.error(
    'Give a PostgreSQL 17, as superuser: --database-url postgresql://user@host:port/database',
  );
  process.exit(1);
}
