import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Mutex } from '../../database/mutex.ts';
import { type IceFunction, startIceFunction } from './ice-function.ts';
import {
  type Behaviour,
  cloudflareAnswer,
  type ProviderServer,
  plain,
  startProviderServer,
} from './provider-server.ts';

// What the running stack does not do on demand. The function runs as ever; in the place of the project stands a server that answers
// what a test says.

const secret = () => randomBytes(24).toString('hex');
/** Of the right shape, and worth nothing: nobody behind this function looks at it. */
const token = 'aaaa.bbbb.cccc';
const userId = randomUUID();
const ids = { communityId: randomUUID(), channelId: randomUUID() };
const granted = { status: 200, body: { user_id: userId, channel_id: ids.channelId } };

let project: Server;
let keys: {
  apiUrl: string;
  publishableKey: string;
  secretKey: string;
  functionsSecret: string;
};
let asked: { url: string; headers: Record<string, unknown>; body: unknown }[] = [];
const recorded: {
  function: string;
  code: string | null;
  request_id: string;
  latency_ms: number;
}[] = [];
let recordedBy: unknown;
type Reply = { status: number; body: unknown } | null;
/** What authorize_voice answers; null: the connection breaks. */
let reply: Reply;
/** What it answers to requests of these ids instead. */
const replies = new Map<string, Reply>();

beforeAll(async () => {
  project = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || 'null');
    if (request.url === '/rest/v1/rpc/record_calls') {
      recordedBy = request.headers.apikey;
      recorded.push(...body.p_calls);
      response.writeHead(204).end();
      return;
    }
    asked.push({ url: request.url ?? '', headers: request.headers, body });
    const own = replies.get(String(request.headers['x-request-id']));
    const answer = own === undefined ? reply : own;
    if (answer === null) request.socket.destroy();
    else plain(answer.status, answer.body)(response, request);
  });
  await new Promise<void>((resolve) => project.listen(0, '127.0.0.1', resolve));
  keys = {
    apiUrl: `http://127.0.0.1:${(project.address() as AddressInfo).port}`,
    publishableKey: `sb_publishable_${secret()}`,
    secretKey: `sb_secret_${secret()}`,
    functionsSecret: secret(),
  };
});

afterAll(async () => {
  project.closeAllConnections();
  await new Promise((resolve) => project.close(resolve));
});

beforeEach(() => {
  asked = [];
  reply = granted;
});

/** The records of a request, which are told about a second after its answer. */
async function recordsOf(requestId: string, count: number) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const ours = recorded.filter((call) => call.request_id === requestId);
    if (ours.length >= count) {
      return ours.map(({ function: name, code }) => [name, code]).sort();
    }
    await delay(50);
  }
  throw new Error(`${requestId} was not recorded ${count} times`);
}

const raised = (status: number, details: object) => ({
  status,
  body: {
    code: `PT${status}`,
    message: 'A sentence for a person.',
    details: JSON.stringify(details),
    hint: null,
  },
});
const inside = 'at private.authorize_voice (/srv/postgres.c:12) turn:evil iceServers';

