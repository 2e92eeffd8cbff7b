import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { signedToken } from '../../../sdk/src/testing/access-tokens.ts';
import {
  type ChatPerson,
  newChatPeople,
  newChatPerson,
  threadIdOf,
} from '../../../sdk/src/testing/chat-people.ts';

let ann: ChatPerson;
let ben: ChatPerson;
let eve: ChatPerson;
let threadId: string;

interface Ask {
  method?: string;
  token?: string | null;
  cookies?: Record<string, string>;
  origin?: string;
  body?: BodyInit | object;
  headers?: Record<string, string>;
}

/** What an answer says, after a look at what every answer has. */
async function ask(path: string, options: Ask = {}) {
  const { functionsUrl } = inject('stack');
  const { token = ann.token, cookies, origin, body } = options;
  const response = await fetch(`${functionsUrl}/gateway${path}`, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(cookies === undefined && token !== null ? { authorization: `Bearer ${token}` } : {}),
      ...(cookies === undefined ? {} : { cookie: cookieHeader(cookies) }),
      ...(origin === undefined ? {} : { origin }),
      ...options.headers,
    },
    ...(body === undefined
      ? {}
      : { body: isBody(body) ? (body as BodyInit) : JSON.stringify(body), duplex: 'half' }),
  } as RequestInit);
  const text = await response.text();
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('vary')).toBe('origin');
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('access-control-allow-origin')).not.toBe('*');
  const { secretKey, jwtSecret } = inject('stack');
  for (const secret of [secretKey, jwtSecret]) expect(text).not.toContain(secret);
  const json = JSON.parse(text);
  if (response.status !== 200) {
    expect(json).toEqual({
      error: expect.stringMatching(/^\w.*\.$/s),
      code: expect.stringMatching(/^[a-z_]+$/),
      request_id: response.headers.get('x-request-id'),
    });
    // A sentence, and nothing of the inside.
    expect(text).not.toMatch(/\bat .*:\d+|\.ts\b|postgres|PGRST|private\.|_mongo_id/i);
  }
  return { status: response.status, json, code: json.code, headers: response.headers };
}

const isBody = (body: unknown) =>
  typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream;
const cookieHeader = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
const outcome = async (path: string, options?: Ask) => {
  const { status, code } = await ask(path, options);
  return [status, code];
};

const send = (fields: object, options: Ask = {}) =>
  ask('/chat/send', {
    ...options,
    body: { threadId, recipientMongoId: ben.mongoId, body: 'hello', ...fields },
  });
const historyOf = async (query: Record<string, string> = {}, token = ann.token) => {
  const { status, json } = await ask(
    `/chat/history?${new URLSearchParams({ threadId, ...query })}`,
    { token },
  );
  expect(status).toBe(200);
  return json.messages as { body: string; seq: number; createdAt: string; id: string }[];
};

beforeAll(async () => {
  [ann, ben, eve] = (await newChatPeople(3)) as [ChatPerson, ChatPerson, ChatPerson];
  const ensured = await ask('/chat/threads/ensure', { body: { otherUserMongoId: ben.mongoId } });
  threadId = ensured.json.threadId;
}, 60_000);

/** Another pair with a thread of their own, for tests that count. */
async function freshThread() {
  const [one, other] = (await newChatPeople(2)) as [ChatPerson, ChatPerson];
  return { one, other, threadId: threadIdOf(one, other) };
}

