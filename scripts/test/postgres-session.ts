import postgres from 'postgres';
import { describeError, rowLines, type ServerError, type TestSession } from './test-session.ts';

/**
 * A superuser sees past every rule and has not the migration role's search_path, so where the URL names one the tests
 * become `postgres`, as which they run on a hosted project.
 */
const becomeMigrationRole = `
  do $$
  begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = session_user) then
      set session authorization postgres;
      set search_path = "$user", public, extensions;
    end if;
  end
  $$`;

/** Runs test files as the migration role, each over a connection of its own, as `pg_prove` does. */
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
    const [found] = await sql`select to_regclass('public.messages') is not null as migrated`;
    if (!found?.migrated) {
      throw new Error(
        'That database has no Guildhall yet: npm start -- --database-url URL prepares it.',
      );
    }
    await sql.unsafe(becomeMigrationRole);
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
      await sql.unsafe(becomeMigrationRole);
    },
    close: () => sql.end({ timeout: 5 }),
  };
}
