import { App } from '@supabase/lite';
import { applyMigrations, pushMigrations } from './migrate.ts';
import type { OpenedDatabase } from './open-database.ts';
import { applyPlatform, type GrantDefault } from './platform/index.ts';

export interface PrepareOptions {
  grantDefault: GrantDefault;
  /** Where the role `postgres` reaches the database. Left out for PGlite, which has no port. */
  migrationUrl?: string;
  migrationPassword?: string;
  onStep?: (step: string) => void;
}

/** Turns an empty database into Guildhall: the platform's shape first, then the migrations. Safe to repeat. */
export async function prepareDatabase(
  { database, connection }: OpenedDatabase,
  options: PrepareOptions,
): Promise<void> {
  const { grantDefault, migrationUrl, migrationPassword, onStep = () => {} } = options;
  onStep('platform');
  await applyPlatform(database, {
    grantDefault,
    ...(migrationPassword === undefined ? {} : { migrationPassword }),
    ensureAuthTables: () => new App({ connection }).ensureSystemSchema(),
  });
  onStep('migrations');
  if (migrationUrl === undefined) await applyMigrations(database);
  else await pushMigrations(migrationUrl);
}