describe('a thread', () => {
  test('is the same for both, however often it is asked for', async () => {
    const [mine, again, theirs] = await Promise.all([
      ask('/chat/threads/ensure', { body: { otherUserMongoId: ben.mongoId } }),
      ask('/chat/threads/ensure', { body: { otherUserMongoId: ben.mongoId } }),
      ask('/chat/threads/ensure', { body: { otherUserMongoId: ann.mongoId }, token: ben.token }),
    ]);
    expect(mine.json).toEqual({
      threadId: threadIdOf(ann, ben),
      otherUserMongoId: ben.mongoId,
      otherUserId: ben.id,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*(Z|\+00:00)$/),
    });
    expect(again.json).toEqual(mine.json);
    expect(theirs.json).toEqual({
      ...mine.json,
      otherUserMongoId: ann.mongoId,
      otherUserId: ann.id,
    });
  });

  test('is none with oneself, with nobody, or for who has no external id', async () => {
    const stranger = await newChatPerson();
    const ensure = (otherUserMongoId: unknown, token = ann.token) =>
      outcome('/chat/threads/ensure', { body: { otherUserMongoId }, token });
    expect(await ensure(ann.mongoId)).toEqual([422, 'invalid_argument']);
    expect(await ensure('nobody')).toEqual([404, 'not_found']);
    expect(await ensure(stranger.mongoId)).toEqual([404, 'not_found']);
    expect(await ensure(null)).toEqual([422, 'invalid_argument']);
    expect(await ensure(7)).toEqual([422, 'invalid_argument']);
  });
});

describe('messages', () => {
  test('what is sent is in the history of both, once', async () => {
    const { one, other, threadId } = await freshThread();
    const clientId = randomUUID();
    const fields = { threadId, recipientMongoId: other.mongoId, body: ' hello ', clientId };
    // The thread needs not be there before.
    const first = await send(fields, { token: one.token });
    expect(first.status).toBe(200);
    expect(first.json).toEqual({
      id: expect.stringMatching(/./),
      threadId,
      senderId: one.mongoId,
      recipientId: other.mongoId,
      body: 'hello',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*(Z|\+00:00)$/),
      editedAt: null,
      seq: 1,
      clientId,
    });
    expect((await send(fields, { token: one.token })).json).toEqual(first.json);
    const answer = { threadId, recipientMongoId: one.mongoId, body: 'hello yourself' };
    const second = await send(answer, { token: other.token });
    expect(second.json).toMatchObject({ senderId: other.mongoId, seq: 2, clientId: null });
    for (const { token } of [one, other]) {
      const page = await ask(`/chat/history?threadId=${threadId}`, { token });
      expect(page.json).toEqual({ messages: [first.json, second.json] });
    }
  });

  test('the history comes in pages, by number and by time', async () => {
    const { one, other, threadId } = await freshThread();
    for (const body of ['1', '2', '3', '4', '5']) {
      await send({ threadId, recipientMongoId: other.mongoId, body }, { token: one.token });
    }
    const page = async (query: Record<string, string>) =>
      (await historyOf({ threadId, ...query }, other.token)).map(({ body }) => body).join('');
    expect(await page({})).toBe('12345');
    expect(await page({ limit: '2' })).toBe('45');
    expect(await page({ limit: '0' })).toBe('5');
    expect(await page({ limit: '100000' })).toBe('12345');
    expect(await page({ beforeSeq: '4', limit: '2' })).toBe('23');
    expect(await page({ afterSeq: '2', limit: '2' })).toBe('34');
    expect(await page({ afterSeq: '5' })).toBe('');
    const [, , third] = await historyOf({ threadId }, one.token);
    expect(await page({ before: third!.createdAt })).toBe('12');
  });

  test.each([
    'limit=x',
    'limit=-1',
    'limit=1.5',
    'beforeSeq=x',
    'afterSeq=9999999999999999',
    'before=yesterday',
    'before=infinity',
    'before=2026-13-41T00:00:00Z',
    'before=2026-01-01T00:00:00',
    'beforeSeq=3&afterSeq=1',
  ])('a history of %s is refused', async (query) => {
    expect(await outcome(`/chat/history?threadId=${threadId}&${query}`)).toEqual([
      422,
      'invalid_argument',
    ]);
  });
});

