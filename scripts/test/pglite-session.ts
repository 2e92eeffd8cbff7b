import { type PGlite, protocol } from '@electric-sql/pglite';
import { describeError, rowLines, type ServerError, type TestSession } from './test-session.ts';

/** Runs test files in an embedded database as the role `postgres`, the way a real connection of that role would. */
export async function openPgliteSession(pglite: PGlite, timeZone: string): Promise<TestSession> {
  const reset = async () => {
    await pglite.exec(`
      rollback;
      close all;
      deallocate all;
      unlisten *;
      select pg_catalog.pg_advisory_unlock_all();
      set session authorization supabase_admin;
      reset all;
      discard temp;
      set session authorization postgres;
      -- The role's own setting, which takes effect at a login that does not happen here.
      set search_path = "$user", public, extensions;
    `);
    await pglite.query("select pg_catalog.set_config('TimeZone', $1, false)", [timeZone]);
  };
  await reset();

  return {
    reset,
    run: async (sql) => {
      const lines: string[] = [];
      // Below exec, which forgets all results when a later statement fails.
      const { messages } = await pglite.execProtocol(protocol.serialize.query(sql), {
        throwOnError: false,
      });
      for (const message of messages) {
        if (message.name === 'dataRow') {
          lines.push(...rowLines((message as unknown as { fields: (string | null)[] }).fields));
        } else if (message.name === 'error') {
          return { lines, error: describeError(message as unknown as ServerError, sql) };
        }
      }
      return { lines };
    },
    close: () => pglite.close(),
  };
}
