import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';

/** What is done at the end of a transaction that is still open. */
export type BeforeCommit = (tx: postgres.TransactionSql) => Promise<void>;

/**
 * Many real connections to PostgreSQL, each transaction set up as the Data API sets up a request: the role, then the
 * caller's claims. Races are what these tests are about, and PGlite has a single connection.
 */
export interface RealConnections {
  sql: postgres.Sql;
  /** A new user with a profile. */
  createUser(): Promise<string>;
  /** Runs one statement as this user, in a transaction of its own; `beforeCommit` while that is still open. */
  as<Row extends object>(
    userId: string,
    query: string,
    parameters?: unknown[],
    beforeCommit?: BeforeCommit,
  ): Promise<Row[]>;
  /**
   * Two that meet in a known order, at any speed: `second` begins when what `first` did is not committed yet, and `first` commits
   * when `second` waits for it or has ended.
   */
  meet<First, Second>(
    first: (beforeCommit: BeforeCommit) => Promise<First>,
    second: () => Promise<Second>,
  ): Promise<{ first: First; second: Second; hasWaited: boolean }>;
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
    as: <Row extends object>(
      userId: string,
      query: string,
      parameters: unknown[] = [],
      beforeCommit: BeforeCommit = async () => {},
    ) =>
      sql.begin(async (tx) => {
        const claims = JSON.stringify({ sub: userId, role: 'authenticated' });
        await tx`select set_config('role', 'authenticated', true),
          set_config('request.jwt.claims', ${claims}, true),
          set_config('request.jwt.claim.sub', ${userId}, true)`;
        const rows = [...(await tx.unsafe(query, parameters as never[]))];
        await beforeCommit(tx);
        return rows;
      }) as unknown as Promise<Row[]>,
    async meet<First, Second>(
      first: (beforeCommit: BeforeCommit) => Promise<First>,
      second: () => Promise<Second>,
    ) {
      let meeting: Promise<Second> | undefined;
      let hasWaited = false;
      const firstResult = await first(async (tx) => {
        const [{ pid }] = await tx<[{ pid: number }]>`select pg_backend_pid() as pid`;
        let hasEnded = false;
        meeting = second().finally(() => {
          hasEnded = true;
        });
        // It is awaited below; until then nobody else hears of its failure.
        meeting.catch(() => {});
        while (!hasEnded && !hasWaited) {
          const waiting = await sql`
            select from pg_stat_activity where ${pid} = any (pg_blocking_pids(pid))`;
          hasWaited = waiting.length > 0;
          await delay(5);
        }
      });
      if (meeting === undefined) throw new Error('The first has ended without committing.');
      return { first: firstResult, second: await meeting, hasWaited };
    },
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
