import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { type Call, type CallEvent, type CallerOptions, createCaller } from './call.ts';
import type { FunctionDescriptor } from './descriptor.ts';
import { GuildhallError } from './errors.ts';
import { type Answer, type ScriptedApi, startScriptedApi } from './testing/scripted-api.ts';

const sendMessage = {
  name: 'send_message',
  domain: 'messages',
  method: 'send',
  volatility: 'volatile',
  idempotentBy: 'p_client_nonce',
  returns: 'row',
  args: { channelId: 'p_channel_id', body: 'p_body', clientNonce: 'p_client_nonce' },
  argsSchema: z.strictObject({
    channelId: z.guid('must be a UUID'),
    body: z.string('must be a string'),
    clientNonce: z.optional(z.nullable(z.string())),
  }),
} as const satisfies FunctionDescriptor;

const listMessages = {
  ...sendMessage,
  name: 'list_messages',
  method: 'list',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: { channelId: 'p_channel_id' },
  argsSchema: z.strictObject({ channelId: z.guid() }),
} as const satisfies FunctionDescriptor;

const touch = {
  ...listMessages,
  name: 'touch',
  method: 'touch',
  volatility: 'volatile',
  returns: 'void',
  args: {},
  argsSchema: z.strictObject({}),
} as const satisfies FunctionDescriptor;

const setName = { ...touch, name: 'set_name', idempotentBy: 'always' } as const;

const channelId = '00000000-0000-7000-8000-000000000001';
const row = { channel_id: channelId, seq: 1 };

let api: ScriptedApi;

beforeAll(async () => {
  api = await startScriptedApi();
});

afterAll(() => api.close());

