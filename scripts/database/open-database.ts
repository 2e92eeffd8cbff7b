// First: it must be in place before PGlite is loaded.
import './byte-order-marks.ts';

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto';
import { pgtap } from '@electric-sql/pglite-pgtap';
import { vector } from '@electric-sql/pglite-pgvector';
import { createPgliteConnection, type PgliteConnection } from '@supabase/lite/pglite';
import { createPostgresConnection, type PostgresConnection } from '@supabase/lite/postgres';
import { Kysely } from 'kysely';
import type { Database, Transaction } from './database.ts';
import { freshPglite } from './fresh-pglite.ts';
import { Mutex } from './mutex.ts';
import { exclusivePgliteDialect } from './pglite-dialect.ts';

/** A database, and the same database as `@supabase/lite` wants to be handed it. */
export interface OpenedDatabase {
  database: Database;
  connection: PgliteConnection | PostgresConnection;
}

/**
 * On its first request `@supabase/lite` grants every client role everything on every table of each schema that has
 * row-level security. Here the platform shim and the migrations say who may do what, so that step counts as done.
 */
function keepGrants<Connection extends object>(connection: Connection): Connection {
  return Object.assign(connection, { rlsState: 'active' });
}

/** PostgREST writes times as to_jsonb does (ISO 8601, `T` and `+00:00`), not as the server prints them. */
const isoTime = (text: string) => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
const timestamp = 1114;
const timestamptz = 1184;

/**
 * Opens PGlite on a folder, or in memory without one, there on the image of a database that was opened by this before. The
 * bootstrap superuser is called supabase_admin afterwards.
 */
export async function openPglite(
  options: { dataDir?: string; prepared?: Blob } = {},
): Promise<OpenedDatabase> {
  const { dataDir, prepared } = options;
  const exists =
    prepared !== undefined || (dataDir !== undefined && existsSync(join(dataDir, 'PG_VERSION')));
  const connection = keepGrants(
    await createPgliteConnection({
      ...(dataDir === undefined ? {} : { url: dataDir }),
      pgliteOptions: {
        ...(exists ? { username: 'supabase_admin' } : { loadDataDir: await freshPglite() }),
        ...(prepared === undefined ? {} : { loadDataDir: prepared }),
        extensions: { vector, pgtap, pgcrypto },
        parsers: { [timestamp]: isoTime, [timestamptz]: isoTime },
      },
    }),
  );
  const pglite = connection.driver;
  await pglite.waitReady;
  if (!exists) {
    // A role cannot rename itself, so a second superuser does it. `postgres` is then free for a role without power.
    await pglite.exec('create role first_boot superuser');
    await pglite.exec('set session authorization first_boot');
    await pglite.exec('alter role postgres rename to supabase_admin');
    await pglite.exec('set session authorization supabase_admin');
    await pglite.exec('drop role first_boot');
  }
  // PGlite only sets the role when it opens a folder. Said outright, a transaction that becomes another user for its
  // own length finds its way back.
  await pglite.exec('set session authorization supabase_admin');

  const session = new Mutex();
  connection.kysely = new Kysely({ dialect: exclusivePgliteDialect(pglite, session) });
  const query: Database['query'] = async <Row>(sql: string, parameters: readonly unknown[] = []) =>
    (await pglite.query<Row>(sql, [...parameters])).rows;
  const execute = async (sql: string) => {
    await pglite.exec(sql);
  };
  const inTransaction: Transaction = { query, execute };

  const database: Database = {
    engine: 'pglite',
    query: (sql, parameters) => session.run(() => query(sql, parameters)),
    execute: (sql) => session.run(() => execute(sql)),
    transaction: (fn) =>
      session.run(async () => {
        await pglite.exec('begin');
        try {
          const result = await fn(inTransaction);
          await pglite.exec('commit');
          return result;
        } catch (error) {
          await pglite.exec('rollback');
          throw error;
        }
      }),
    listen: async (channel, onPayload) => {
      const unlisten = await session.run(() => pglite.listen(channel, onPayload));
      return () => session.run(() => unlisten());
    },
    close: () => session.run(() => connection.close()),
  };
  return { database, connection };
}

const serialize = (value: unknown) => value;
const isoTimes = {
  timestamp: { to: timestamp, from: [timestamp], serialize, parse: isoTime },
  timestamptz: { to: timestamptz, from: [timestamptz], serialize, parse: isoTime },
};

/** Opens a pool to a running PostgreSQL. */
export async function openPostgres(
  url: string,
  /** Seconds after which the server gives a statement up; left out: what the server is set to. */
  options: { statementTimeout?: number } = {},
): Promise<OpenedDatabase> {
  const connection = keepGrants(
    createPostgresConnection({
      url,
      postgresOptions: {
        max: 20,
        onnotice: () => {},
        types: isoTimes,
        ...(options.statementTimeout === undefined
          ? {}
          : { connection: { statement_timeout: options.statementTimeout * 1000 } }),
      },
    }),
  );
  const sql = connection.driver;
  // `@supabase/lite` hands json over as text already; written out once more it would be stored as one long string.
  for (const json of [114, 3802]) {
    sql.options.serializers[json] = (value: unknown) =>
      typeof value === 'string' ? value : JSON.stringify(value);
  }
  try {
    await sql`select 1`;
  } catch (error) {
    await sql.end();
    throw error;
  }

  const database: Database = {
    engine: 'postgres',
    query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      [...(await sql.unsafe(text, [...parameters] as never[]))] as unknown as Row[],
    execute: async (text) => {
      await sql.unsafe(text);
    },
    transaction: (fn) =>
      sql.begin((tx) =>
        fn({
          query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
            [...(await tx.unsafe(text, [...parameters] as never[]))] as unknown as Row[],
          execute: async (text) => {
            await tx.unsafe(text);
          },
        }),
      ) as Promise<never>,
    listen: async (channel, onPayload) => {
      const { unlisten } = await sql.listen(channel, onPayload);
      return unlisten;
    },
    close: () => sql.end({ timeout: 5 }),
  };
  return { database, connection };
}
