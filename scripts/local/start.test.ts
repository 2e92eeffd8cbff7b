import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { projectRoot } from '../project-root.ts';
import type { Status } from './state-folder.ts';

// The commands as a newcomer runs them, each in a process of its own, on a state folder of their own.

let state: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'guildhall-start-'));
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

function command(script: string, args: string[] = [], folder = state) {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/local/${script}`, ...args], {
    cwd: projectRoot,
    env: { ...process.env, GUILDHALL_STATE: folder },
  });
  running.add(child);
  let output = '';
  const heard: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const wake of heard.splice(0)) wake();
    });
  }
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      for (const wake of heard.splice(0)) wake();
      resolve(code);
    }),
  );
  return {
    child,
    ended,
    output: () => output,
    async says(text: string) {
      while (!output.includes(text)) {
        if (!running.has(child)) throw new Error(`It ended without saying "${text}":\n${output}`);
        await new Promise<void>((resolve) => heard.push(resolve));
      }
    },
  };
}

async function refusal(args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-refused-'));
  const start = command('start.ts', args, folder);
  const code = await start.ended;
  rmSync(folder, { recursive: true, force: true });
  return { code, lines: start.output().trim().split('\n') };
}

describe.concurrent('npm start refuses in one sentence', () => {
  test('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    // A URL, so that no database is made before the port is asked for.
    const { code, lines } = await refusal([
      '--port',
      String(port),
      '--database-url',
      'postgresql://127.0.0.1:1/x',
    ]);
    server.close();
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [`Port ${port} is taken: choose another with --port.`],
    });
  });

  test.each([
    ['a URL that is none', ['--database-url', 'here'], /^--database-url is no URL/],
    [
      'a URL of something else',
      ['--database-url', 'https://example.com'],
      /^--database-url must begin with postgresql:/,
    ],
    [
      'a server that does not answer',
      ['--database-url', 'postgresql://127.0.0.1:1/x'],
      /^No connection to PostgreSQL at 127\.0\.0\.1:1: .*ECONNREFUSED/,
    ],
    ['a port that is no number', ['--port', 'many'], /^--port takes a number/],
    [
      'to reset what is not its own',
      ['--reset', '--database-url', 'postgresql://127.0.0.1:1/x'],
      /^--reset is for the embedded database/,
    ],
  ])('%s', async (_, args, sentence) => {
    const { code, lines } = await refusal(['--port', '0', ...args]);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(sentence);
    expect(lines.filter((line) => line.includes('    at '))).toEqual([]);
  });

  test('an option it does not know, and says which there are', async () => {
    const { code, lines } = await refusal(['--prot', '1']);
    expect(code).toBe(1);
    expect(lines[0]).toContain('--prot');
    expect(lines.join('\n')).toContain('--database-url URL');
  });
});

describe('the embedded stack', () => {
  const credentials = { email: 'somebody@example.com', password: 'correct horse battery' };

  async function started(args: string[] = []) {
    const start = command('start.ts', ['--port', '0', ...args]);
    await start.says('Ctrl-C ends it');
    const asked = command('status.ts');
    expect(await asked.ended).toBe(0);
    const status = JSON.parse(asked.output()) as Status;
    const client = createClient(status.apiUrl, status.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: WebSocket as never },
    });
    return { start, status, client };
  }

  test('says where it is, keeps its data over a restart, and forgets them when told to', async () => {
    const first = await started();
    expect(Object.keys(first.status).sort()).toEqual([
      'apiUrl',
      'dbUrl',
      'functionsUrl',
      'pid',
      'publishableKey',
      'secretKey',
    ]);
    const { error } = await first.client.auth.signUp(credentials);
    expect(error).toBeNull();

    const second = command('start.ts', ['--port', '0']);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(
      new RegExp(`^Guildhall already runs here \\(process ${first.start.child.pid}\\): .*status`),
    );
    expect(second.output().trim().split('\n')).toHaveLength(1);

    first.start.child.kill('SIGINT');
    expect(await first.start.ended).toBe(0);
    const asked = command('status.ts');
    expect(await asked.ended).toBe(1);
    expect(asked.output()).toBe('Guildhall does not run here: start it with npm start.\n');

    const restarted = await started();
    expect(restarted.status.publishableKey).toBe(first.status.publishableKey);
    expect((await restarted.client.auth.signInWithPassword(credentials)).error).toBeNull();
    restarted.start.child.kill('SIGTERM');
    expect(await restarted.start.ended).toBe(0);

    const reset = await started(['--reset']);
    expect((await reset.client.auth.signInWithPassword(credentials)).error?.code).toBe(
      'invalid_credentials',
    );
    reset.start.child.kill('SIGINT');
    expect(await reset.start.ended).toBe(0);
  }, 120_000);
});