describe('with coturn set up', () => {
  let ice: IceFunction;
  beforeAll(() => {
    ice = startIceFunction(keys, {
      GUILDHALL_ICE_PROVIDER: 'coturn',
      GUILDHALL_STUN_URLS: 'stun:stun.example.org',
      GUILDHALL_TURN_URLS: 'turn:turn.example.org:3478',
      GUILDHALL_TURN_SECRET: secret(),
    });
  });
  afterAll(() => ice.close());

  test('one call to the database, with the caller’s token and no key but the public one', async () => {
    const requestId = randomUUID();
    const { status, json, headers } = await ice.ask({
      token,
      headers: { 'x-request-id': requestId },
      body: ids,
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      iceServers: [
        { urls: ['stun:stun.example.org'] },
        {
          urls: ['turn:turn.example.org:3478'],
          username: expect.stringMatching(new RegExp(`^\\d{10}:${userId}$`)),
          credential: expect.stringMatching(/^[\w+/]{27}=$/),
        },
      ],
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      provider: 'coturn',
      degraded: false,
    });
    expect(headers.get('x-request-id')).toBe(requestId);
    expect(asked).toEqual([
      {
        url: '/rest/v1/rpc/authorize_voice',
        headers: expect.objectContaining({
          authorization: `Bearer ${token}`,
          apikey: keys.publishableKey,
          'x-request-id': requestId,
        }),
        body: { p_community_id: ids.communityId, p_channel_id: ids.channelId },
      },
    ]);
    expect(await recordsOf(requestId, 2)).toEqual([
      ['voice_ice.issue', null],
      ['voice_ice.provider', null],
    ]);
    expect(recordedBy).toBe(keys.secretKey);
  });

  test.each<[string, Record<string, string>]>([
    ['no bearer', {}],
    ['an empty one', { authorization: '' }],
    ['a bearer without a token', { authorization: 'Bearer ' }],
    ['a password', { authorization: 'Basic YTpi' }],
    ['a word', { authorization: 'Bearer word' }],
    ['four parts', { authorization: 'Bearer a.b.c.d' }],
    ['the project’s publishable key', { authorization: 'Bearer sb_publishable_abc' }],
    ['a token of 9,000 characters', { authorization: `Bearer a.b.${'c'.repeat(9_000)}` }],
    ['a cookie', { cookie: `guildhall-access-token=${token}` }],
  ])('%s: 401, and nobody asks the database', async (_, headers) => {
    const { status, json, headers: got } = await ice.ask({ headers, body: ids });
    expect([status, json]).toMatchObject([401, { code: 'session_required' }]);
    expect(got.get('www-authenticate')).toBe('Bearer');
    expect(asked).toEqual([]);
  });

  test.each<[string, unknown, number, string]>([
    ['nothing', undefined, 422, 'invalid_argument'],
    ['no JSON', '{', 422, 'invalid_argument'],
    ['a list', [ids], 422, 'invalid_argument'],
    ['one id', { channelId: ids.channelId }, 422, 'invalid_argument'],
    ['null', { ...ids, channelId: null }, 422, 'invalid_argument'],
    ['a number', { ...ids, channelId: 1 }, 422, 'invalid_argument'],
    ['what is no uuid', { ...ids, channelId: 'general' }, 422, 'invalid_argument'],
    ['a uuid and more', { ...ids, channelId: `${ids.channelId}'--` }, 422, 'invalid_argument'],
    ['a field nobody knows', { ...ids, ttl: 86_400 }, 422, 'invalid_argument'],
    ['too much', { ...ids, more: 'x'.repeat(70_000) }, 413, 'payload_too_large'],
  ])('a body that is %s is refused before the database', async (_, body, status, code) => {
    const answer = await ice.ask({ token, body });
    expect([answer.status, answer.json]).toMatchObject([status, { code }]);
    expect(asked).toEqual([]);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is not answered', async (method) => {
    const { status, json, headers } = await ice.ask({ token, method });
    expect([status, json]).toMatchObject([405, { code: 'method_not_allowed' }]);
    expect(headers.get('allow')).toBe('POST');
    expect(asked).toEqual([]);
  });

  test('any page may ask, with a bearer and without cookies', async () => {
    const { status, text: body, headers } = await ice.ask({ method: 'OPTIONS' });
    expect([status, body]).toEqual([204, '']);
    expect(headers.get('access-control-allow-methods')).toBe('POST');
    expect(headers.get('access-control-allow-headers')).toMatch(/\bauthorization\b/);
  });

  test.concurrent.each<[string, Reply, number, string]>([
    ['an ended token', { status: 401, body: { code: 'PGRST303' } }, 401, 'session_required'],
    ['a forged token', { status: 401, body: { code: 'PGRST301' } }, 401, 'session_required'],
    ['a stranger', raised(404, { code: 'not_found' }), 404, 'not_found'],
    ['no connect', raised(403, { code: 'missing_permission' }), 403, 'missing_permission'],
    ['timed out', raised(403, { code: 'timed_out' }), 403, 'timed_out'],
    ['a full room', raised(409, { code: 'limit_reached' }), 409, 'limit_reached'],
    ['a text channel', raised(422, { code: 'invalid_argument' }), 422, 'invalid_argument'],
    ['a flood', raised(429, { code: 'rate_limited', retry_after: 2.4 }), 429, 'rate_limited'],
    ['no such function', { status: 404, body: { code: 'PGRST202' } }, 503, 'contract_mismatch'],
    ['a breakdown', { status: 500, body: { code: 'XX000', message: inside } }, 500, ''],
    ['a page', { status: 502, body: `<h1>${inside}</h1>` }, 503, 'unavailable'],
    ['nobody there', null, 503, 'unavailable'],
    ['an answer without a user', { status: 200, body: {} }, 503, 'contract_mismatch'],
    ['null', { status: 200, body: null }, 503, 'contract_mismatch'],
    ['a user who is none', { status: 200, body: { user_id: '1:evil' } }, 503, 'contract_mismatch'],
  ])('the database answers with %s: %#', async (_, answer, status, code) => {
    const requestId = randomUUID();
    replies.set(requestId, answer);
    const refused = await ice.ask({ token, headers: { 'x-request-id': requestId }, body: ids });
    expect(refused.status).toBe(status);
    expect(refused.json).toMatchObject({ code: code || 'database_error' });
    if (status === 429) {
      expect(refused.headers.get('retry-after')).toBe('3');
      expect(refused.json).toMatchObject({ retry_after: 3 });
    }
    // The provider was not asked for whoever is refused.
    expect(await recordsOf(requestId, 1)).toEqual([['voice_ice.issue', code || 'database_error']]);
  });
});