describe('what is forged is refused, and nothing is written', () => {
  /** Each as fields of a send by Ann, or by whom else it says. */
  const forged: [string, () => object, () => Ask, [number, string][]][] = [
    [
      'the thread of two others',
      () => ({ threadId: threadIdOf(ben, eve) }),
      () => ({}),
      [[403, 'missing_permission']],
    ],
    ['a thread of nobody', () => ({ threadId: 'a_b' }), () => ({}), [[404, 'not_found']]],
    ['no thread at all', () => ({ threadId: '' }), () => ({}), [[404, 'not_found']]],
    [
      'another recipient',
      () => ({ recipientMongoId: eve.mongoId }),
      () => ({}),
      [[404, 'not_found']],
    ],
    [
      'a recipient of nobody',
      () => ({ recipientMongoId: 'nobody', threadId: `${ann.mongoId}_nobody` }),
      () => ({}),
      [[404, 'not_found']],
    ],
    [
      'oneself as the recipient',
      () => ({ recipientMongoId: ann.mongoId }),
      () => ({}),
      [[403, 'missing_permission']],
    ],
    [
      'a thread the wrong way round',
      () => ({ threadId: threadId.split('_').reverse().join('_') }),
      () => ({}),
      [[404, 'not_found']],
    ],
    [
      'somebody else as the sender',
      () => ({}),
      () => ({ token: eve.token }),
      [[403, 'missing_permission']],
    ],
    [
      'a sender of one’s own choice',
      () => ({ senderMongoId: ben.mongoId }),
      () => ({}),
      [[422, 'invalid_argument']],
    ],
    [
      'an injected id',
      () => ({ threadId: `${ann.mongoId}_' or true --`, recipientMongoId: "' or true --" }),
      () => ({}),
      [
        [404, 'not_found'],
        [422, 'invalid_argument'],
      ],
    ],
  ];
  test.each(forged)('%s', async (_, fields, options, wanted) => {
    const before = await historyOf();
    const { status, code } = await send({ body: 'forged', ...fields() }, options());
    expect(wanted).toContainEqual([status, code]);
    expect(await historyOf()).toEqual(before);
    expect(JSON.stringify(await ben.guildhall.direct.list())).not.toContain('forged');
    const sentByBen = await ask(`/chat/history?threadId=${threadIdOf(ben, eve)}`, {
      token: ben.token,
    });
    expect(JSON.stringify(sentByBen.json)).not.toContain('forged');
  });

  test('nobody reads a thread of two others, nor learns that it is there', async () => {
    const theirs = await ask(`/chat/history?threadId=${threadId}`, { token: eve.token });
    const nobodys = await ask(`/chat/history?threadId=${'0'.repeat(24)}_${'1'.repeat(24)}`, {
      token: eve.token,
    });
    expect([theirs.status, theirs.code, theirs.json.error]).toEqual([
      404,
      'not_found',
      nobodys.json.error,
    ]);
    expect(nobodys.status).toBe(404);
  });
});

