import { parseArgs } from 'node:util';
import type { PGlite } from '@electric-sql/pglite';
import { openPreparedPglite } from '../database/prepared-pglite.ts';
import type { GrantDefault } from '../local/platform/apply-platform.ts';
import { openPgliteSession } from './pglite-session.ts';
import { openPostgresSession } from './postgres-session.ts';
import { countFailed, describeFailures, runTestFile } from './run-test-file.ts';
import { findTestFiles, readTestFile } from './test-files.ts';
import type { TestSession } from './test-session.ts';

const usage = `npm run test:sql -- [options] [filter …]

  filter               only the files whose path contains it
  --database-url URL   a database with the migrations instead of the embedded one, as postgres or a superuser
  --grants open|closed what the embedded platform grants on new objects by default (default closed, as on new projects)
  --time-zone ZONE     TimeZone of the session, e.g. Pacific/Kiritimati`;

interface Options {
  filters: string[];
  databaseUrl: string | undefined;
  grantDefault: GrantDefault;
  timeZone: string | undefined;
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'database-url': { type: 'string' },
      grants: { type: 'string' },
      'time-zone': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const { grants = 'closed' } = values;
  if (grants !== 'open' && grants !== 'closed') throw new Error('--grants takes open or closed.');
  if (values.grants !== undefined && values['database-url'] !== undefined) {
    throw new Error(
      '--grants is for the embedded database: what a URL points to is there already.',
    );
  }
  return {
    filters: positionals,
    databaseUrl: values['database-url'],
    grantDefault: grants,
    timeZone: values['time-zone'],
  };
}

async function openSession({ databaseUrl, grantDefault, timeZone }: Options): Promise<TestSession> {
  if (databaseUrl !== undefined) return openPostgresSession(databaseUrl, timeZone);
  const opened = await openPreparedPglite(grantDefault);
  return openPgliteSession(opened.connection.driver as PGlite, timeZone ?? 'UTC');
}

async function runSuite(options: Options): Promise<boolean> {
  const files = findTestFiles(options.filters);
  if (files.length === 0) throw new Error('No test file matches.');

  const start = performance.now();
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  const session = await openSession(options);
  console.log(`database ready (${seconds(performance.now() - start)})`);

  let passed = 0;
  let failed = 0;
  try {
    for (const file of files) {
      const result = await runTestFile(session, readTestFile(file));
      const wrong = countFailed(result);
      passed += result.passed;
      failed += wrong;
      const counts = [
        `${result.passed} passed`,
        ...(wrong > 0 ? [`${wrong} failed`] : []),
        ...(result.skipped.length > 0 ? [`${result.skipped.length} skipped`] : []),
      ].join(', ');
      console.log(
        `${wrong === 0 ? 'ok    ' : 'FAILED'} ${file} (${counts}, ${seconds(result.milliseconds)})`,
      );
      if (wrong > 0) console.log(describeFailures(result));
    }
  } finally {
    await session.close();
  }
  console.log(`${files.length} files, ${seconds(performance.now() - start)}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

try {
  process.exitCode = (await runSuite(readOptions())) ? 0 : 1;
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 1;
}