describe('with a provider that fails', () => {
  let provider: ProviderServer;
  let ice: IceFunction;
  beforeAll(async () => {
    provider = await startProviderServer(cloudflareAnswer, 201);
    ice = startIceFunction(keys, {
      GUILDHALL_ICE_PROVIDER: 'cloudflare',
      GUILDHALL_STUN_URLS: 'stun:stun.example.org',
      GUILDHALL_CLOUDFLARE_URL: provider.url,
      GUILDHALL_CLOUDFLARE_TURN_KEY_ID: secret(),
      GUILDHALL_CLOUDFLARE_TURN_API_TOKEN: secret(),
    });
  });
  afterAll(async () => {
    await ice.close();
    await provider.close();
  });

  const turns = new Mutex();
  /** Asks while the provider behaves like this, which it does for one at a time. */
  const askWhile = (behaviour: Behaviour) =>
    turns.run(async () => {
      provider.answerWith(behaviour);
      const asked = await askOnce();
      provider.answerWith(null);
      return asked;
    });

  async function askOnce() {
    const requestId = randomUUID();
    const startedAt = Date.now();
    const answer = await ice.ask({ token, headers: { 'x-request-id': requestId }, body: ids });
    return { requestId, ...answer, tookMs: Date.now() - startedAt };
  }

  test('its servers, while it does not', async () => {
    const { status, json } = await askOnce();
    expect([status, json]).toMatchObject([200, { provider: 'cloudflare', degraded: false }]);
  });

  test.concurrent.each<[string, Behaviour, string, number]>([
    ['refuses', plain(401, { errors: ['evil words'] }), 'provider_unavailable', 0],
    ['breaks', plain(500, 'evil words'), 'provider_unavailable', 0],
    ['babbles', plain(201, '<h1>evil words</h1>'), 'provider_unavailable', 0],
    ['sends elsewhere', plain(307, ''), 'provider_unavailable', 0],
    ['floods', plain(201, 'evil words'.repeat(100_000)), 'provider_unavailable', 0],
    ['is silent', () => {}, 'timeout', 2_900],
    [
      'drips',
      (response) => {
        response.writeHead(201);
        const drip = setInterval(() => response.write(' '), 100);
        response.once('close', () => clearInterval(drip));
      },
      'timeout',
      2_900,
    ],
  ])('that %s: STUN, degraded, and a record of it', async (_, behaviour, code, atLeastMs) => {
    const { requestId, status, json, tookMs, text: body } = await askWhile(behaviour);
    expect([status, json]).toEqual([
      200,
      {
        iceServers: [{ urls: ['stun:stun.example.org'] }],
        expiresAt: expect.any(String),
        provider: 'stun',
        degraded: true,
      },
    ]);
    expect(tookMs).toBeGreaterThanOrEqual(atLeastMs);
    expect(tookMs).toBeLessThan(4_500);
    expect(body).not.toContain('evil');
    expect(await recordsOf(requestId, 2)).toEqual([
      ['voice_ice.issue', null],
      ['voice_ice.provider', code],
    ]);
    const line = ice.printed.find((line) => line.includes(requestId) && line.includes('reason'));
    expect(line).toContain(`"code":"${code}"`);
    expect(ice.printed.join()).not.toContain('evil');
  });

  test('the provider is asked for nobody whom the database refuses', async () => {
    reply = raised(403, { code: 'timed_out' });
    const before = provider.requests.length;
    expect((await askOnce()).status).toBe(403);
    expect(provider.requests.length).toBe(before);
  });
});

test('a provider that is not set up is said in the log, by its variable’s name', async () => {
  const ice = startIceFunction(keys, {
    GUILDHALL_ICE_PROVIDER: 'coturn',
    GUILDHALL_STUN_URLS: 'stun:stun.example.org,evil',
    GUILDHALL_TURN_URLS: 'turn:turn.example.org',
    GUILDHALL_ICE_TTL_SECONDS: '86400',
  });
  const { status, json } = await ice.ask({ token, body: ids });
  expect([status, json]).toMatchObject([200, { provider: 'stun', degraded: true }]);
  const printed = ice.printed.join('\n');
  expect(printed).toContain('GUILDHALL_TURN_SECRET is not set');
  expect(printed).toContain('GUILDHALL_STUN_URLS has parts that are no stun: URL');
  expect(printed).toContain('GUILDHALL_ICE_TTL_SECONDS is not from 60 to 600');
  expect(printed).not.toMatch(/evil|86400/);
  await ice.close();
});
