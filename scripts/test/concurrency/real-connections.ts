import { randomUUID } from 'node:crypto';
import postgres from 'postgres';

/**
 * Many real connections to PostgreSQL, each transaction set up as the Data API sets up a request: the role, then the
 * caller's claims. Races are what these tests are about, and PGlite has a single connection.
 */
export interface RealConnections {
  sql: postgres.Sql;
  /** A new user with a profile. */
  createUser(): Promise<string>;
  /** Runs one statement as this user, in a transaction of its own. */
  as<Row extends object>(userId: string, query: string, parameters?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export function openRealConnections(): RealConnections {
  const url = process.env.GUILDHALL_DATABASE_URL;
  if (url === undefined) {
    throw new Error(
      'Set GUILDHALL_DATABASE_URL to a PostgreSQL that may be filled with test data.',
    );
  }
  const sql = postgres(url, { max: 24, onnotice: () => {} });
  return {
    sql,
    async createUser() {
      const id = randomUUID();
      await sql`insert into auth.users (id, email) values (${id}, ${`${id}@example.com`})`;
      return id;
    },
    as: <Row extends object>(userId: string, query: string, parameters: unknown[] = []) =>
      sql.begin(async (tx) => {
        const claims = JSON.stringify({ sub: userId, role: 'authenticated' });
        await tx`select set_config('role', 'authenticated', true),
          set_config('request.jwt.claims', ${claims}, true),
          set_config('request.jwt.claim.sub', ${userId}, true)`;
        return [...(await tx.unsafe(query, parameters as never[]))];
      }) as unknown as Promise<Row[]>,
    // Not for ever: a connection that was killed may never say that it has ended.
    close: () => sql.end({ timeout: 5 }),
  };
}

/** The stable code of an error that private.fail raised; any other error is thrown on. */
export function codeOf(error: unknown): string {
  const { detail } = error as { detail?: string };
  if (detail === undefined) throw error;
  return (JSON.parse(detail) as { code: string }).code;
}
