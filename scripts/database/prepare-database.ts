import { App } from '@supabase/lite';
import { applyPlatform, type GrantDefault } from '../local/platform/apply-platform.ts';
import { applyMigrations, type Migration, pushMigrations } from './migrate.ts';
import type { OpenedDatabase } from './open-database.ts';

export interface PlatformShape {
  grantDefault: GrantDefault;
  /** For the role `postgres`, which runs the migrations. */
  migrationPassword?: string;
}

/** Gives an empty database the platform's shape, with the tables of the auth service the local stack uses. */
export async function preparePlatform(
  { database, connection }: OpenedDatabase,
  { grantDefault, migrationPassword }: PlatformShape,
): Promise<void> {
  await applyPlatform(database, {
    grantDefault,
    ...(migrationPassword === undefined ? {} : { migrationPassword }),
    ensureAuthTables: () => new App({ connection }).ensureSystemSchema(),
  });
}

export interface PrepareOptions extends PlatformShape {
  /** Where the role `postgres` reaches the database. Left out for PGlite, which has no port. */
  migrationUrl?: string;
  /** Instead of those in supabase/migrations; for PGlite. */
  migrations?: Migration[];
  onStep?: (step: string) => void;
  signal?: AbortSignal;
}

/** Turns an empty database into Guildhall: the platform's shape first, then the migrations. Safe to repeat. */
export async function prepareDatabase(
  opened: OpenedDatabase,
  { migrationUrl, migrations, onStep = () => {}, signal, ...shape }: PrepareOptions,
): Promise<void> {
  onStep('platform');
  await preparePlatform(opened, shape);
  onStep('migrations');
  if (migrationUrl === undefined) await applyMigrations(opened.database, migrations);
  else await pushMigrations(migrationUrl, signal);
}
