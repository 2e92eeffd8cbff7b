import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { App } from '@supabase/lite';
import type { Queryable } from '../database/database.ts';
import { openPglite, openPostgres } from '../database/open-database.ts';
import { prepareDatabase } from '../database/prepare-database.ts';
import { openPreparedPglite } from '../database/prepared-pglite.ts';
import { quietRefusals } from './api-errors.ts';
import { ensureDataFolder } from './data-folder.ts';
import { driftWarning } from './drift-warning.ts';
import { createEdgeFunctions } from './edge-functions.ts';
import { setFunctionsSecrets } from './functions-secrets.ts';
import type { Keys } from './keys.ts';
import type { GrantDefault } from './platform/apply-platform.ts';
import { startCronWorker } from './platform/cron-worker.ts';
import { startNetWorker } from './platform/net-worker.ts';
import { startPartitionWorker } from './platform/partition-worker.ts';
import { Credentials } from './realtime/credentials.ts';
import { createRealtimeRelay } from './realtime/relay.ts';
import { createStorageApi } from './storage/storage-api.ts';

export interface StackOptions {
  keys: Keys;
  /** 0 takes any free port. */
  port: number;
  /** Where PGlite keeps its data; left out: in memory. */
  dataDir?: string;
  /** Where Storage keeps its files; left out: in a folder that goes when the stack ends. */
  storageDir?: string;
  /** A PostgreSQL to use instead of PGlite, as a superuser. */
  databaseUrl?: string;
  /** What the platform grants on new objects: the migrations must be right under both. Default: closed. */
  grantDefault?: GrantDefault;
  /** Whether jobs call the Edge Functions. Default: true. */
  callsFunctions?: boolean;
  /** Origins of pages that may ask the gateway, with a comma between them. Default: none. */
  allowedOrigins?: string;
  /** More of what an operator sets for the Edge Functions, as `supabase secrets set` does. */
  functionVariables?: Readonly<Record<string, string>>;
  onStep?: (step: string) => void;
  log?: (line: string) => void;
  /** Breaks off a start that is under way. */
  signal?: AbortSignal;
}

export interface Stack {
  apiUrl: string;
  functionsUrl: string;
  /** By which functions know that the database calls them. */
  functionsSecret: string;
  /** Where the role that runs migrations reaches the database; null with PGlite, which has no port. */
  dbUrl: string | null;
  /** The database as the platform's superuser has it: by it a test makes due what is not yet. */
  database: Queryable;
  /** Ends everything, in the order in which nothing is cut off in the middle. */
  close(): Promise<void>;
}

/** Why the stack cannot start, in one sentence for the person who started it. */
export class StartRefusal extends Error {}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new StartRefusal(`Port ${port} is taken: choose another with --port.`)
          : error.code === 'EACCES'
            ? new StartRefusal(
                `Port ${port} needs more rights than you have: choose another with --port.`,
              )
            : error,
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function openDatabase(options: StackOptions) {
  const { dataDir, onStep = () => {}, signal } = options;
  if (options.databaseUrl === undefined) {
    const { grantDefault = 'closed' } = options;
    if (dataDir === undefined) return openPreparedPglite(grantDefault);
    await ensureDataFolder(dataDir, {
      grantDefault,
      onStep,
      ...(signal === undefined ? {} : { signal }),
    });
    onStep('database (PGlite)');
    return openPglite({ dataDir });
  }
  onStep('database (PostgreSQL)');
  let url: URL;
  try {
    url = new URL(options.databaseUrl);
  } catch {
    throw new StartRefusal(
      '--database-url is no URL: write postgresql://user:password@host:port/database.',
    );
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new StartRefusal('--database-url must begin with postgresql://.');
  }
  try {
    // As long as a hosted project gives a signed-in user.
    return await openPostgres(options.databaseUrl, { statementTimeout: 8 });
  } catch (error) {
    throw new StartRefusal(
      `No connection to PostgreSQL at ${url.hostname}:${url.port || 5432}: ${(error as Error).message || (error as { code?: string }).code}.`,
      { cause: error },
    );
  }
}

/** The URL of the role that runs migrations, on the same server. */
function migrationUrl(databaseUrl: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = 'postgres';
  url.password = password;
  return url.toString();
}

function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers':
        request.headers.get('access-control-request-headers') ??
        'apikey, authorization, content-type',
    },
  });
}

/** What of the API answers pages of every origin, as the platform's door does: nothing in it looks at cookies. */
function isForAnyPage(pathname: string): boolean {
  return /^\/(auth|rest|storage)\/v1\//.test(pathname);
}

/** `@supabase/lite` leaves the header out of what its auth answers. */
function toAnyPage(response: Response): Response {
  if (!response.headers.has('access-control-allow-origin')) {
    response.headers.set('access-control-allow-origin', '*');
  }
  return response;
}

