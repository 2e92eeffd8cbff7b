import { randomUUID } from 'node:crypto';
import { App } from '@supabase/lite';
import type { Database, Transaction } from '../../../database/database.ts';
import { type OpenedDatabase, openPglite, openPostgres } from '../../../database/open-database.ts';
import { applyPlatform, type GrantDefault } from '../apply-platform.ts';

/** A platform of its own for one test file: PGlite in memory, or a new database on GUILDHALL_DATABASE_URL's server. */
export interface PlatformUnderTest {
  database: Database;
  apply(grantDefault: GrantDefault): Promise<void>;
  /** Runs fn as the superuser, and takes back what it did. */
  asSuperuser<T>(fn: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs fn as the role that migrations run as, and takes back what it did. */
  asMigration<T>(fn: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs fn as a client role with these claims, and takes back what it did. */
  asClient<T>(
    role: string,
    claims: Record<string, unknown>,
    fn: (tx: Transaction) => Promise<T>,
  ): Promise<T>;
  /** The SQLSTATE a statement of the migration role ends in, 'ok' when it succeeds. Nothing of it stays. */
  outcomeOfMigration(sql: string): Promise<string>;
  close(): Promise<void>;
}

/** Carries a result out of a transaction that it ends. */
class TakeBack<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super('rolled back on purpose');
    this.result = result;
  }
}

async function openEmptyDatabase(): Promise<OpenedDatabase & { drop: () => Promise<void> }> {
  const serverUrl = process.env.GUILDHALL_DATABASE_URL;
  if (!serverUrl) return { ...(await openPglite()), drop: async () => {} };

  const name = `platform_${randomUUID().replaceAll('-', '')}`;
  const server = await openPostgres(serverUrl);
  await server.database.execute(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    ...(await openPostgres(url.href)),
    drop: async () => {
      await server.database.execute(`drop database ${name} with (force)`);
      await server.database.close();
    },
  };
}

export async function openPlatform(grantDefault: GrantDefault): Promise<PlatformUnderTest> {
  const { database, connection, drop } = await openEmptyDatabase();
  const app = new App({ connection, db: { migrations: { enabled: false } } });
  const apply = (wanted: GrantDefault) =>
    applyPlatform(database, {
      grantDefault: wanted,
      ensureAuthTables: () => app.ensureSystemSchema(),
    });
  await apply(grantDefault);

  const asSuperuser = async <T>(fn: (tx: Transaction) => Promise<T>): Promise<T> => {
    try {
      await database.transaction(async (tx) => {
        throw new TakeBack(await fn(tx));
      });
    } catch (error) {
      if (error instanceof TakeBack) return error.result as T;
      throw error;
    }
    throw new Error('the transaction was not rolled back');
  };

  const asMigration: PlatformUnderTest['asMigration'] = (fn) =>
    asSuperuser(async (tx) => {
      await tx.execute(
        'set local session authorization postgres; set local search_path = "$user", public, extensions',
      );
      return fn(tx);
    });

  return {
    database,
    apply,
    asSuperuser,
    asMigration,
    asClient: (role, claims, fn) =>
      asSuperuser(async (tx) => {
        await tx.query("select set_config('request.jwt.claims', $1, true)", [
          JSON.stringify(claims),
        ]);
        await tx.query("select set_config('role', $1, true)", [role]);
        return fn(tx);
      }),
    outcomeOfMigration: async (sql) => {
      try {
        await asMigration((tx) => tx.execute(sql));
        return 'ok';
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === undefined) throw error;
        return code;
      }
    },
    close: async () => {
      await database.close();
      await drop();
    },
  };
}
