import postgres from 'postgres';
import { describeError, rowLines, type ServerError, type TestSession } from './test-session.ts';

/** Runs test files over one connection, as the role the URL names. */
export async function openPostgresSession(url: string, timeZone?: string): Promise<TestSession> {
  const sql = postgres(url, {
    max: 1,
    prepare: false,
    onnotice: () => {},
    // The server's own text for every value: only lines are read here.
    fetch_types: false,
  });
  const reset = async () => {
    await sql.unsafe('rollback').simple();
    await sql.unsafe('discard all').simple();
    if (timeZone !== undefined) {
      await sql`select pg_catalog.set_config('TimeZone', ${timeZone}, false)`;
    }
  };
  try {
    await reset();
  } catch (error) {
    await sql.end();
    throw error;
  }

  return {
    reset,
    run: async (text) => {
      const lines: string[] = [];
      try {
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
    close: () => sql.end({ timeout: 5 }),
  };
}
