import type { Database, Queryable } from '../database/database.ts';
import { sortKeys } from './canonical-json.ts';
import { readFunctions } from './catalog/functions.ts';
import { readPlatformTables, readPolicies } from './catalog/policies.ts';
import { readJobs, readRegistry } from './catalog/registries.ts';
import { readExtensions, readSchemas } from './catalog/schemas.ts';
import { readTables } from './catalog/tables.ts';
import { readEventTriggers, readTriggers } from './catalog/triggers.ts';
import { readSequences, readTypes } from './catalog/types.ts';
import type { CatalogContract } from './contract.ts';

/** Settings that PostgreSQL spells types, names and constants by. */
const spelling: Record<string, string> = {
  search_path: '',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
};

/** Reads what the database exposes. The answer is the same on PostgreSQL 15 to 18 and under any session settings. */
export function introspect(database: Database): Promise<CatalogContract> {
  return database.transaction(introspectWithin);
}

/** The same inside a transaction of the caller's, whose settings it changes until that transaction's end. */
export async function introspectWithin(tx: Queryable): Promise<CatalogContract> {
  for (const [name, value] of Object.entries(spelling)) {
    await tx.query('select set_config($1, $2, true)', [name, value]);
  }
  return sortKeys({
    schemas: await readSchemas(tx),
    extensions: await readExtensions(tx),
    functions: await readFunctions(tx),
    tables: await readTables(tx),
    types: await readTypes(tx),
    sequences: await readSequences(tx),
    policies: await readPolicies(tx),
    triggers: await readTriggers(tx),
    event_triggers: await readEventTriggers(tx),
    platform_tables: await readPlatformTables(tx),
    topics: await readRegistry(tx, 'private.topics'),
    events: await readRegistry(tx, 'private.topic_events'),
    permissions: await readRegistry(tx, 'public.permissions_catalog'),
    rate_limits: await readRegistry(tx, 'private.rate_limit_catalog'),
    jobs: await readJobs(tx),
  });
}
