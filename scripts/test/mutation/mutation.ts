import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PGlite } from '@electric-sql/pglite';
import { openPglite } from '../../database/open-database.ts';
import { prepareDatabase } from '../../database/prepare-database.ts';
import { projectRoot } from '../../project-root.ts';
import { openPgliteSession } from '../pglite-session.ts';
import { countFailed, runTestFile } from '../run-test-file.ts';
import { findTestFiles, testsFolder } from '../test-files.ts';
import { equivalent } from './equivalent.ts';
import { findMutants, type Mutant } from './mutants.ts';

const usage = `npm run test:mutation -- [options] [domain …]

Takes each policy, gate, refusal, trigger and grant restriction out of the database, one at a time, and shows the SQL test
that fails then. Without a domain: all of them.

  --only TEXT   only mutants whose description contains it
  --list        only says what there is`;

/** A test file, and how long it took as long as nothing was wrong. */
interface TestFile {
  readonly path: string;
  readonly sql: string;
  readonly milliseconds: number;
}

/** Files that speak of the object first, then those of its domain, then the rest; the quick ones before the slow. */
function inOrder(files: readonly TestFile[], { object, domain, kind }: Mutant): TestFile[] {
  const isAbout = new RegExp(`\\b${object}\\b`);
  const rank = ({ path, sql }: TestFile) => {
    if (kind === 'grant') return path.includes('grants_are_as_narrow') ? 0 : 1;
    return isAbout.test(sql) ? 0 : path.startsWith(`${domain}/`) ? 1 : 2;
  };
  return [...files].sort((a, b) => rank(a) - rank(b) || a.milliseconds - b.milliseconds);
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, list: { type: 'boolean', default: false } },
  });
  const contract = JSON.parse(
    readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8'),
  ) as { domains: Record<string, Record<string, string>> };
  const domains = Object.assign({}, ...Object.values(contract.domains)) as Record<string, string>;
  const domainOf = (name: string) => {
    const domain = domains[name];
    if (domain === undefined) throw new Error(`${name} belongs to no domain.`);
    return domain;
  };

  const opened = await openPglite();
  await prepareDatabase(opened, { grantDefault: 'closed' });
  const pglite = opened.connection.driver as PGlite;
  const mutants = (await findMutants(opened.database, domainOf)).filter(
    ({ domain, what }) =>
      (positionals.length === 0 || positionals.includes(domain)) &&
      (values.only === undefined || what.includes(values.only)),
  );
  if (mutants.length === 0) throw new Error('Nothing matches.');
  if (values.list) {
    for (const { domain, kind, what } of mutants) console.log(`${domain} ${kind}: ${what}`);
    return true;
  }

  const session = await openPgliteSession(pglite, 'UTC');
  const asAdministrator = async (sql: string) => {
    await pglite.exec('set session authorization supabase_admin');
    await pglite.exec(sql);
    await session.reset();
  };
  const files: TestFile[] = [];
  for (const path of findTestFiles([])) {
    const sql = readFileSync(join(testsFolder, path), 'utf8');
    const result = await runTestFile(session, sql);
    if (countFailed(result) > 0) throw new Error(`${path} fails already.`);
    files.push({ path, sql, milliseconds: result.milliseconds });
  }

  const start = performance.now();
  const survivors: Mutant[] = [];
  const wronglyExcused: string[] = [];
  for (const [i, mutant] of mutants.entries()) {
    await asAdministrator(mutant.apply);
    let killer: string | undefined;
    for (const file of inOrder(files, mutant)) {
      const result = await runTestFile(session, file.sql);
      if (countFailed(result) === 0) continue;
      const [failure] = [...result.failures.map(({ line }) => line), ...result.problems];
      killer = `${file.path}: ${failure?.split('\n')[0]}`;
      break;
    }
    await asAdministrator(mutant.revert);
    const excuse = equivalent[mutant.what];
    if (killer === undefined && excuse === undefined) survivors.push(mutant);
    if (killer !== undefined && excuse !== undefined) wronglyExcused.push(mutant.what);
    const outcome = killer ?? (excuse === undefined ? 'SURVIVES' : `equivalent: ${excuse}`);
    console.log(
      `${i + 1}/${mutants.length} ${mutant.domain} ${mutant.kind}: ${mutant.what}\n    ${outcome}`,
    );
  }
  for (const { path, sql } of files) {
    if (countFailed(await runTestFile(session, sql)) > 0) {
      throw new Error(`${path} fails afterwards: something was not put back.`);
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`\n${mutants.length} mutants in ${seconds} s, ${survivors.length} survive`);
  for (const { domain, what } of survivors) console.log(`  ${domain}: ${what}`);
  // Only a whole run can say that something is not there.
  const stale =
    positionals.length === 0 && values.only === undefined
      ? Object.keys(equivalent).filter((what) => !mutants.some((mutant) => mutant.what === what))
      : [];
  for (const what of stale) console.log(`  excused, but not there: ${what}`);
  for (const what of wronglyExcused) console.log(`  not equivalent after all: ${what}`);
  return survivors.length + wronglyExcused.length + stale.length === 0;
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exit(1);
}
