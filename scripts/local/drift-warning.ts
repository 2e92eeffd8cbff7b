import { compareContracts } from '../contract/compare.ts';
import { introspect } from '../contract/introspect.ts';
import { readContract } from '../contract/read-contract.ts';
import type { Database } from '../database/database.ts';

/**
 * A sentence when the database is not what supabase/contract.json says, or null. Migrations that a database already has
 * are not applied again, so until they are released and frozen, one that was made before `npm run generate` rewrote them
 * stays behind without a word.
 */
export async function driftWarning(database: Database): Promise<string | null> {
  const differences = compareContracts(readContract(), await introspect(database));
  if (differences.length === 0) return null;
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
  const remedy =
    database.engine === 'pglite'
      ? 'npm start -- --reset begins anew'
      : 'npm run check:contract names each; an empty database begins anew';
  return `This database is not what supabase/contract.json says: ${differences[0]}${more}. If the migrations have changed since it was made, ${remedy}.`;
}
