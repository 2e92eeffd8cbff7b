import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parse } from 'smol-toml';
import { projectRoot } from '../project-root.ts';
import { freePort } from './free-port.ts';

const functionsFolder = join(projectRoot, 'supabase', 'functions');

interface EdgeFunctionsOptions {
  apiUrl: string;
  publishableKey: string;
  secretKey: string;
  /** By which functions know that the database calls them. */
  functionsSecret: string;
  /** What an operator sets for the functions of a project, as `supabase secrets set` does. */
  secrets?: Readonly<Record<string, string>>;
  log: (line: string) => void;
}

interface EdgeFunctions {
  /** Whether a request needs no key of the project: the function looks itself at who calls. */
  isOpen(name: string): boolean;
  /** Answers a request for `/functions/v1/<name>`. */
  handle(name: string, request: Request): Promise<Response>;
  close(): Promise<void>;
}

interface Worker {
  process: ChildProcess;
  origin: string;
}

/** Headers that belong to one connection, not to the request that goes on over another. */
const hopByHop = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
];

/**
 * Serves `supabase/functions/<name>/index.ts` through Deno, one process a function, started by its first request.
 * They run with the environment a hosted project gives them, and with no more rights than network, environment and
 * reading files.
 */
export function createEdgeFunctions(options: EdgeFunctionsOptions): EdgeFunctions {
  const workers = new Map<string, Promise<Worker>>();
  const { functions: settings = {} } = parse(
    readFileSync(join(projectRoot, 'supabase', 'config.toml'), 'utf8'),
  ) as { functions?: Record<string, { verify_jwt?: boolean }> };
  let closing = false;

  async function startWorker(name: string): Promise<Worker> {
    const deno: string = createRequire(import.meta.url)('deno/install_api.cjs').runInstall();
    const port = await freePort();
    const child = spawn(
      deno,
      [
        'run',
        '--quiet',
        '--no-prompt',
        '--cached-only',
        '--allow-net',
        '--allow-env',
        `--allow-read=${projectRoot}`,
        `--config=${join(functionsFolder, 'deno.json')}`,
        join(projectRoot, 'scripts', 'local', 'edge-function-process.js'),
        pathToFileURL(join(functionsFolder, name, 'index.ts')).href,
      ],
      {
        env: {
          ...options.secrets,
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          NO_COLOR: '1',
          DENO_NO_UPDATE_CHECK: '1',
          DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
          SUPABASE_URL: options.apiUrl,
          SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: options.publishableKey }),
          SUPABASE_SECRET_KEYS: JSON.stringify({ default: options.secretKey }),
          GUILDHALL_FUNCTIONS_SECRET: options.functionsSecret,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    // A write into the pipe of a process that has just ended is no news.
    child.stdin.on('error', () => {});
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    const relayLines = (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n')) {
        if (line.trim() !== '') options.log(`[functions/${name}] ${line}`);
      }
    };
    child.stdout.on('data', relayLines);
    child.stderr.on('data', relayLines);
    child.once('exit', (code, signal) => {
      if (!closing) options.log(`[functions/${name}] ended (${signal ?? code})`);
    });

    const origin = `http://127.0.0.1:${port}`;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (failure !== undefined || child.exitCode !== null) {
        throw new Error(`the function ${name} does not start`, { cause: failure });
      }
      try {
        // Any answer will do: it listens.
        await fetch(`${origin}/${name}`, { method: 'OPTIONS' });
        return { process: child, origin };
      } catch {
        await delay(50);
      }
    }
    child.kill('SIGKILL');
    throw new Error(`the function ${name} did not listen within 10 seconds`);
  }

  function workerOf(name: string): Promise<Worker> {
    const known = workers.get(name);
    if (known !== undefined) return known;
    const worker = startWorker(name);
    workers.set(name, worker);
    // A failed start or an ended process is not remembered: the next request starts another.
    const forget = () => {
      if (workers.get(name) === worker) workers.delete(name);
    };
    worker.then(({ process }) => {
      if (process.exitCode !== null || process.signalCode !== null) forget();
      else process.once('exit', forget);
    }, forget);
    return worker;
  }

  return {
    isOpen: (name) => Object.hasOwn(settings, name) && settings[name]?.verify_jwt === false,
    async handle(name, request) {
      if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(join(functionsFolder, name, 'index.ts'))) {
        return Response.json(
          { code: 'NOT_FOUND', message: 'There is no such function.' },
          { status: 404 },
        );
      }
      let worker: Worker;
      try {
        worker = await workerOf(name);
      } catch (error) {
        options.log(`[functions/${name}] ${(error as Error).message}`);
        return Response.json(
          { code: 'BOOT_ERROR', message: (error as Error).message },
          { status: 503 },
        );
      }
      const { pathname, search } = new URL(request.url);
      const path = pathname.replace(/^\/functions\/v1/, '');
      const headers = new Headers(request.headers);
      for (const name of hopByHop) headers.delete(name);
      return fetch(`${worker.origin}${path}${search}`, {
        method: request.method,
        headers,
        body: request.body,
        redirect: 'manual',
        duplex: 'half',
      } as RequestInit);
    },
    async close() {
      closing = true;
      await Promise.all([...workers.values()].map(endWorker));
    },
  };
}

async function endWorker(pending: Promise<Worker>): Promise<void> {
  const worker = await pending.catch(() => undefined);
  if (worker === undefined || worker.process.exitCode !== null) return;
  const ended = new Promise((resolve) => worker.process.once('exit', resolve));
  worker.process.kill('SIGTERM');
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(timer);
}