describe('without a session', () => {
  const routes: [string, object | undefined][] = [
    ['/auth/token', undefined],
    ['/chat/threads/ensure', { otherUserMongoId: 'x' }],
    ['/chat/send', { threadId: 'a_b', recipientMongoId: 'b', body: 'x' }],
    ['/chat/history?threadId=a_b', undefined],
  ];
  const tokens: [string, () => string | null][] = [
    ['none', () => null],
    ['a key', () => inject('stack').publishableKey],
    ['the secret key', () => inject('stack').secretKey],
    ['text', () => 'Bearer'],
    ['a forged token', () => signedToken({ sub: ann.id }, 'another secret that nobody here knows')],
    ['an expired token', () => signedToken({ sub: ann.id, exp: 1_700_000_000 })],
    ['a token without a user', () => signedToken({})],
    ['an anonymous token', () => signedToken({ role: 'anon' })],
  ];
  test.each(tokens)('%s gets 401 and its code on every route', async (_, token) => {
    for (const [path, body] of routes) {
      const answer = await ask(path, { token: token(), ...(body === undefined ? {} : { body }) });
      expect([path, answer.status, answer.code]).toEqual([path, 401, 'session_required']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('who has signed out gets no token any more', async () => {
    const person = await newChatPerson();
    expect((await ask('/auth/token', { token: person.token })).status).toBe(200);
    await person.supabase.auth.signOut();
    expect(await outcome('/auth/token', { token: person.token })).toEqual([
      401,
      'session_required',
    ]);
  });
});

describe('the token', () => {
  test('is the bearer, verified, with its end; with the flag also the settings', async () => {
    const { apiUrl, publishableKey } = inject('stack');
    const { exp } = JSON.parse(atob(ann.token.split('.')[1]!));
    const held = { access_token: ann.token, expires_at: exp };
    expect((await ask('/auth/token')).json).toEqual(held);
    const settings = { url: apiUrl, anonKey: publishableKey };
    expect((await ask('/auth/token?config=1')).json).toEqual({ ...held, ...settings });
    expect((await ask('/config/supabase', { token: null })).json).toEqual(settings);
  });

  test('of cookies is given as it is while it lasts, and renewed with both cookies when it has ended', async () => {
    const person = await newChatPerson();
    const lasting = await ask('/auth/token', {
      cookies: {
        'guildhall-access-token': person.token,
        'guildhall-refresh-token': person.refreshToken,
      },
    });
    expect(lasting.json.access_token).toBe(person.token);
    expect(lasting.headers.getSetCookie()).toEqual([]);

    const expired = signedToken({ sub: person.id, exp: 1_700_000_000 });
    const renewed = await ask('/auth/token', {
      cookies: {
        'guildhall-access-token': expired,
        'guildhall-refresh-token': person.refreshToken,
      },
    });
    expect(renewed.status).toBe(200);
    expect(renewed.json.expires_at).toBeGreaterThan(Date.now() / 1000);
    const cookies = renewed.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual([
      'guildhall-access-token',
      'guildhall-refresh-token',
    ]);
    for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect(cookies[0]).toContain(renewed.json.access_token);
    expect(
      await outcome(`/chat/history?threadId=${threadIdOf(person, ann)}`, {
        token: renewed.json.access_token,
      }),
    ).toEqual([404, 'not_found']);
  });

  test('of cookies that are worth nothing is none', async () => {
    expect(
      await outcome('/auth/token', { cookies: { 'guildhall-refresh-token': 'not-a-token' } }),
    ).toEqual([401, 'session_required']);
    expect(
      await outcome('/auth/token', {
        cookies: { 'guildhall-access-token': signedToken({ sub: ann.id, exp: 1_700_000_000 }) },
      }),
    ).toEqual([401, 'session_required']);
  });
});

describe('origins', () => {
  const cookies = () => ({ 'guildhall-access-token': ann.token });

  test('a page on the list reads the answers, with its cookies', async () => {
    const origin = inject('stack').allowedOrigin;
    for (const answer of [
      await ask('/auth/token', { origin, cookies: cookies() }),
      await send({}, { origin, cookies: cookies() }),
      await ask('/auth/token', { origin, token: null }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    }
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1', 'https://127.0.0.1.evil.example'])(
    'a page of %s gets nothing, with a bearer or with cookies, and writes nothing',
    async (origin) => {
      const before = await historyOf();
      for (const answer of [
        await ask('/auth/token', { origin }),
        await ask('/auth/token', { origin, cookies: cookies() }),
        await ask('/config/supabase', { origin }),
        await send({ body: 'foreign' }, { origin }),
        await send({ body: 'foreign' }, { origin, cookies: cookies() }),
      ]) {
        expect([answer.status, answer.code]).toEqual([403, 'origin_not_allowed']);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      }
      expect(await historyOf()).toEqual(before);
    },
  );

  test('a write with cookies must say which page it is of', async () => {
    const before = await historyOf();
    const refused = await send({ body: 'unasked' }, { cookies: cookies() });
    expect([refused.status, refused.code]).toEqual([403, 'origin_not_allowed']);
    expect(await historyOf()).toEqual(before);
    expect(await outcome('/auth/token', { cookies: cookies() })).toEqual([200, undefined]);
  });

  test('a preflight is answered for pages on the list, and for no others', async () => {
    const { functionsUrl, allowedOrigin } = inject('stack');
    const preflight = (origin: string) =>
      fetch(`${functionsUrl}/gateway/chat/send`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const allowed = await preflight(allowedOrigin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(allowedOrigin);
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(
      /authorization, content-type/,
    );
    const refused = await preflight('https://evil.example');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(refused.status).toBe(403);
  });
});

describe('a bad request', () => {
  const endless = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(10_000))),
    });

  test.each<[string, () => BodyInit | object, number, string]>([
    ['no JSON', () => 'threadId=x', 422, 'invalid_argument'],
    ['half of it', () => '{"threadId":', 422, 'invalid_argument'],
    ['no UTF-8', () => new Uint8Array([0x22, 0xff, 0x22]), 422, 'invalid_argument'],
    ['null', () => 'null', 422, 'invalid_argument'],
    ['a list', () => '[]', 422, 'invalid_argument'],
    ['deep JSON', () => '['.repeat(60_000), 422, 'invalid_argument'],
    ['no text', () => ({ threadId, recipientMongoId: ben.mongoId }), 422, 'invalid_argument'],
    ['a number as text', () => ({ ...fields(), body: 1 }), 422, 'invalid_argument'],
    ['an object as text', () => ({ ...fields(), body: {} }), 422, 'invalid_argument'],
    ['an empty text', () => ({ ...fields(), body: ' \n' }), 422, 'invalid_argument'],
    ['a text of 4,001', () => ({ ...fields(), body: 'x'.repeat(4_001) }), 422, 'body_too_long'],
    ['a zero byte', () => ({ ...fields(), body: 'a\u0000b' }), 422, 'invalid_argument'],
    ['half a character', () => ({ ...fields(), body: '\ud800' }), 422, 'invalid_argument'],
    ['an empty clientId', () => ({ ...fields(), clientId: '' }), 422, 'invalid_argument'],
    ['a long clientId', () => ({ ...fields(), clientId: 'x'.repeat(65) }), 422, 'invalid_argument'],
    ['a field nobody knows', () => ({ ...fields(), replyTo: 1 }), 422, 'invalid_argument'],
    [
      'a prototype',
      () => '{"threadId":"x","recipientMongoId":"y","body":"z","__proto__":{}}',
      422,
      'invalid_argument',
    ],
    ['too much', () => ({ ...fields(), body: 'x'.repeat(70_000) }), 413, 'payload_too_large'],
    ['too much, without end', endless, 413, 'payload_too_large'],
  ])('%s is refused, and nothing is written', async (_, body, status, code) => {
    const before = await historyOf();
    expect(await outcome('/chat/send', { body: body() })).toEqual([status, code]);
    expect(await historyOf()).toEqual(before);
  });
  const fields = () => ({ threadId, recipientMongoId: ben.mongoId, body: 'x' });

  test('addresses and methods that are not there are refused', async () => {
    for (const path of ['', '/', '/chat', '/chat/send/', '/auth/../config', '/constructor']) {
      expect(await outcome(path)).toEqual([404, 'not_found']);
    }
    expect(await outcome('/chat/send')).toEqual([405, 'method_not_allowed']);
    expect(await outcome('/chat/history', { method: 'DELETE' })).toEqual([
      405,
      'method_not_allowed',
    ]);
    const refused = await ask('/auth/token', { method: 'PUT', body: {} });
    expect(refused.headers.get('allow')).toBe('GET');
    expect(await outcome('/chat/history')).toEqual([422, 'invalid_argument']);
  });

  test('a request keeps the id it came with, and gets one where it has none that is any good', async () => {
    const given = randomUUID();
    const kept = await ask('/chat/history', { headers: { 'x-request-id': given } });
    expect(kept.json.request_id).toBe(given);
    const replaced = await ask('/chat/history', { headers: { 'x-request-id': '<script>' } });
    expect(replaced.json.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('its calls are counted in the database as the server’s', async () => {
    await send({});
    const { apiUrl, secretKey } = inject('stack');
    const operator = createClient(apiUrl, secretKey, {
      auth: { persistSession: false },
      realtime: { transport: WebSocket as never },
    });
    await expect
      .poll(
        async () => {
          const { data } = await operator.rpc('list_call_rates', { p_hours: 1 });
          return (data as { source: string; function: string }[])
            .filter(({ source }) => source === 'server')
            .map((rate) => rate.function);
        },
        { timeout: 10_000, interval: 250 },
      )
      .toEqual(expect.arrayContaining(['gateway.chat_send', 'gateway.chat_history']));
  });
});
