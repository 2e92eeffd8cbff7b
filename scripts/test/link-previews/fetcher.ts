import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../project-root.ts';

/** What to fetch, and of which network; what is left out is as in the Edge Function. */
export interface Errand {
  url: string;
  /** Every answer of the DNS to a name, one after the other. */
  hosts?: Record<string, string[][]>;
  /** A name server to ask instead. */
  nameServer?: { ipAddr: string; port: number };
  addresses?: string[];
  ports?: number[];
}

export interface Outcome {
  preview?: {
    title: string | null;
    description: string | null;
    site_name: string | null;
    image_url: string | null;
  } | null;
  refused?: string;
  message?: string;
  /** The names that were resolved. */
  asked: string[];
}

/** The Edge Function's fetcher in the runtime it is written for, with the rights that the local stack gives to functions. */
export interface Fetcher {
  fetch(errand: Errand): Promise<Outcome>;
  close(): void;
}

/** @param certificates file of the authorities that are trusted beside the usual ones */
export function startFetcher(certificates: string): Fetcher {
  const deno: string = createRequire(import.meta.url)('deno/install_api.cjs').runInstall();
  const child: ChildProcess = spawn(
    deno,
    [
      'run',
      '--quiet',
      '--no-prompt',
      '--cached-only',
      '--allow-net',
      '--allow-env',
      `--allow-read=${projectRoot}`,
      `--cert=${certificates}`,
      `--config=${join(projectRoot, 'supabase', 'functions', 'deno.json')}`,
      join(projectRoot, 'scripts', 'test', 'link-previews', 'fetcher-process.js'),
    ],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NO_COLOR: '1',
        DENO_NO_UPDATE_CHECK: '1',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const waiting = new Map<
    number,
    { resolve(outcome: Outcome): void; reject(error: Error): void }
  >();
  let last = 0;
  let ended: Error | null = null;
  child.once('close', (code) => {
    ended = new Error(`the fetcher's process ended (${code})`);
    for (const { reject } of waiting.values()) reject(ended);
  });
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  const { stdin } = child;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, ...outcome } = JSON.parse(line) as Outcome & { id: number };
    waiting.get(id)?.resolve(outcome);
    waiting.delete(id);
  });
  return {
    fetch: (errand) =>
      new Promise((resolve, reject) => {
        if (ended !== null) throw ended;
        last += 1;
        waiting.set(last, { resolve, reject });
        stdin.write(`${JSON.stringify({ id: last, ...errand })}\n`);
      }),
    close: () => child.kill('SIGKILL'),
  };
}
