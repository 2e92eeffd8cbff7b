import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PGlite } from '@electric-sql/pglite';
import { openPostgres } from '../../database/open-database.ts';
import { openPreparedPglite } from '../../database/prepared-pglite.ts';
import { projectRoot } from '../../project-root.ts';
import { openPgliteSession } from '../pglite-session.ts';
import { openPostgresSession } from '../postgres-session.ts';
import { countFailed, type FileResult, runTestFile } from '../run-test-file.ts';
import { findTestFiles, readTestFile } from '../test-files.ts';
import type { TestSession } from '../test-session.ts';
import { catalogDigest } from './catalog-digest.ts';
import { equivalent } from './equivalent.ts';
import { type DomainOf, findMutants, type Mutant } from './mutants.ts';

const usage = `npm run test:mutation -- [options] [domain …]

Takes each policy, gate, refusal, limit, trigger and grant restriction out of the database, one at a time, and shows the SQL
test that fails then. Without a domain: all of them.

  --only TEXT         only mutants whose description contains it
  --list              only says what there is
  --database-url URL  a database with the migrations, as superuser, that nobody else uses meanwhile; instead of the embedded one`;

/** The database that is mutated, and the session in which the tests run. */
interface Laboratory {
  mutants: Mutant[];
  session: TestSession;
  /** Several statements, all of them or none. */
  change(sql: string): Promise<void>;
  digest(): Promise<string>;
}

/** A test file, and how long it took as long as nothing was wrong. */
interface TestFile {
  readonly path: string;
  readonly sql: string;
  readonly milliseconds: number;
  /** How many mutants of each kind it has killed so far. */
  readonly kills: Map<Mutant['kind'], number>;
}

function readDomains(): { domains: ReadonlySet<string>; domainOf: DomainOf } {
  const contract = JSON.parse(
    readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8'),
  ) as { domains: Record<string, Record<string, string>> };
  const byName = new Map(Object.values(contract.domains).flatMap((kind) => Object.entries(kind)));
  return {
    domains: new Set(byName.values()),
    domainOf: (name) => {
      const domain = byName.get(name);
      if (domain === undefined) throw new Error(`${name} belongs to no domain.`);
      return domain;
    },
  };
}

async function openLaboratory(url: string | undefined, domainOf: DomainOf): Promise<Laboratory> {
  if (url !== undefined) {
    const session = await openPostgresSession(url);
    const { database } = await openPostgres(url);
    return {
      mutants: await findMutants(database, domainOf),
      session: {
        ...session,
        close: async () => {
          await session.close();
          await database.close();
        },
      },
      change: (sql) => database.transaction((tx) => tx.execute(sql)),
      digest: () => catalogDigest(database),
    };
  }
  const opened = await openPreparedPglite('closed');
  const { database } = opened;
  const mutants = await findMutants(database, domainOf);
  const session = await openPgliteSession(opened.connection.driver as PGlite, 'UTC');
  // The tests run in the same connection, as somebody with fewer rights.
  const asAdministrator = async <T>(work: () => Promise<T>): Promise<T> => {
    await database.execute('set session authorization supabase_admin');
    try {
      return await work();
    } finally {
      await session.reset();
    }
  };
  return {
    mutants,
    session,
    change: (sql) => asAdministrator(() => database.transaction((tx) => tx.execute(sql))),
    digest: () => asAdministrator(() => catalogDigest(database)),
  };
}

/** The files that count, because they pass as long as nothing is taken out. */
async function runUnchanged(session: TestSession): Promise<{ files: TestFile[]; left: string[] }> {
  const files: TestFile[] = [];
  const left: string[] = [];
  for (const path of findTestFiles([])) {
    const sql = readTestFile(path);
    const result = await runTestFile(session, sql);
    if (countFailed(result) > 0) left.push(path);
    else files.push({ path, sql, milliseconds: result.milliseconds, kills: new Map() });
  }
  if (files.length === 0) throw new Error('No test file passes as it is.');
  return { files, left };
}

/**
 * Files that speak of the object first, then those of its domain, then the rest; among them those that are quick and have
 * killed many of this kind.
 */
function inOrder(files: readonly TestFile[], { object, domain, kind }: Mutant): TestFile[] {
  const isAbout = new RegExp(`\\b${object}\\b`);
  const rank = ({ path, sql }: TestFile) => {
    if (kind === 'grant' && path.includes('grants_are_as_narrow')) return 0;
    if (isAbout.test(sql)) return 1;
    return path.startsWith(`${domain}/`) ? 2 : 3;
  };
  const cost = ({ milliseconds, kills }: TestFile) => milliseconds / (1 + (kills.get(kind) ?? 0));
  return [...files].sort((a, b) => rank(a) - rank(b) || cost(a) - cost(b));
}

