import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { contractVersion } from '../../../sdk/src/index.ts';
import { projectRoot } from '../../project-root.ts';

// supabase/functions/_shared/record-calls.ts in the runtime it is written for, with the rights that the local stack gives to functions.

// Each test has a process of its own, and they go on side by side: each waits for what is told later.
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** Records these requests in a function that reaches the project by that URL; resolves to its output when it has ended. */
function record(requests: object[], url: string, secretKey: string): Promise<string[]> {
  const deno: string = createRequire(import.meta.url)('deno/install_api.cjs').runInstall();
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
      `--config=${join(projectRoot, 'supabase', 'functions', 'deno.json')}`,
      join(projectRoot, 'scripts', 'test', 'telemetry', 'recorder-process.js'),
      JSON.stringify(requests),
    ],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NO_COLOR: '1',
        DENO_NO_UPDATE_CHECK: '1',
        SUPABASE_URL: url,
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: secretKey }),
      },
    },
  );
  closing.push(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve(output.trim().split('\n')) : reject(new Error(complaints)),
    );
  });
}

const request = (more: object = {}) => ({
  function: 'gateway.config_supabase',
  code: null,
  latencyMs: 12.4,
  requestId: randomUUID(),
  ...more,
});

test.concurrent('answered requests are told with the secret key after the answer, as the server’s', async () => {
  const { apiUrl, secretKey } = inject('stack');
  const operator = createClient(apiUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    // Node 20 has no WebSocket of its own.
    realtime: { transport: WebSocket as never },
  });
  // The gateway's own calls may be counted there, too; none of them fails by this code.
  const counted = async () => {
    const { data } = await operator
      .rpc('list_call_rates')
      .eq('function', 'gateway.config_supabase')
      .eq('source', 'server');
    const [rate] = data as { calls: number; codes: Record<string, number> }[];
    return { calls: rate?.calls ?? 0, internal: rate?.codes.internal ?? 0 };
  };

  const before = await counted();
  const output = await record(
    [request(), request(), request({ code: 'internal' })],
    apiUrl,
    secretKey,
  );
  expect(output).toEqual(['recorded', 'told']);
  const after = await counted();
  expect(after.internal - before.internal).toBe(1);
  expect(after.calls - before.calls).toBeGreaterThanOrEqual(3);
});

test.concurrent('in one batch, which comes again under its id, with nothing but what is to be told', async () => {
  const bodies: { p_batch_id: string; p_calls: object[] }[] = [];
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (chunk) => {
      text += chunk;
    });
    incoming.on('end', () => {
      bodies.push(JSON.parse(text));
      response.writeHead(bodies.length < 3 ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const failed = request({ code: 'rate_limited', body: 'secret words', latencyMs: 1e9 });
  const output = await record([failed], `http://127.0.0.1:${port}`, 'sb_secret_test');

  expect(output).toEqual(['recorded', 'told']);
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies.map((body) => body.p_batch_id)).size).toBe(1);
  expect(bodies[2]?.p_calls).toEqual([
    {
      function: 'gateway.config_supabase',
      code: 'rate_limited',
      latency_ms: 600_000,
      contract_version: contractVersion,
      request_id: failed.requestId,
    },
  ]);
});

test.concurrent('a database that never answers is given up, and fails nothing', async () => {
  const output = await record([request()], 'http://127.0.0.1:9', 'sb_secret_test');
  expect(output).toEqual(['recorded', 'told']);
});
