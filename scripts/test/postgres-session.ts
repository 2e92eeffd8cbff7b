import postgres from 'postgres';
import { describeError, rowLines, type ServerError, type TestSession } from './test-session.ts';

/** Runs test files as the role the URL names, each over a connection of its own, as `pg_prove` does. */
export async function openPostgresSession(url: string, timeZone?: string): Promise<TestSession> {
  const connect = () =>
    postgres(url, {
      max: 1,
      prepare: false,
      onnotice: () => {},
      fetch_types: false,
      ...(timeZone === undefined ? {} : { connection: { TimeZone: timeZone } }),
    });
  let sql = connect();
  try {
    await sql`select 1`;
  } catch (error) {
    await sql.end();
    throw error;
  }

  return {
    run: async (text) => {
      const lines: string[] = [];
      try {
        // The server's own text for every value: only lines are read here.
        await sql
          .unsafe(text)
          .simple()
          .raw()
          .forEach((fields: readonly (Buffer | null)[]) => {
            lines.push(...rowLines(fields.map((field) => field?.toString('utf8') ?? null)));
          });
        return { lines };
      } catch (error) {
        return { lines, error: describeError(error as ServerError, text) };
      }
    },
    reset: async () => {
      await sql.end({ timeout: 5 });
      sql = connect();
    },
    close: () => sql.end({ timeout: 5 }),
  };
}
