import { readFunctionsWithoutText } from '../contract/catalog/functions.ts';
import type { Contract } from '../contract/contract.ts';
import { contractVersion } from '../contract/contract-version.ts';
import { introspect } from '../contract/introspect.ts';
import type { Database } from '../database/database.ts';
import type { ObjectDomains } from './object-domains.ts';
import { Refusal } from './refusal.ts';

/**
 * The contract of a database that the migrations were applied to.
 * @throws Refusal when a function cannot be compared between servers.
 */
export async function contractOf(database: Database, domains: ObjectDomains): Promise<Contract> {
  const [unreadable] = await readFunctionsWithoutText(database);
  if (unreadable !== undefined) {
    throw new Refusal(
      `${unreadable} is written as begin atomic … end, whose text PostgreSQL does not keep: write its body as a string.`,
    );
  }
  const catalog = await introspect(database);
  return { version: contractVersion(catalog), domains, ...catalog };
}
