import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { functionVariables } from './function-variables.ts';
import { loadKeys } from './keys.ts';
import { PlatformRefusal } from './platform/refusals.ts';
import { type Stack, StartRefusal, startStack } from './stack.ts';
import {
  dataFolder,
  keysFile,
  lockFile,
  releaseStateFolder,
  storageFolder,
  takeStateFolder,
  writeStatus,
} from './state-folder.ts';

const usage = `npm start -- [options]

  --port N             where the API listens on 127.0.0.1 (default 54321)
  --database-url URL   a PostgreSQL 15 or newer, as superuser, instead of the embedded database
  --reset              forget the embedded database and begin anew
  --grants open|closed what the platform grants on new objects by default (default closed, as on new projects)

  GUILDHALL_ALLOWED_ORIGINS=http://127.0.0.1:5173,…  pages that may ask the gateway (default none)
  GUILDHALL_ICE_PROVIDER=coturn, LIVEKIT_URL=…, …    servers of voice: see docs/voice.md (default none)`;

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

const started = performance.now();
const seconds = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
const onStep = (step: string) => console.log(`${seconds()}  ${step}`);

const starting = new AbortController();
let holdsFolder = false;
let stack: Stack | undefined;

async function end(code: number): Promise<never> {
  await stack?.close();
  if (holdsFolder) releaseStateFolder();
  process.exit(code);
}

function stop(signal: string): void {
  // A second signal does not wait, and neither does the first for ever.
  if (starting.signal.aborted) process.exit(1);
  console.log(`${signal}: stopping`);
  setTimeout(() => process.exit(1), 15_000).unref();
  starting.abort();
  // A start that is under way notices by itself and ends below.
  if (stack !== undefined) void end(0);
}

// What this process and its children write holds keys and people's data.
process.umask(0o077);

try {
  const options = readOptions();
  const holder = takeStateFolder();
  if (holder !== null) {
    throw new StartRefusal(
      `Guildhall already runs here (process ${holder}): see npm run -s status. If that process is something else, remove ${lockFile}.`,
    );
  }
  holdsFolder = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));

  if (options.reset) {
    for (const folder of [dataFolder, storageFolder]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const keys = await loadKeys(keysFile);
  stack = await startStack({
    keys,
    port: options.port,
    grantDefault: options.grantDefault,
    ...(options.databaseUrl === undefined
      ? { dataDir: dataFolder, storageDir: storageFolder }
      : { databaseUrl: options.databaseUrl, storageDir: `${storageFolder}-of-url` }),
    allowedOrigins: process.env.GUILDHALL_ALLOWED_ORIGINS ?? '',
    functionVariables: functionVariables(process.env),
    onStep,
    log: (line) => console.log(line),
    signal: starting.signal,
  });
  if (starting.signal.aborted) await end(0);
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
  if (!starting.signal.aborted) {
    const isRefusal = error instanceof StartRefusal || error instanceof PlatformRefusal;
    console.error(isRefusal ? error.message : error);
  }
  await end(1);
}
