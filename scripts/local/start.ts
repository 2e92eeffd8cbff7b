import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { loadKeys } from './keys.ts';
import { PlatformRefusal } from './platform/index.ts';
import { type Stack, StartRefusal, startStack } from './stack.ts';
import {
  dataFolder,
  keysFile,
  releaseStateFolder,
  takeStateFolder,
  writeStatus,
} from './state-folder.ts';

const usage = `npm start -- [options]

  --port N             where the API listens on 127.0.0.1 (default 54321)
  --database-url URL   a PostgreSQL 15 or newer, as superuser, instead of the embedded database
  --reset              forget the embedded database and begin anew
  --grants open|closed what the platform grants on new objects by default (default closed, as on new projects)`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '54321' },
        'database-url': { type: 'string' },
        reset: { type: 'boolean', default: false },
        grants: { type: 'string', default: 'closed' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new StartRefusal('--port takes a number from 0 to 65535.');
    }
    if (values.grants !== 'open' && values.grants !== 'closed') {
      throw new StartRefusal('--grants takes open or closed.');
    }
    const databaseUrl = values['database-url'];
    if (values.reset && databaseUrl !== undefined) {
      throw new StartRefusal(
        '--reset is for the embedded database: reset a PostgreSQL of your own yourself.',
      );
    }
    return { port, databaseUrl, reset: values.reset, grantDefault: values.grants } as const;
  } catch (error) {
    if (error instanceof StartRefusal) throw error;
    throw new StartRefusal(`${(error as Error).message}\n\n${usage}`);
  }
}

async function createDataFolder(): Promise<void> {
  // Under another name until it is complete: a start that is broken off leaves nothing half made.
  const unfinished = `${dataFolder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const script = fileURLToPath(new URL('create-data-folder.ts', import.meta.url));
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script, unfinished]);
  renameSync(unfinished, dataFolder);
}

const started = performance.now();
const seconds = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
const onStep = (step: string) => console.log(`${seconds()}  ${step}`);

let holdsFolder = false;
let stack: Stack | undefined;
let stopping = false;

async function stop(signal: string): Promise<void> {
  // A second signal does not wait, and neither does the first for ever.
  if (stopping) process.exit(1);
  stopping = true;
  console.log(`${signal}: stopping`);
  setTimeout(() => process.exit(1), 15_000).unref();
  await stack?.close();
  if (holdsFolder) releaseStateFolder();
  process.exit(0);
}

try {
  const options = readOptions();
  const holder = takeStateFolder();
  if (holder !== null) {
    throw new StartRefusal(
      `Guildhall already runs here (process ${holder}): see npm run -s status.`,
    );
  }
  holdsFolder = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));

  if (options.reset) rmSync(dataFolder, { recursive: true, force: true });
  if (options.databaseUrl === undefined && !existsSync(join(dataFolder, 'PG_VERSION'))) {
    onStep('new database');
    await createDataFolder();
  }
  const keys = await loadKeys(keysFile);
  stack = await startStack({
    keys,
    port: options.port,
    grantDefault: options.grantDefault,
    ...(options.databaseUrl === undefined
      ? { dataDir: dataFolder }
      : { databaseUrl: options.databaseUrl }),
    onStep,
    log: (line) => console.log(line),
  });
  const { apiUrl, functionsUrl, dbUrl } = stack;
  writeStatus({
    apiUrl,
    dbUrl,
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    functionsUrl,
  });
  console.log(`${seconds()}  ready: ${apiUrl}`);
  console.log(`\n  API URL          ${apiUrl}`);
  console.log(`  publishable key  ${keys.publishableKey}`);
  console.log('  everything else  npm run -s status');
  console.log('\nFor trying, developing and testing; never for production. Ctrl-C ends it.');
} catch (error) {
  await stack?.close();
  if (holdsFolder) releaseStateFolder();
  if (error instanceof StartRefusal || error instanceof PlatformRefusal) {
    console.error(error.message);
  } else {
    console.error(error);
  }
  process.exit(1);
}