/** Brings up the backend: database, migrations, REST, auth, realtime and Edge Functions, in this process. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { keys, grantDefault = 'closed', onStep = () => {}, log = () => {} } = options;
  const { signal } = options;
  const cleanup: (() => Promise<unknown> | unknown)[] = [];
  const unavailable = (message: string) => async () => Response.json({ message }, { status: 503 });
  let answer: (request: Request) => Promise<Response> = unavailable('Guildhall is starting.');
  const underWay = new Set<Promise<Response>>();
  const server = createServer(
    getRequestListener(
      (request) => {
        const response = answer(request);
        underWay.add(response);
        const settled = () => underWay.delete(response);
        response.then(settled, settled);
        return response;
      },
      { overrideGlobalObjects: false },
    ),
  );

  const close = async () => {
    // No new work first, and what is under way gets a moment; then each part, the last one started first.
    answer = unavailable('Guildhall is stopping.');
    await Promise.race([Promise.allSettled(underWay), delay(2000, undefined, { ref: false })]);
    while (cleanup.length > 0) await cleanup.pop()?.();
  };

  try {
    // The port first: finding it taken should not cost the time of starting a database.
    const port = await listen(server, options.port);
    cleanup.push(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    );
    const apiUrl = `http://127.0.0.1:${port}`;
    const functionsUrl = `${apiUrl}/functions/v1`;

    const opened = await openDatabase(options);
    const { database, connection } = opened;
    cleanup.push(() => database.close());

    const dbUrl =
      options.databaseUrl === undefined
        ? null
        : migrationUrl(options.databaseUrl, keys.databasePassword);
    await prepareDatabase(opened, {
      grantDefault,
      onStep,
      ...(signal === undefined ? {} : { signal }),
      ...(dbUrl === null ? {} : { migrationUrl: dbUrl, migrationPassword: keys.databasePassword }),
    });

    const drift = await driftWarning(database);
    if (drift !== null) log(drift);

    onStep('jobs');
    for (const worker of [
      await startPartitionWorker(database, log),
      await startCronWorker(database, log),
      await startNetWorker(database, log),
    ]) {
      cleanup.push(() => worker.stop());
    }

    onStep('REST and auth');
    cleanup.push(quietRefusals(log));
    const app = new App({
      connection,
      auth: {
        jwt_secret: keys.jwtSecret,
        publishable_key: keys.publishableKey,
        secret_key: keys.secretKey,
        site_url: apiUrl,
      },
      studio: { enabled: false },
      options: { server: { admin: false, disableStudio: true } },
    });
    await app.init();

    onStep('realtime');
    const relay = createRealtimeRelay({ database, ...keys, log });
    await relay.start();
    cleanup.push(() => relay.close());
    server.on('upgrade', relay.handleUpgrade);

    onStep('Storage');
    const storageDir = options.storageDir ?? mkdtempSync(join(tmpdir(), 'guildhall-storage-'));
    if (options.storageDir === undefined) {
      cleanup.push(() => rmSync(storageDir, { recursive: true, force: true }));
    }
    const storage = createStorageApi({ database, ...keys, folder: storageDir, log });

    onStep('Edge Functions');
    const functionsSecret = randomBytes(32).toString('base64url');
    const functions = createEdgeFunctions({
      apiUrl,
      ...keys,
      functionsSecret,
      secrets: {
        ...options.functionVariables,
        GUILDHALL_ALLOWED_ORIGINS: options.allowedOrigins ?? '',
      },
      log,
    });
    cleanup.push(() => functions.close());
    if (options.callsFunctions !== false) {
      await setFunctionsSecrets(database, {
        guildhall_functions_url: functionsUrl,
        guildhall_functions_secret: functionsSecret,
      });
    }

    const credentials = new Credentials(keys);
    answer = async (request) => {
      const { pathname } = new URL(request.url);
      const [, functionName] = /^\/functions\/v1\/([^/]+)/.exec(pathname) ?? [];
      if (request.method === 'OPTIONS') {
        // A browser's preflight carries no key; it must not start a process either, but of a function that asks itself who calls.
        const isAnswered = functionName !== undefined && functions.isOpen(functionName);
        if (!isAnswered && (functionName !== undefined || isForAnyPage(pathname))) {
          return preflight(request);
        }
      } else if (
        credentials.roleOfKey(request.headers.get('apikey')) === null &&
        !(functionName !== undefined && functions.isOpen(functionName)) &&
        !storage.isSigned(request)
      ) {
        // The stack's own door. Nobody comes in without a key, except to a function that is set up to ask itself, and by a signed URL.
        const message = request.headers.has('apikey')
          ? 'Invalid API key'
          : 'No API key found in request';
        return Response.json(
          { message },
          { status: 401, headers: { 'access-control-allow-origin': '*' } },
        );
      }
      if (functionName !== undefined) return functions.handle(functionName, request);
      return (
        (await relay.handleHttp(request)) ??
        (await storage.handle(request)) ??
        toAnyPage(await app.server.fetch(request))
      );
    };

    return { apiUrl, functionsUrl, functionsSecret, dbUrl, database, close };
  } catch (error) {
    await close();
    throw error;
  }
}
