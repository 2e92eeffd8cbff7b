import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../project-root.ts';

const lineCount = 600;
const nicks = ['ann', 'Ann', 'bob|', 'c[a]', 'dé'];

/** One of the project's own commands, as a process of its own, with what it has printed so far. */
class Command {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';
  readonly #waiting = new Set<() => void>();

  constructor(script: string, args: string[], stateFolder: string) {
    this.process = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      cwd: projectRoot,
      env: { ...process.env, GUILDHALL_STATE: stateFolder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        for (const check of this.#waiting) check();
      });
    }
    this.ended = new Promise((resolve) => {
      this.process.once('close', (code) => {
        resolve(code);
        for (const check of this.#waiting) check();
      });
    });
  }

  /** Resolves to the first match in the output; rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const match = pattern.exec(this.output);
        if (match === null && this.process.exitCode === null && this.process.signalCode === null) {
          return;
        }
        this.#waiting.delete(check);
        if (match === null) reject(new Error(`ended without ${pattern}:\n${this.output}`));
        else resolve(match);
      };
      this.#waiting.add(check);
      check();
    });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill(signal);
    }
    await this.ended;
  }
}

/** The embedded stack on a folder of its own; on PostgreSQL a killed stack does not end the database. */
async function startStack(folder: string, port: string): Promise<{ stack: Command; port: string }> {
  const stack = new Command('scripts/local/start.ts', ['--port', port], folder);
  await stack.printed(/ready: http/);
  const status = JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8')) as {
    apiUrl: string;
    pid: number;
  };
  expect(status.pid).toBe(stack.process.pid);
  return { stack, port: new URL(status.apiUrl).port };
}

let folder: string;
const commands: Command[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-'));
});

afterAll(async () => {
  await Promise.all(commands.map((command) => command.kill('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

test('killing the stack in the middle of a replay and starting it again loses no acknowledged message', {
  timeout: 240_000,
}, async () => {
  const log = join(folder, 'log.txt');
  const lines = Array.from(
    { length: lineCount },
    // A byte-order mark at the beginning is what decoders like to eat.
    (_, index) => `[00:00] <${nicks[index % nicks.length]}> \uFEFFline ${index} \uFEFF ☃`,
  );
  writeFileSync(log, `${lines.join('\n')}\n`);

  const first = await startStack(folder, '0');
  commands.push(first.stack);
  const replay = new Command('scripts/replay/replay.ts', [log, '--patience', '120'], folder);
  commands.push(replay);
  const [, sent] = await replay.printed(/ sent (\d+) of \d+/);
  await first.stack.kill('SIGKILL');
  expect(Number(sent)).toBeGreaterThan(0);
  expect(replay.output).not.toContain(`sent ${lineCount} of`);

  const second = await startStack(folder, first.port);
  commands.push(second.stack);
  expect(await replay.ended, replay.output).toBe(0);
  expect(replay.output).toMatch(/requests unanswered +[1-9]/);
  expect(replay.output).toMatch(new RegExp(`^messages +${lineCount}$`, 'm'));
  expect(replay.output).toContain(
    '4 transcripts identical: acknowledged, follower, cut off twice, read back',
  );
});