const firstFailure = (result: FileResult): string => {
  const [failure = ''] = [...result.failures.map(({ line }) => line), ...result.problems];
  return failure.split('\n')[0] as string;
};

/**
 * A test that fails because what is left is no valid SQL proves nothing about what was taken out: a column, function,
 * table or operator that does not exist, a wrong type, a syntax error.
 */
const saysInvalid = (result: FileResult): boolean =>
  [...result.problems, ...result.failures.flatMap(({ diagnostics }) => diagnostics)].some((text) =>
    /\b(?:42601|42702|42703|42704|42804|42846|42883|42P01|42P02|42P18)\b/.test(text),
  );

/** The test that fails now, or undefined. @throws when what fails is the mutant and not the rule */
async function findKiller(
  session: TestSession,
  files: readonly TestFile[],
  mutant: Mutant,
): Promise<string | undefined> {
  for (const { path, sql, kills } of inOrder(files, mutant)) {
    const result = await runTestFile(session, sql);
    if (countFailed(result) === 0) continue;
    if (saysInvalid(result)) {
      const said = [
        ...result.problems,
        ...result.failures.flatMap((failure) => failure.diagnostics),
      ];
      throw new Error(`What is left is not valid: ${path}: ${said.join('\n')}`);
    }
    kills.set(mutant.kind, 1 + (kills.get(mutant.kind) ?? 0));
    return `${path}: ${firstFailure(result)}`;
  }
  return undefined;
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      'database-url': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  const { domains, domainOf } = readDomains();
  for (const domain of positionals) {
    if (!domains.has(domain)) throw new Error(`There is no domain ${domain}.`);
  }
  const laboratory = await openLaboratory(values['database-url'], domainOf);
  const { session } = laboratory;
  const mutants = laboratory.mutants.filter(
    ({ domain, what }) =>
      (positionals.length === 0 || positionals.includes(domain)) &&
      (values.only === undefined || what.includes(values.only)),
  );
  if (mutants.length === 0) throw new Error('Nothing matches.');
  const gone = Object.keys(equivalent).filter(
    (name) => !laboratory.mutants.some(({ what }) => what === name),
  );
  if (gone.length > 0) throw new Error(`equivalent.ts names what is not there: ${gone.join('; ')}`);
  if (values.list) {
    for (const { domain, kind, what } of mutants) console.log(`${domain} ${kind}: ${what}`);
    console.log(`${mutants.length} mutants`);
    return true;
  }

  const { files, left } = await runUnchanged(session);
  for (const path of left) console.error(`WARNING: ${path} fails already and is left out.`);
  const before = await laboratory.digest();

  // What is half done is put back before the process ends.
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });

  const start = performance.now();
  let killed = 0;
  const survivors: string[] = [];
  const excused: string[] = [];
  const wronglyExcused: string[] = [];
  for (const [i, mutant] of mutants.entries()) {
    if (isInterrupted) break;
    const { domain, kind, what } = mutant;
    let killer: string | undefined;
    try {
      await laboratory.change(mutant.apply);
      try {
        killer = await findKiller(session, files, mutant);
      } finally {
        await laboratory.change(mutant.revert);
      }
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
    const excuse = equivalent[what];
    if (killer !== undefined) killed += 1;
    if (killer !== undefined && excuse !== undefined) wronglyExcused.push(what);
    else if (killer === undefined) (excuse === undefined ? survivors : excused).push(what);
    const outcome = killer ?? (excuse === undefined ? 'SURVIVES' : `equivalent: ${excuse}`);
    console.log(`${i + 1}/${mutants.length} ${domain} ${kind}: ${what}\n    ${outcome}`);
  }
  if ((await laboratory.digest()) !== before) {
    throw new Error('The catalog is not what it was: something was not put back.');
  }
  await session.close();

  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `\n${mutants.length} mutants in ${seconds} s: ${killed} killed, ${excused.length} equivalent, ${survivors.length} survive`,
  );
  for (const what of survivors) console.log(`  survives: ${what}`);
  for (const what of wronglyExcused) console.log(`  not equivalent after all: ${what}`);
  for (const path of left) console.log(`  left out, because it fails as it is: ${path}`);
  if (isInterrupted) console.log('  interrupted before the end');
  return [survivors, wronglyExcused, left].every((list) => list.length === 0) && !isInterrupted;
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exit(1);
}
