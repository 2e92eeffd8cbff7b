// The embedded stack as a newcomer starts it: seconds until it is ready, on a fresh folder and again, and the memory of
// all its processes through a replay. Linux only: it reads /proc.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Status } from '../scripts/local/state-folder.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { PeakMemory, type ProcessMemory, totalMb } from './process-tree.ts';
import { verdict } from './timings.ts';

const readyGoalSeconds = 15;
const memoryGoalMb = 800;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { replies: { type: 'string' } },
});
const [log] = positionals;
if (log === undefined) {
  console.error('Give a log to replay: bench/stack.ts LOG [--replies FILE]');
  process.exit(1);
}
const given = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

const folder = mkdtempSync(join(tmpdir(), 'guildhall-bench-'));
const environment = { ...process.env, GUILDHALL_STATE: folder };
const running = new Set<ChildProcess>();

function npm(args: string[]): ChildProcess {
  const child = spawn('npm', args, {
    cwd: projectRoot,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((done) => child.once('close', done));

/** Starts the stack; resolves when it says that it is ready. */
async function start() {
  const startedAt = performance.now();
  const child = npm(['start', '--', '--port', '0']);
  const memory = new PeakMemory(child.pid as number);
  let output = '';
  await new Promise<void>((ready, fail) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('ready: http')) ready();
    });
    child.once('close', () => fail(new Error(`The stack did not start:\n${output}`)));
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const status = JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8')) as Status;
  return { child, status, seconds, peak: memory.stop() };
}

async function stop({ child, status }: { child: ChildProcess; status: Status }): Promise<void> {
  const closed = ended(child);
  process.kill(status.pid, 'SIGINT');
  await closed;
}

function printTree(title: string, tree: ProcessMemory[]): void {
  console.log(`${title.padEnd(28)} ${totalMb(tree).toFixed(0)} MB`);
  for (const { name, residentMb } of tree) {
    console.log(`  ${residentMb.toFixed(0).padStart(5)} MB  ${name}`);
  }
}

try {
  const first = await start();
  console.log(`ready, fresh folder, seconds  ${verdict(first.seconds, readyGoalSeconds)}`);
  printTree('peak while starting', first.peak);

  const memory = new PeakMemory(first.child.pid as number);
  const health = await fetch(`${first.status.functionsUrl}/health`, {
    headers: {
      apikey: first.status.publishableKey,
      authorization: `Bearer ${first.status.publishableKey}`,
    },
  });
  console.log(`Edge Function health          HTTP ${health.status}`);
  await health.body?.cancel();
  const replies = values.replies === undefined ? [] : ['--replies', given(values.replies)];
  const replay = npm(['run', '-s', 'replay', '--', given(log), ...replies]);
  let output = '';
  replay.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await ended(replay);
  const peak = memory.stop();
  // Its progress is left out; what it counted and found is not.
  console.log(
    output
      .split('\n')
      .filter((line) => /^(messages|seconds|losses|\d+ tran)/.test(line))
      .join('\n'),
  );
  if (code !== 0) throw new Error(`The replay ended with ${code}:\n${output}`);
  printTree('peak through the replay', peak);
  console.log(`peak through the replay, MB   ${verdict(totalMb(peak), memoryGoalMb)}`);
  await stop(first);

  const second = await start();
  console.log(`ready, second start, seconds  ${verdict(second.seconds, readyGoalSeconds)}`);
  await stop(second);
} finally {
  for (const child of running) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
