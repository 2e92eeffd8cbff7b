import { parseArgs } from 'node:util';
import { openPostgres } from '../database/open-database.ts';
import { compareContracts } from './compare.ts';
import { contractVersion } from './contract-version.ts';
import { introspect } from './introspect.ts';
import { readContract } from './read-contract.ts';

/** npm run check:contract -- --database-url URL: is that database what supabase/contract.json says? */
const usage =
  'Usage: npm run check:contract -- --database-url postgresql://user@host:port/database';

async function main(): Promise<number> {
  const url = databaseUrl();
  if (url === null) {
    console.error(usage);
    return 1;
  }
  const contract = readContract();
  const place = `${url.hostname}:${url.port || '5432'}${url.pathname}`;
  if (!url.searchParams.has('connect_timeout')) url.searchParams.set('connect_timeout', '10');

  const opened = await openPostgres(url.href).catch((error: unknown) => {
    console.error(`Cannot reach the database at ${place}: ${reason(error)}.`);
    return null;
  });
  if (opened === null) return 1;
  try {
    const live = await introspect(opened.database);
    const lines = compareContracts(contract, live);
    if (lines.length === 0) {
      console.log(`The database at ${place} is contract ${contractVersion(live).slice(0, 16)}.`);
      return 0;
    }
    for (const line of lines) console.log(line);
    console.log(
      `The database at ${place} differs from contract ${contract.version.slice(0, 16)} in ${lines.length} ${lines.length === 1 ? 'piece' : 'pieces'}.`,
    );
    return 1;
  } catch (error) {
    console.error(`Cannot read the catalog of the database at ${place}: ${reason(error)}.`);
    return 1;
  } finally {
    await opened.database.close();
  }
}

function databaseUrl(): URL | null {
  try {
    const { values } = parseArgs({ options: { 'database-url': { type: 'string' } } });
    const url = new URL(values['database-url'] ?? '');
    return /^postgres(?:ql)?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** One line, also for a host name with several addresses, which fails with one error for each. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return reason(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n')[0]?.replace(/\.$/, '') ?? text;
}

process.exitCode = await main();
