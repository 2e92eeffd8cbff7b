import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { contractVersion } from '../../../sdk/src/generated/contract-version.ts';
import { createEdgeFunctions } from '../../local/edge-functions.ts';

// What the running stack does not do on demand: fail, and have a public address. The gateway runs as ever; in the place of the project
// stands a server that answers what a test says.

/** Of the right shape, and worth nothing: nobody behind this gateway looks at it. */
const token = 'aaaa.bbbb.cccc';
const send = { threadId: 'ann_ben', recipientMongoId: 'ben', body: 'what Ann said' };
const secrets = { publishableKey: 'a-publishable-key', secretKey: 'a-secret-key' };

let backend: Server;
let functions: ReturnType<typeof createEdgeFunctions>;
let logged: string[] = [];
let asked: { url: string; headers: Record<string, unknown> }[] = [];
/** What the gateway tells of its calls, afterwards. */
let recorded: { headers: Record<string, unknown>; body: string }[] = [];
let reply: { status: number; body: string } | null;

beforeAll(async () => {
  backend = createServer(async (request, response) => {
    if (request.url === '/rest/v1/rpc/record_calls') {
      recorded.push({ headers: request.headers, body: await text(request) });
      response.writeHead(204).end();
      return;
    }
    asked.push({ url: request.url ?? '', headers: request.headers });
    if (reply === null) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  functions = createEdgeFunctions({
    apiUrl: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    ...secrets,
    functionsSecret: 'a-functions-secret',
    secrets: {
      GUILDHALL_PUBLIC_URL: 'https://project.example',
      GUILDHALL_COOKIE_DOMAIN: 'project.example',
    },
    log: (line) => logged.push(line),
  });
});

afterAll(async () => {
  await functions.close();
  backend.closeAllConnections();
  backend.close();
});

beforeEach(() => {
  logged = [];
  asked = [];
});

async function ask(path: string, body?: object) {
  const response = await functions.handle(
    'gateway',
    new Request(`http://127.0.0.1/functions/v1/gateway${path}`, {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    }),
  );
  return { response, text: await response.text() };
}

const raised = (status: number, details: object) => ({
  status,
  body: JSON.stringify({
    code: `PT${status}`,
    message: 'A sentence for a person.',
    details: JSON.stringify(details),
    hint: null,
  }),
});
const inside = 'at private.send_message (/srv/postgres.c:12) secret_table';

test.each<[string, { status: number; body: string } | null, number, string]>([
  ['that is not there', null, 503, 'unavailable'],
  ['that answers with a page', { status: 502, body: `<h1>${inside}</h1>` }, 503, 'unavailable'],
  [
    'that breaks',
    { status: 500, body: JSON.stringify({ code: 'XX000', message: inside }) },
    500,
    'database_error',
  ],
  [
    'that is too slow',
    { status: 500, body: JSON.stringify({ code: '57014', message: inside }) },
    504,
    'timeout',
  ],
  [
    'without the function',
    { status: 404, body: JSON.stringify({ code: 'PGRST202', message: inside }) },
    503,
    'contract_mismatch',
  ],
  [
    'that quotes a wrong value',
    { status: 400, body: JSON.stringify({ code: '22P02', message: inside }) },
    422,
    'invalid_argument',
  ],
  [
    'that grants nothing',
    { status: 403, body: JSON.stringify({ code: '42501', message: inside }) },
    403,
    'missing_permission',
  ],
  [
    'that knows no such token',
    { status: 401, body: JSON.stringify({ code: 'PGRST301', message: inside }) },
    401,
    'session_required',
  ],
])('a database %s', async (_, answer, status, code) => {
  reply = answer;
  const { response, text } = await ask('/chat/send', send);
  expect([response.status, JSON.parse(text).code]).toEqual([status, code]);
  expect(text).not.toMatch(/private|postgres|secret|\bat /);
  expect(logged.join('\n')).not.toMatch(/private|secret_table/);
});

test('an auth server that fails says nothing about the session', async () => {
  reply = { status: 500, body: JSON.stringify({ code: 500, msg: inside }) };
  const { response, text } = await ask('/auth/token');
  expect([response.status, JSON.parse(text).code]).toEqual([503, 'unavailable']);
  expect(text).not.toMatch(/private|postgres/);
});

test('who is too fast is told when to come back, in whole seconds', async () => {
  reply = raised(429, { code: 'rate_limited', retry_after: 1.2 });
  const { response, text } = await ask('/chat/send', send);
  expect([response.status, JSON.parse(text).code, response.headers.get('retry-after')]).toEqual([
    429,
    'rate_limited',
    '2',
  ]);
});

test('clients get the public address, and renewed cookies that go nowhere without TLS', async () => {
  const renewed = {
    access_token: token,
    refresh_token: 'next',
    token_type: 'bearer',
    expires_in: 9,
  };
  reply = { status: 200, body: JSON.stringify({ ...renewed, user: { id: 'ann' } }) };
  const response = await functions.handle(
    'gateway',
    new Request('http://127.0.0.1/functions/v1/gateway/auth/token?config=1', {
      headers: { cookie: 'guildhall-refresh-token=last' },
    }),
  );
  expect(await response.json()).toEqual({
    access_token: token,
    expires_at: 0,
    url: 'https://project.example',
    anonKey: secrets.publishableKey,
  });
  expect(asked.map(({ url }) => url)).toEqual(['/auth/v1/token?grant_type=refresh_token']);
  const attributes =
    'Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure; Domain=project.example';
  expect(response.headers.getSetCookie()).toEqual([
    `guildhall-access-token=${token}; ${attributes}`,
    `guildhall-refresh-token=next; ${attributes}`,
  ]);
});

test('a send is one call of the database, as the caller and under the request’s id', async () => {
  reply = raised(403, { code: 'not_linked' });
  const { response, text } = await ask('/chat/send', send);
  expect(response.status).toBe(403);
  expect(asked.map(({ url }) => url)).toEqual(['/rest/v1/rpc/insert_chat_message']);
  expect(asked[0]!.headers).toMatchObject({
    apikey: secrets.publishableKey,
    authorization: `Bearer ${token}`,
    'x-request-id': JSON.parse(text).request_id,
  });
});

test('each answer is one line of the log, with nothing of what was said, by whom or to whom', async () => {
  reply = raised(404, { code: 'not_found' });
  const sent = await ask('/chat/send', send);
  const lost = await ask('/nobody/knows/ann');
  const lines = logged.map((line) => JSON.parse(line.replace('[functions/gateway] ', '')));
  expect(lines).toEqual([
    {
      route: 'chat_send',
      status: 404,
      code: 'not_found',
      latency_ms: expect.any(Number),
      request_id: sent.response.headers.get('x-request-id'),
    },
    {
      route: 'other',
      status: 404,
      code: 'not_found',
      latency_ms: expect.any(Number),
      request_id: lost.response.headers.get('x-request-id'),
    },
  ]);
  expect(logged.join('\n')).not.toMatch(/ann|ben|said|aaaa|key/i);
});

test('and each is told to the database as the server’s, after the answer, by the same words', async () => {
  recorded = [];
  reply = raised(404, { code: 'not_found' });
  const { response } = await ask('/chat/send', send);
  const requestId = response.headers.get('x-request-id');
  await expect
    .poll(() => recorded.find(({ body }) => body.includes(requestId ?? 'none')), { timeout: 5_000 })
    .toBeDefined();
  const told = recorded.find(({ body }) => body.includes(requestId ?? 'none'))!;
  expect(told.headers.apikey).toBe(secrets.secretKey);
  expect(JSON.parse(told.body).p_calls).toContainEqual({
    function: 'gateway.chat_send',
    code: 'not_found',
    latency_ms: expect.any(Number),
    contract_version: contractVersion,
    request_id: requestId,
  });
  expect(told.body).not.toMatch(/ann|ben\b|said|aaaa/i);
});
