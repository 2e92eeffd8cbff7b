import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NetWorker, startNetWorker } from './net-worker.ts';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
let worker: NetWorker;
let server: Server;
let url: string;
const received: { method: string; path: string; type: string | undefined; body: string }[] = [];

const bodyOf = async (request: IncomingMessage) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
};

beforeAll(async () => {
  platform = await openPlatform('closed');
  server = createServer(async (request, response) => {
    received.push({
      method: request.method ?? '',
      path: request.url ?? '',
      type: request.headers['content-type'],
      body: await bodyOf(request),
    });
    if (request.url === '/slow') return;
    response.writeHead(request.url === '/missing' ? 404 : 200, { 'content-type': 'text/plain' });
    response.end('answer');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  worker = await startNetWorker(platform.database);
}, 60_000);
afterAll(async () => {
  await worker?.stop();
  server?.closeAllConnections();
  server?.close();
  await platform?.close();
});

/** Commits one request as the migration role and returns its id. */
const queue = (call: string) =>
  platform.database.transaction(async (tx) => {
    await tx.execute('set local session authorization postgres');
    const [row] = await tx.query<{ id: number }>(`select ${call} as id`);
    return row?.id;
  });

async function answerTo(id: number | undefined) {
  const read = () =>
    platform.database.query<Record<string, unknown>>(
      'select status_code, content_type, content, timed_out, error_msg from net._http_response where id = $1',
      [id],
    );
  await expect.poll(async () => (await read()).length, { timeout: 8_000 }).toBe(1);
  return (await read())[0];
}

describe('a queued request', () => {
  it('is sent after commit and answered', async () => {
    const answer = await answerTo(
      await queue(`net.http_get('${url}/get', '{"q": "a b&c/é", "n": 1}')`),
    );
    expect(answer).toEqual({
      status_code: 200,
      content_type: 'text/plain',
      content: 'answer',
      timed_out: false,
      error_msg: null,
    });
    expect(received).toContainEqual({
      method: 'GET',
      path: '/get?n=1&q=a%20b%26c%2F%C3%A9',
      type: undefined,
      body: '',
    });
  });

  it('carries a JSON body', async () => {
    await answerTo(await queue(`net.http_post('${url}/post', '{"a": [1, "ü"]}')`));
    expect(received).toContainEqual({
      method: 'POST',
      path: '/post',
      type: 'application/json',
      body: '{"a": [1, "ü"]}',
    });
  });

  it('says that it is JSON when the headers do not', async () => {
    await answerTo(await queue(`net.http_post('${url}/headers', headers => '{"x-key": "k"}')`));
    expect(received.find(({ path }) => path === '/headers')?.type).toBe('application/json');
  });

  it('deletes', async () => {
    await answerTo(await queue(`net.http_delete('${url}/delete')`));
    expect(received.map(({ method, path }) => `${method} ${path}`)).toContain('DELETE /delete');
  });

  it('keeps the status of an answer that is an error', async () => {
    expect(await answerTo(await queue(`net.http_get('${url}/missing')`))).toMatchObject({
      status_code: 404,
    });
  });

  it('gives up after its timeout', async () => {
    const answer = await answerTo(
      await queue(`net.http_get('${url}/slow', timeout_milliseconds => 100)`),
    );
    expect(answer).toEqual({
      status_code: null,
      content_type: null,
      content: null,
      timed_out: true,
      error_msg: 'Timeout of 100 ms reached.',
    });
    expect(received.filter(({ path }) => path === '/slow')).toHaveLength(1);
  });

  it('says why nobody could be reached', async () => {
    const answer = await answerTo(await queue("net.http_get('http://127.0.0.1:1/')"));
    expect(answer).toMatchObject({ status_code: null, timed_out: false });
    expect(answer?.error_msg).toBeTruthy();
  });

  it('waits five seconds by default', async () => {
    const [row] = await platform.asMigration(async (tx) => {
      await tx.query(`select net.http_get('${url}/later')`);
      return tx.query('select timeout_milliseconds, method from net.http_request_queue');
    });
    expect(row).toEqual({ timeout_milliseconds: 5000, method: 'GET' });
  });

  it('is never sent when its transaction is rolled back', async () => {
    await platform.asMigration((tx) => tx.query(`select net.http_get('${url}/rolled-back')`));
    await answerTo(await queue(`net.http_get('${url}/after')`));
    expect(received.map(({ path }) => path)).not.toContain('/rolled-back');
  });

  it('is refused with a body that is not JSON', async () => {
    expect(
      await platform.outcomeOfMigration(
        `select net.http_post('${url}', headers => '{"content-type": "text/xml"}')`,
      ),
    ).toBe('P0001');
  });

  it('may come from every client role', async () => {
    for (const role of ['anon', 'authenticated', 'service_role']) {
      const rows = await platform.asClient(role, {}, (tx) =>
        tx.query(`select net.http_get('${url}/client')`),
      );
      expect(rows).toHaveLength(1);
    }
  });
});