beforeEach(() => {
  api.answers.length = 0;
  api.requests.length = 0;
  // No jitter: the waits between attempts are 0.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const caller = (options?: CallerOptions): Call => createCaller(api.client, options);

function raised(status: number, details: Record<string, unknown>): Answer {
  return {
    status,
    body: {
      code: `PT${status}`,
      message: 'A sentence.',
      details: JSON.stringify(details),
      hint: null,
    },
  };
}

async function failure(calling: Promise<unknown>): Promise<GuildhallError> {
  const error = await calling.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(GuildhallError);
  return error as GuildhallError;
}

describe('arguments', () => {
  test('go out under their SQL names, with those left out left out', async () => {
    api.answers.push({ status: 200, body: row });
    const args = { channelId, body: 'hi', clientNonce: undefined };
    expect(await caller()(sendMessage, args)).toEqual(row);
    expect(api.requests[0]).toMatchObject({
      path: '/rest/v1/rpc/send_message',
      body: { p_channel_id: channelId, p_body: 'hi' },
    });
    expect(Object.keys(api.requests[0]?.body as object)).toEqual(['p_channel_id', 'p_body']);
  });

  test('whole characters go out, of whatever plane', async () => {
    api.answers.push({ status: 200, body: row });
    await caller()(sendMessage, { channelId, body: '👍 \u{10ffff}' });
    expect(api.requests[0]?.body).toMatchObject({ p_body: '👍 \u{10ffff}' });
  });

  test('a null is sent as null', async () => {
    api.answers.push({ status: 200, body: row });
    await caller()(sendMessage, { channelId, body: 'hi', clientNonce: null });
    expect(api.requests[0]?.body).toMatchObject({ p_client_nonce: null });
  });

  test.each([
    ['of the wrong kind', { channelId: 'general', body: 'hi' }, 'channelId'],
    ['missing', { channelId }, 'body'],
    ['nobody knows', { channelId, body: 'hi', replyTo: 3 }, 'replyTo'],
    ['with half of a character', { channelId, body: 'hi \ud83d' }, 'body'],
    ['that begins with the other half', { channelId, body: '\udc4d hi' }, 'body'],
  ])('one %s is refused before the network, by name', async (_, args, field) => {
    const error = await failure(caller()(sendMessage, args));
    expect(error).toMatchObject({ code: 'invalid_argument', status: 0, details: { field } });
    expect(error.message).toContain(field);
    expect(api.requests).toEqual([]);
  });

  test('one that the schema would drop silently is refused too', async () => {
    const loose = { ...touch, argsSchema: z.object({}) };
    await failure(caller()(loose, { extra: 1 }));
    expect(api.requests).toEqual([]);
  });
});

describe('answers', () => {
  test('of void functions are undefined', async () => {
    api.answers.push({ status: 204 });
    expect(await caller()(touch)).toBeUndefined();
  });

  test.each<[string, FunctionDescriptor, object, Answer]>([
    [
      'a list where a row is promised',
      sendMessage,
      { channelId, body: 'x' },
      { status: 200, body: [] },
    ],
    [
      'null where a row is promised',
      sendMessage,
      { channelId, body: 'x' },
      { status: 200, body: null },
    ],
    ['a row where rows are promised', listMessages, { channelId }, { status: 200, body: row }],
    ['a page of HTML', listMessages, { channelId }, { status: 200, body: '<html>Log in</html>' }],
  ])('%s is no success', async (_, descriptor, args, answer) => {
    api.answers.push(answer);
    expect(await failure(caller()(descriptor, args))).toMatchObject({ code: 'unexpected_answer' });
  });

  test.each<[string, Answer]>([
    [
      'PostgREST knows no such function',
      {
        status: 404,
        body: {
          code: 'PGRST202',
          message: 'Could not find the function',
          details: null,
          hint: null,
        },
      },
    ],
    ['404 has an empty body', { status: 404 }],
    ['404 has an array as its body', { status: 404, body: [] }],
  ])('a missing function is never success: %s', async (_, answer) => {
    for (const descriptor of [touch, listMessages]) {
      api.answers.push(answer);
      const args = descriptor === touch ? {} : { channelId };
      expect(await failure(caller()(descriptor, args))).toMatchObject({
        code: 'contract_mismatch',
        status: 404,
      });
    }
    expect(api.requests).toHaveLength(2);
  });
});

describe('errors', () => {
  test('raised by the database carry its code and what it says beside', async () => {
    api.answers.push(raised(403, { code: 'missing_permission', permission: 'send_messages' }));
    const error = await failure(caller()(sendMessage, { channelId, body: 'x' }));
    expect(error).toMatchObject({
      name: 'GuildhallError',
      code: 'missing_permission',
      status: 403,
      message: 'A sentence.',
      details: { permission: 'send_messages' },
      retryAfter: null,
    });
    expect(error.requestId).toBe(api.requests[0]?.headers['x-request-id']);
    expect(error.cause).toMatchObject({ code: 'PT403' });
  });

  test('with a wait say how long, from DETAIL or from the header', async () => {
    api.answers.push(raised(429, { code: 'slow_mode', retry_after: 30 }));
    expect(await failure(caller()(listMessages, { channelId }))).toMatchObject({
      code: 'slow_mode',
      retryAfter: 30,
    });
    api.answers.push({ status: 429, body: 'Too many requests', headers: { 'retry-after': '20' } });
    expect(await failure(caller()(listMessages, { channelId }))).toMatchObject({
      code: 'rate_limited',
      retryAfter: 20,
    });
  });

  const body = (code: string) => ({ code, message: 'Something.', details: null, hint: null });
  test.each<[string, Answer, string]>([
    ['an expired token', { status: 401, body: body('PGRST303') }, 'session_required'],
    ['a malformed token', { status: 401, body: body('PGRST301') }, 'session_required'],
    ['no right, nobody signed in', { status: 401, body: body('42501') }, 'session_required'],
    ['no right, signed in', { status: 403, body: body('42501') }, 'missing_permission'],
    [
      'a gateway that wants a key',
      { status: 401, body: { message: 'No API key' } },
      'session_required',
    ],
    [
      'more than one function of the name',
      { status: 300, body: body('PGRST203') },
      'contract_mismatch',
    ],
    ['a schema that is not exposed', { status: 406, body: body('PGRST106') }, 'contract_mismatch'],
    ['a statement timeout', { status: 500, body: body('57014') }, 'timeout'],
    ['text that is no uuid', { status: 400, body: body('22P02') }, 'invalid_argument'],
    ['a unique violation', { status: 409, body: body('23505') }, 'conflict'],
    ['a fault in the database', { status: 500, body: body('XX000') }, 'database_error'],
    ['a code raised without DETAIL', { status: 410, body: body('PT410') }, 'expired'],
    [
      'DETAIL that only looks like ours',
      { status: 500, body: { ...body('P0001'), details: '{no json' } },
      'database_error',
    ],
    ['a page of a proxy', { status: 418, body: '<html>' }, 'unexpected_answer'],
  ])('%s', async (_, answer, code) => {
    api.answers.push(answer);
    expect(await failure(caller({ maxAttempts: 1 })(touch))).toMatchObject({ code });
  });

  test('nothing listening is a network error', async () => {
    const gone = await startScriptedApi();
    await gone.close();
    const error = await failure(createCaller(gone.client)(touch));
    expect(error).toMatchObject({ code: 'network_error', status: 0 });
  });
});

describe('repetition', () => {
  const recovering: Answer[] = [
    'hang_up',
    { status: 502, body: '<html>' },
    { status: 200, body: [] },
  ];

  test('a stable function is called again until it answers', async () => {
    api.answers.push(...recovering);
    expect(await caller()(listMessages, { channelId })).toEqual([]);
    expect(api.requests).toHaveLength(3);
    const ids = api.requests.map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(1);
  });

  test('a function that is always idempotent too', async () => {
    api.answers.push('hang_up', { status: 503, body: '<html>' }, { status: 204 });
    await caller()(setName);
    expect(api.requests).toHaveLength(3);
  });

  test('a send is called again when it carries its nonce', async () => {
    api.answers.push('hang_up', { status: 504, body: '<html>' }, { status: 200, body: row });
    const args = { channelId, body: 'x', clientNonce: 'n' };
    expect(await caller()(sendMessage, args)).toEqual(row);
    expect(api.requests).toHaveLength(3);
  });

  test.each([
    ['without its nonce', sendMessage, { channelId, body: 'x' }],
    ['with null as its nonce', sendMessage, { channelId, body: 'x', clientNonce: null }],
    ['of a function that promises nothing', touch, {}],
  ])('a call %s is never repeated', async (_, descriptor, args) => {
    for (const answer of ['hang_up', { status: 503, body: '<html>' }] as const) {
      api.answers.push(answer, { status: 200, body: row });
      await failure(caller()(descriptor, args));
      api.answers.length = 0;
    }
    expect(api.requests).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ['a refusal', raised(403, { code: 'missing_permission' })],
    ['a missing session', { status: 401, body: { code: 'PGRST303', message: 'JWT expired' } }],
    ['a fault in the database', { status: 500, body: { code: 'XX000', message: 'internal' } }],
    ['a statement timeout', { status: 500, body: { code: '57014', message: 'canceling' } }],
    ['a backend of another version', raised(503, { code: 'contract_mismatch' })],
  ])('%s is final', async (_, answer) => {
    api.answers.push(answer, { status: 200, body: [] });
    await failure(caller()(listMessages, { channelId }));
    expect(api.requests).toHaveLength(1);
  });

  test('waits for retry_after when it is short, and gives up when it is long', async () => {
    api.answers.push(raised(429, { code: 'rate_limited', retry_after: 0.2 }), {
      status: 200,
      body: [],
    });
    const startedAt = performance.now();
    await caller()(listMessages, { channelId });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(199);
    expect(api.requests).toHaveLength(2);

    api.answers.push(raised(429, { code: 'slow_mode', retry_after: 6 }), { status: 200, body: [] });
    expect(await failure(caller()(listMessages, { channelId }))).toMatchObject({ retryAfter: 6 });
    expect(api.requests).toHaveLength(3);
  });

  test('ends after the last attempt with the last error', async () => {
    api.answers.push(...Array.from({ length: 9 }, () => ({ status: 503, body: '<html>' })));
    expect(await failure(caller({ maxAttempts: 3 })(listMessages, { channelId }))).toMatchObject({
      code: 'unavailable',
      status: 503,
    });
    expect(api.requests).toHaveLength(3);
  });

  test('an attempt without an answer is given up and made again', async () => {
    api.answers.push('stay_silent', { status: 200, body: [] });
    expect(await caller({ attemptTimeoutMs: 100 })(listMessages, { channelId })).toEqual([]);
    expect(api.requests).toHaveLength(2);
  });

  test('the deadline ends it all', async () => {
    api.answers.push('stay_silent', 'stay_silent', 'stay_silent', 'stay_silent', 'stay_silent');
    const calling = caller({ attemptTimeoutMs: 100, maxAttempts: 99 })(
      listMessages,
      { channelId },
      { deadlineMs: 250 },
    );
    expect(await failure(calling)).toMatchObject({ code: 'timeout', status: 0 });
    expect(api.requests.length).toBeGreaterThan(1);
  });

  test('a wait that would pass the deadline is not begun', async () => {
    api.answers.push(raised(429, { code: 'rate_limited', retry_after: 3 }), {
      status: 200,
      body: [],
    });
    const calling = caller()(listMessages, { channelId }, { deadlineMs: 1_000 });
    // Waiting would end in the deadline's own error.
    expect(await failure(calling)).toMatchObject({ code: 'rate_limited' });
    expect(api.requests).toHaveLength(1);
  });
});

describe('abort', () => {
  test('before the call: nothing is sent', async () => {
    const error = await failure(
      caller()(listMessages, { channelId }, { signal: AbortSignal.abort('changed my mind') }),
    );
    expect(error).toMatchObject({ code: 'aborted', cause: 'changed my mind' });
    expect(api.requests).toEqual([]);
  });

  test('while waiting for the answer', async () => {
    api.answers.push('stay_silent');
    const stopper = new AbortController();
    const calling = failure(caller()(listMessages, { channelId }, { signal: stopper.signal }));
    await vi.waitFor(() => expect(api.requests).toHaveLength(1));
    stopper.abort();
    expect(await calling).toMatchObject({ code: 'aborted' });
  });

  test('while waiting for the next attempt', async () => {
    api.answers.push(raised(429, { code: 'rate_limited', retry_after: 4 }));
    const stopper = new AbortController();
    const calling = failure(caller()(listMessages, { channelId }, { signal: stopper.signal }));
    await vi.waitFor(() => expect(api.requests).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    stopper.abort();
    expect(await calling).toMatchObject({ code: 'aborted' });
    expect(api.requests).toHaveLength(1);
  });
});

describe('telemetry', () => {
  async function eventsOf(calling: (call: Call) => Promise<unknown>): Promise<CallEvent[]> {
    const events: CallEvent[] = [];
    const call = caller({ onCall: (event) => events.push(event), contractVersion: 'v1' });
    await calling(call).catch(() => {});
    return events;
  }

  test('tells of each call once, however many attempts it took', async () => {
    api.answers.push({ status: 503, body: '<html>' }, { status: 200, body: [row, row] });
    const events = await eventsOf((call) => call(listMessages, { channelId }));
    expect(events).toEqual([
      {
        function: 'list_messages',
        latencyMs: expect.any(Number),
        rows: 2,
        errorCode: null,
        contractVersion: 'v1',
        requestId: api.requests[0]?.headers['x-request-id'],
      },
    ]);
    expect(events[0]?.latencyMs).toBeGreaterThan(0);
  });

  test('counts a row as one and nothing as none', async () => {
    api.answers.push({ status: 200, body: row }, { status: 204 });
    const events = await eventsOf(async (call) => {
      await call(sendMessage, { channelId, body: 'a secret' });
      await call(touch);
    });
    expect(events.map(({ rows }) => rows)).toEqual([1, 0]);
    expect(JSON.stringify(events)).not.toContain('a secret');
  });

  test('tells of failures by code, also of those that never left', async () => {
    api.answers.push(raised(409, { code: 'already_member' }));
    const events = await eventsOf(async (call) => {
      await call(touch).catch(() => {});
      await call(touch, { extra: 1 });
    });
    expect(events.map(({ errorCode }) => errorCode)).toEqual([
      'already_member',
      'invalid_argument',
    ]);
  });

  test('a hook that throws breaks nothing', async () => {
    api.answers.push({ status: 200, body: [] });
    const call = caller({
      onCall: () => {
        throw new Error('the hook’s own fault');
      },
    });
    expect(await call(listMessages, { channelId })).toEqual([]);
  });
});
