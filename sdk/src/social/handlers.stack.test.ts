import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { signedToken } from '../testing/access-tokens.ts';
import { newCommunity, newPerson, type Person } from '../testing/stack-people.ts';
import { createSocialHandlers } from './handlers.ts';

let ada: Person;
let eve: Person;
let stranger: Person;
let channelId: string;
let adasToken: string;

const tokenOf = async ({ supabase }: Person) =>
  (await supabase.auth.getSession()).data.session!.access_token;

/** Handlers, and what they send to the stack. */
function handlers(overrides: Partial<Parameters<typeof createSocialHandlers>[0]> = {}) {
  const { apiUrl, publishableKey } = inject('stack');
  const sent: Request[] = [];
  const made = createSocialHandlers({
    supabaseUrl: apiUrl,
    publishableKey,
    fetch: (input, init) => {
      sent.push(new Request(input, init));
      return fetch(input, init);
    },
    ...overrides,
  });
  return { ...made, sent };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const listRequest = (query: Record<string, string>, token: string | null = adasToken) =>
  new Request(`http://example.com/messages?${new URLSearchParams(query)}`, {
    headers: token === null ? {} : bearer(token),
  });
const sendRequest = (body: BodyInit | null | object, token: string | null = adasToken) =>
  new Request('http://example.com/messages', {
    method: 'POST',
    headers: token === null ? {} : bearer(token),
    body:
      body === null ||
      typeof body === 'string' ||
      body instanceof Uint8Array ||
      body instanceof ReadableStream
        ? (body as BodyInit | null)
        : JSON.stringify(body),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  } as RequestInit);

/** What an answer says, after a look at what every answer has. */
async function read(response: Response) {
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const text = await response.text();
  expect(text + JSON.stringify([...response.headers])).not.toContain(adasToken);
  const body = JSON.parse(text);
  if (response.status === 200) expect(Object.keys(body)).toEqual(['data']);
  else {
    expect(body).toEqual({
      error: {
        code: expect.stringMatching(/^[a-z_]+$/),
        message: expect.stringMatching(/./),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  }
  return { status: response.status, body, code: body.error?.code, headers: response.headers };
}

beforeAll(async () => {
  [ada, eve, stranger] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  await newCommunity(stranger);
  const { channel } = await newCommunity(ada, [eve]);
  channelId = channel.id;
  adasToken = await tokenOf(ada);
});

test('what is sent is listed, for the caller whose token it is', async () => {
  const { handleListMessages, handleSendMessage, sent } = handlers();
  const { channel } = await newCommunity(ada, [eve]);
  const one = await read(
    await handleSendMessage(sendRequest({ channelId: channel.id, body: 'one' })),
  );
  const two = await read(
    await handleSendMessage(
      sendRequest({ channelId: channel.id, body: 'two', clientId: null }, await tokenOf(eve)),
    ),
  );
  expect([one.body.data.sender_id, two.body.data.sender_id]).toEqual([ada.id, eve.id]);
  const list = async (query: Record<string, string>) =>
    (await read(await handleListMessages(listRequest({ channelId: channel.id, ...query })))).body
      .data;
  expect(await list({})).toEqual([two.body.data, one.body.data]);
  expect(await list({ limit: '1' })).toEqual([two.body.data]);
  expect(await list({ limit: '-7' })).toEqual([two.body.data]);
  expect(await list({ limit: '1000' })).toHaveLength(2);
  expect(await list({ since: one.body.data.created_at })).toEqual([two.body.data]);
  expect(await list({ since: two.body.data.created_at })).toEqual([]);
  expect(sent.map(({ headers }) => headers.get('authorization'))).toContain(`Bearer ${adasToken}`);
});

test('the same clientId gives the same message back', async () => {
  const { handleSendMessage, handleListMessages } = handlers();
  const { channel } = await newCommunity(ada);
  const payload = { channelId: channel.id, body: 'once', clientId: randomUUID() };
  const first = await read(await handleSendMessage(sendRequest(payload)));
  const second = await read(await handleSendMessage(sendRequest(payload)));
  expect(second.body).toEqual(first.body);
  const { body } = await read(await handleListMessages(listRequest({ channelId: channel.id })));
  expect(body.data).toEqual([first.body.data]);

  await ada.guildhall.messages.delete({ channelId: channel.id, seq: first.body.data.seq });
  expect(await read(await handleSendMessage(sendRequest(payload)))).toMatchObject({
    status: 410,
    code: 'expired',
  });
});

describe('without a valid bearer', () => {
  test.each([
    ['none', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['two of them', { authorization: 'Bearer a.b.c d.e.f' }],
    ['a key', { authorization: 'Bearer sb_publishable_abcdefghijklmnop' }],
  ])('%s is refused before anything is sent or read', async (_, headers) => {
    const { handleListMessages, handleSendMessage, sent } = handlers();
    const url = `http://example.com/messages?channelId=${channelId}`;
    const body = JSON.stringify({ channelId, body: 'x' });
    const post = new Request(url, { method: 'POST', headers, body });
    for (const response of [
      await handleListMessages(new Request(url, { headers })),
      await handleSendMessage(post),
    ]) {
      const refused = await read(response);
      expect(refused).toMatchObject({ status: 401, code: 'session_required' });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(sent).toEqual([]);
    expect(post.bodyUsed).toBe(false);
  });

  test.each([
    ['forged', () => signedToken({ sub: ada.id }, 'another secret that nobody here knows at all')],
    ['expired', () => signedToken({ sub: ada.id, exp: 1_700_000_000 })],
    ['unsigned', () => `${btoa('{"alg":"none"}').replace(/=/g, '')}.${adasToken.split('.')[1]}.x`],
    ['without a user', () => signedToken({})],
    ['anonymous', () => signedToken({ role: 'anon' })],
  ])('a token that is %s is refused by the backend', async (_, make) => {
    const { handleListMessages, handleSendMessage, sent } = handlers();
    const token = make();
    for (const response of [
      await handleListMessages(listRequest({ channelId }, token)),
      await handleSendMessage(sendRequest({ channelId, body: 'x' }, token)),
    ]) {
      const { status, code, body } = await read(response);
      expect({ status, code }).toEqual({ status: 401, code: 'session_required' });
      expect(JSON.stringify(body)).not.toContain(token.split('.')[1]);
    }
    expect(sent).toHaveLength(2);
  });
});

test('an outsider and the owner of another community find no such channel', async () => {
  const { handleListMessages, handleSendMessage } = handlers();
  for (const person of [await newPerson(), stranger]) {
    const token = await tokenOf(person);
    for (const id of [channelId, randomUUID()]) {
      const listed = await read(await handleListMessages(listRequest({ channelId: id }, token)));
      const sent = await read(
        await handleSendMessage(sendRequest({ channelId: id, body: 'x' }, token)),
      );
      expect([listed.status, listed.code]).toEqual([404, 'not_found']);
      expect([sent.status, sent.code]).toEqual([404, 'not_found']);
      expect(listed.body.error.message).toBe('There is no such channel.');
    }
  }
});

test('a member who may not is told 403, and one who may is not', async () => {
  const { handleListMessages, handleSendMessage } = handlers();
  const { channel } = await newCommunity(ada, [eve]);
  const token = await tokenOf(eve);
  const both = async () => [
    await read(await handleListMessages(listRequest({ channelId: channel.id }, token))),
    await read(await handleSendMessage(sendRequest({ channelId: channel.id, body: 'x' }, token))),
  ];
  expect((await both()).map(({ status }) => status)).toEqual([200, 200]);
  await ada.guildhall.communities.setChannelOverwrite({
    channelId: channel.id,
    subjectKind: 'member',
    subjectId: eve.id,
    allow: [],
    deny: ['read_history', 'send_messages'],
  });
  for (const refused of await both()) {
    expect(refused).toMatchObject({ status: 403, code: 'missing_permission' });
  }
});

test('who is too fast is told when to come back, in whole seconds', async () => {
  const { handleSendMessage, sent } = handlers();
  const { channel } = await newCommunity(ada, [eve]);
  await ada.guildhall.communities.updateChannel({ channelId: channel.id, slowModeSeconds: 3 });
  const send = async () =>
    read(
      await handleSendMessage(
        sendRequest(
          { channelId: channel.id, body: 'x', clientId: randomUUID() },
          await tokenOf(eve),
        ),
      ),
    );
  expect((await send()).status).toBe(200);
  const refused = await send();
  expect(refused).toMatchObject({ status: 429, code: 'slow_mode' });
  expect(refused.headers.get('retry-after')).toMatch(/^[123]$/);
  // It was not waited for.
  expect(sent).toHaveLength(2);
});

describe('a bad payload', () => {
  const large = `{"channelId":"x","body":"${'x'.repeat(70_000)}"}`;
  const streamed = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(10_000))),
    });

  test.each<[string, () => BodyInit | null | object, number, string]>([
    ['no body', () => null, 422, 'invalid_argument'],
    ['no JSON', () => 'channelId=x', 422, 'invalid_argument'],
    ['half of it', () => '{"channelId":', 422, 'invalid_argument'],
    ['no UTF-8', () => new Uint8Array([0x22, 0xff, 0x22]), 422, 'invalid_argument'],
    ['null', () => 'null', 422, 'invalid_argument'],
    ['a list', () => [], 422, 'invalid_argument'],
    ['a text', () => '"text"', 422, 'invalid_argument'],
    ['deep JSON', () => '['.repeat(60_000), 422, 'invalid_argument'],
    [
      'deep JSON as a body',
      () => `{"channelId":"${channelId}","body":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      422,
      'invalid_argument',
    ],
    ['no channel', () => ({ body: 'x' }), 422, 'invalid_argument'],
    ['a channel that is no uuid', () => ({ channelId: 'x', body: 'x' }), 422, 'invalid_argument'],
    ['no text', () => ({ channelId }), 422, 'invalid_argument'],
    ['a number as text', () => ({ channelId, body: 1 }), 422, 'invalid_argument'],
    ['an empty text', () => ({ channelId, body: ' \n' }), 422, 'invalid_argument'],
    ['a text of 4,001', () => ({ channelId, body: 'x'.repeat(4_001) }), 422, 'body_too_long'],
    ['a zero byte', () => ({ channelId, body: 'a\u0000b' }), 422, 'invalid_argument'],
    [
      'a lone surrogate',
      () => `{"channelId":"${channelId}","body":"\\ud800"}`,
      422,
      'invalid_argument',
    ],
    ['an empty clientId', () => ({ channelId, body: 'x', clientId: '' }), 422, 'invalid_argument'],
    ['a field nobody knows', () => ({ channelId, body: 'x', replyTo: 1 }), 422, 'invalid_argument'],
    [
      'a prototype',
      () => `{"channelId":"${channelId}","body":"x","__proto__":{"limit":1}}`,
      422,
      'invalid_argument',
    ],
    ['too much', () => large, 413, 'payload_too_large'],
    ['too much, in pieces without end', streamed, 413, 'payload_too_large'],
  ])('%s is refused', async (_, body, status, code) => {
    const { handleSendMessage } = handlers();
    const refused = await read(await handleSendMessage(sendRequest(body())));
    expect([refused.status, refused.code]).toEqual([status, code]);
  });

  test('the longest message there is is none, however it is spelt', async () => {
    const { handleSendMessage } = handlers();
    const escaped = `{"channelId":"${channelId}","body":"${'\\ud83d\\ude80'.repeat(4_000)}"}`;
    const { status, body } = await read(await handleSendMessage(sendRequest(escaped)));
    expect([status, body.data.body]).toEqual([200, '🚀'.repeat(4_000)]);
  });

  test.each<[string, () => Record<string, string>]>([
    ['no channel', () => ({})],
    ['a channel that is no uuid', () => ({ channelId: "' or true --" })],
    ['an empty limit', () => ({ channelId, limit: '' })],
    ['a limit that is no number', () => ({ channelId, limit: '5x' })],
    ['half a limit', () => ({ channelId, limit: '1.5' })],
    ['a limit beyond all', () => ({ channelId, limit: '99999999999999999999' })],
    ['no time', () => ({ channelId, since: 'yesterday' })],
    ['a time without a zone', () => ({ channelId, since: '2026-01-01T00:00:00' })],
    ['an empty time', () => ({ channelId, since: '' })],
  ])('a list with %s is refused without asking', async (_, query) => {
    const { handleListMessages, sent } = handlers();
    const refused = await read(await handleListMessages(listRequest(query())));
    expect(refused).toMatchObject({ status: 422, code: 'invalid_argument' });
    expect(sent).toEqual([]);
  });
});

test('other methods are not answered, signed in or not', async () => {
  const { handleListMessages, handleSendMessage, sent } = handlers();
  const url = `http://example.com/messages?channelId=${channelId}`;
  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
    const response = await handleListMessages(new Request(url, { method }));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  }
  for (const method of ['GET', 'PATCH']) {
    const refused = await read(
      await handleSendMessage(new Request(url, { method, headers: bearer(adasToken) })),
    );
    expect([refused.status, refused.code]).toEqual([405, 'method_not_allowed']);
    expect(refused.headers.get('allow')).toBe('POST');
  }
  expect(sent).toEqual([]);
});

describe('a backend that fails', () => {
  test.each<[string, () => Promise<Response>, number, string]>([
    [
      'is not there',
      () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7')),
      502,
      'network_error',
    ],
    [
      'says something else',
      async () => new Response('<html>10.0.0.7</html>', { status: 200 }),
      502,
      'unexpected_answer',
    ],
    ['is overloaded', async () => new Response('10.0.0.7', { status: 503 }), 503, 'unavailable'],
    [
      'lacks the function',
      async () => Response.json({ code: 'PGRST202', message: '10.0.0.7' }, { status: 404 }),
      503,
      'contract_mismatch',
    ],
    [
      'has a fault',
      async () => Response.json({ code: 'XX000', message: '10.0.0.7' }, { status: 500 }),
      500,
      'database_error',
    ],
  ])('that %s is a 5xx that shows nothing of it', async (_, answer, status, code) => {
    const { handleSendMessage } = handlers({ fetch: answer, maxAttempts: 1 });
    const refused = await read(await handleSendMessage(sendRequest({ channelId, body: 'x' })));
    expect([refused.status, refused.code]).toEqual([status, code]);
    expect(JSON.stringify(refused.body)).not.toContain('10.0.0.7');
  });
});

test('they are mounted in a Node server', async () => {
  const { handleListMessages, handleSendMessage } = handlers();
  const server = createServer(
    getRequestListener((request) =>
      request.method === 'POST' ? handleSendMessage(request) : handleListMessages(request),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`;
  const { channel } = await newCommunity(ada);
  const headers = bearer(adasToken);
  try {
    const body = JSON.stringify({ channelId: channel.id, body: 'over HTTP' });
    const sent = await read(await fetch(url, { method: 'POST', headers, body }));
    const listed = await read(await fetch(`${url}?channelId=${channel.id}`, { headers }));
    expect(listed.body.data).toEqual([sent.body.data]);
    expect((await read(await fetch(`${url}?channelId=${channel.id}`))).status).toBe(401);
    expect((await read(await fetch(url, { method: 'PUT', headers }))).status).toBe(405);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
