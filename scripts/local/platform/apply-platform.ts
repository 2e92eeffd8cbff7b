import { readFile } from 'node:fs/promises';
import type { Database, Transaction } from '../../database/database.ts';
import { PlatformRefusal, refuseUnfitServer } from './refusals.ts';

/**
 * What a table, sequence or function created in schema public is granted without a word in the migration:
 * `open` is everything to anon, authenticated and service_role; `closed` is next to nothing.
 */
export type GrantDefault = 'open' | 'closed';

export interface PlatformOptions {
  grantDefault: GrantDefault;
  /** Lets the auth service make its tables in schema auth. Called between two transactions, never inside one. */
  ensureAuthTables: () => Promise<void>;
  /** Password for the role `postgres`, which runs the migrations. Without one the role's password is left as it is. */
  migrationPassword?: string;
}

const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8');

async function becomePlatformAdmin(tx: Transaction): Promise<void> {
  await tx.execute(`
    -- Roles belong to the whole server, so two runs wait for each other even when they are in different databases.
    lock table pg_catalog.pg_authid in share row exclusive mode;
    do $admin$
    begin
      if to_regrole('supabase_admin') is null then
        create role supabase_admin login;
      end if;
      alter role supabase_admin superuser createrole createdb replication bypassrls;
    end
    $admin$;
    set local role supabase_admin;
    set local search_path = pg_catalog, pg_temp;
    set local client_min_messages = warning;
  `);
}

async function setMigrationPassword(tx: Transaction, password: string): Promise<void> {
  // A utility statement takes no parameters; a setting carries the password into one without putting it in the text.
  await tx.query("select set_config('platform_shim.password', $1, true)", [password]);
  await tx.execute(`
    do $password$
    begin
      execute format('alter role postgres password %L', current_setting('platform_shim.password'));
    end
    $password$;
    select set_config('platform_shim.password', '', true);
  `);
}

/** Whether the server runs pg_cron for this database. Where the stand-in already keeps jobs, it stays. */
async function hasCronExtension(database: Database): Promise<boolean> {
  const [cron] = await database.query<{ usable: boolean }>(`
    select
      to_regclass('platform_shim.own_jobs') is null
      and exists (select from pg_catalog.pg_available_extensions where name = 'pg_cron')
      and current_setting('shared_preload_libraries') like '%pg_cron%'
      and current_setting('cron.database_name', true) = current_database() as usable
  `);
  return cron?.usable === true;
}

/**
 * Gives a bare PostgreSQL 15 to 18, or PGlite, the roles, grants and schemas of a hosted project, so that the
 * migrations run unchanged as the role `postgres`. Applying it again changes nothing.
 *
 * A role's own settings take effect at login. Where `postgres` does not log in (`set session authorization postgres` on
 * PGlite), the caller sets its search_path: `"$user", public, extensions`.
 *
 * @throws {PlatformRefusal} when this database cannot or must not be changed
 */
export async function applyPlatform(database: Database, options: PlatformOptions): Promise<void> {
  await refuseUnfitServer(database);

  const before = ['roles', 'database', 'extensions', 'grants-open'];
  if (options.grantDefault === 'closed') before.push('grants-closed');
  before.push('auth', 'realtime', 'relay', 'storage', 'vault', 'net');
  before.push((await hasCronExtension(database)) ? 'cron-extension' : 'cron');
  await database.transaction(async (tx) => {
    await becomePlatformAdmin(tx);
    for (const name of before) await tx.execute(await read(`${name}.sql`));
    if (options.migrationPassword !== undefined) {
      await setMigrationPassword(tx, options.migrationPassword);
    }
  });

  await options.ensureAuthTables();
  const [auth] = await database.query<{ users: string | null }>(
    "select to_regclass('auth.users')::text as users",
  );
  if (!auth?.users) {
    throw new PlatformRefusal('The auth service did not create its table auth.users.');
  }

  await database.transaction(async (tx) => {
    await becomePlatformAdmin(tx);
    // The auth service has replaced the functions of auth.sql by simpler ones of its own.
    for (const name of ['auth', 'auth-tables', 'ownership'])
      await tx.execute(await read(`${name}.sql`));
  });
}
