import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPglite } from '../database/open-database.ts';
import { prepareDatabase } from '../database/prepare-database.ts';
import { projectRoot } from '../project-root.ts';
import { contractOf } from './embedded-contract.ts';
import {
  compareFiles,
  type Difference,
  type GeneratedFile,
  type GeneratedFolder,
  writeFiles,
} from './generated-files.ts';
import { migrationHeader, migrationsOf } from './migrations.ts';
import { objectDomains } from './object-domains.ts';
import { Refusal } from './refusal.ts';
import { readSchemaSources } from './schema-sources.ts';
import { edgeFunctionFiles, sdkFiles, sdkFolder } from './sdk/sdk-files.ts';

/**
 * npm run generate: supabase/schemas gives supabase/migrations; those, applied to an embedded database, give
 * supabase/contract.json and sdk/src/generated. With --check nothing is written, and any difference is an error.
 */
const migrationsFolder: GeneratedFolder = { path: 'supabase/migrations', header: migrationHeader };

async function main(check: boolean): Promise<number> {
  const sources = readSchemaSources(join(projectRoot, 'supabase'));
  const domains = objectDomains(sources);
  const migrations = migrationsOf(sources);
  if (check) {
    const differences = compareFiles(projectRoot, migrations, [migrationsFolder]);
    if (differences.length > 0) return told(check, differences);
  }

  // Nothing is written before everything has been tried: a mistake in a schema file changes no generated one.
  const opened = await openPglite();
  let files: GeneratedFile[];
  try {
    await prepareDatabase(opened, {
      grantDefault: 'closed',
      migrations: migrations.map(({ path, text }) => ({ file: basename(path), sql: text })),
    });
    const contract = await contractOf(opened.database, domains);
    files = [
      { path: 'supabase/contract.json', text: `${JSON.stringify(contract, null, 2)}\n` },
      ...sdkFiles(contract),
      ...edgeFunctionFiles(contract),
    ];
  } finally {
    await opened.database.close();
  }
  return told(check, [
    ...apply(check, migrations, [migrationsFolder]),
    ...apply(check, files, [sdkFolder]),
  ]);
}

function apply(check: boolean, files: GeneratedFile[], folders: GeneratedFolder[]): Difference[] {
  return (check ? compareFiles : writeFiles)(projectRoot, files, folders);
}

function told(check: boolean, differences: Difference[]): number {
  if (differences.length === 0) {
    console.log('Generated files are up to date.');
    return 0;
  }
  if (!check) {
    for (const { path, state } of differences) {
      console.log(`${state === 'left over' ? 'removed' : 'wrote'} ${path}`);
    }
    return 0;
  }
  for (const { path, state } of differences) console.log(`${path} is ${state}`);
  console.log('Run npm run generate and commit what it writes.');
  return 1;
}

/** Names the schema file a migration failed in no better than PostgreSQL does: its message says enough. */
function sentence(error: unknown): string | null {
  if (error instanceof Refusal) return error.message;
  return error instanceof Error && /^migration \S+ failed: /.test(error.message)
    ? error.message
    : null;
}

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  process.exitCode = await main(values.check);
} catch (error) {
  const text = sentence(error);
  if (text === null) throw error;
  console.error(text);
  process.exitCode = 1;
}
