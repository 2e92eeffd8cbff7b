import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallEvent } from './call.ts';
import { type CallRecorderOptions, createCallRecorder } from './call-recorder.ts';
import { GuildhallError } from './errors.ts';
import { type ScriptedApi, startScriptedApi } from './testing/scripted-api.ts';

const requestId = '00000000-0000-4000-8000-000000000001';
const contractVersion = 'ab'.repeat(32);
const success: CallEvent = {
  function: 'send_message',
  latencyMs: 40.2,
  rows: 1,
  errorCode: null,
  contractVersion,
  requestId,
};
const failure: CallEvent = { ...success, errorCode: 'missing_permission' };

interface Sent {
  p_batch_id: string;
  p_calls: Record<string, unknown>[];
}

let api: ScriptedApi;

beforeAll(async () => {
  api = await startScriptedApi();
});

afterAll(() => api.close());

beforeEach(() => {
  api.answers.length = 0;
  api.requests.length = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const recorder = (options?: CallRecorderOptions) =>
  createCallRecorder(api.client, { successesOneIn: 1, intervalMs: 60_000, ...options });
const sent = () => api.requests.map(({ body }) => body as Sent);

describe('what is told', () => {
  test('of a failure: function, code, latency, contract version and request id, and nothing else', async () => {
    const { record, flush } = recorder();
    record({ ...failure, body: 'secret', args: { token: 'secret' } } as CallEvent);
    await flush();
    expect(api.requests[0]?.path).toBe('/rest/v1/rpc/record_calls');
    expect(sent()[0]?.p_calls).toEqual([
      {
        function: 'send_message',
        code: 'missing_permission',
        latency_ms: 40,
        calls: 1,
        contract_version: contractVersion,
        request_id: requestId,
      },
    ]);
    expect(JSON.stringify(sent())).not.toContain('secret');
  });

  test('of successes their number, by function and latency within a tenth', async () => {
    const { record, flush } = recorder();
    for (const latencyMs of [39, 40, 41, 400]) record({ ...success, latencyMs });
    record({ ...success, function: 'list_messages' });
    await flush();
    const told = sent()[0]?.p_calls ?? [];
    expect(told).toHaveLength(3);
    expect(told.map(({ function: name, calls }) => [name, calls])).toEqual([
      ['send_message', 3],
      ['send_message', 1],
      ['list_messages', 1],
    ]);
    expect(told[0]?.request_id).toBeNull();
    expect(Math.abs((told[1]?.latency_ms as number) / 400 - 1)).toBeLessThan(0.1);
  });

  test('successes by one recorder in so many, for which each stands; failures by all', async () => {
    for (const [random, calls] of [
      [0.099, [10, 1]],
      [0.1, [1]],
      [0.999, [1]],
    ] as const) {
      api.requests.length = 0;
      vi.spyOn(Math, 'random').mockReturnValueOnce(random);
      const { record, flush } = createCallRecorder(api.client, { intervalMs: 60_000 });
      record(success);
      record(failure);
      await flush();
      expect(sent()[0]?.p_calls.map((told) => told.calls)).toEqual(calls);
    }
  });

  test('nothing of itself', async () => {
    const { record, flush } = recorder();
    record({ ...failure, function: 'record_calls' });
    await flush();
    expect(api.requests).toEqual([]);
  });

  test('nothing that the database would not take for a code or an id', async () => {
    const { record, flush } = recorder();
    record({ ...failure, errorCode: 'Not a code', requestId: 'x', latencyMs: 1e9 });
    await flush();
    expect(sent()[0]?.p_calls[0]).toMatchObject({
      code: 'other',
      request_id: null,
      latency_ms: 600_000,
    });
  });
});

describe('observe', () => {
  const authError = (more: object) => ({ data: null, error: { message: 'secret words', ...more } });

  test.each([
    ['its code', { code: 'invalid_credentials', status: 400 }, 'invalid_credentials'],
    ['its status', { status: 503, name: 'AuthRetryableFetchError' }, 'unavailable'],
    ['no answer', { status: 0, name: 'AuthRetryableFetchError' }, 'network_error'],
    ['no session', { status: 400, name: 'AuthSessionMissingError' }, 'session_required'],
    ['a limit', { status: 429 }, 'rate_limited'],
    ['a code of another kind', { code: 'PGRST301', status: 401 }, 'session_required'],
    ['nothing known', {}, 'unexpected'],
  ])('records an error of supabase-js by %s, and hands it on', async (_, more, code) => {
    const { observe, flush } = recorder();
    const answer = authError(more);
    expect(await observe('auth.sign_in', async () => answer)).toBe(answer);
    await flush();
    expect(sent()[0]?.p_calls).toMatchObject([{ function: 'auth.sign_in', code }]);
    expect(JSON.stringify(sent())).not.toContain('secret');
  });

  test.each([
    [new GuildhallError({ code: 'expired', message: 'secret' }), 'expired'],
    [new TypeError('fetch failed: secret'), 'network_error'],
    [new DOMException('secret', 'AbortError'), 'aborted'],
    ['secret', 'unexpected'],
  ])('records what is thrown, and throws it', async (thrown, code) => {
    const { observe, flush } = recorder();
    await expect(observe('gateway.chat_send', () => Promise.reject(thrown))).rejects.toBe(thrown);
    await flush();
    expect(sent()[0]?.p_calls).toMatchObject([{ function: 'gateway.chat_send', code }]);
    expect(JSON.stringify(sent())).not.toContain('secret');
  });

  test('records a success', async () => {
    const { observe, flush } = recorder();
    await observe('auth.sign_out', async () => ({ error: null }));
    await flush();
    expect(sent()[0]?.p_calls).toMatchObject([{ function: 'auth.sign_out', code: null }]);
  });
});

describe('batches', () => {
  test('leave when their time has come', async () => {
    const { record } = recorder({ intervalMs: 20 });
    record(failure);
    expect(api.requests).toEqual([]);
    await expect.poll(() => sent().length).toBe(1);
  });

  test('leave after 50 calls', async () => {
    const { record } = recorder();
    for (let call = 0; call < 50; call += 1) record(failure);
    await expect.poll(() => sent()[0]?.p_calls.length).toBe(50);
  });

  test('leave when the page is hidden, over a request that outlives it', async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    vi.stubGlobal('document', page);
    const seen = vi.spyOn(globalThis, 'fetch');
    const { record, close } = recorder();
    record(failure);
    page.dispatchEvent(new Event('visibilitychange'));
    page.visibilityState = 'hidden';
    expect(api.requests).toEqual([]);
    page.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => sent().length).toBe(1);
    expect(seen.mock.calls.map(([, init]) => init?.keepalive)).toEqual([true]);
    await close();
    record(failure);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(sent()).toHaveLength(1);
  });

  test.each([
    ['no answer', 'hang_up'],
    ['a gateway that fails', { status: 503, body: 'busy' }],
    ['a limit', { status: 429, body: { code: 'PT429', message: 'later' } }],
    ['a token that has expired', { status: 401, body: { code: 'PGRST303', message: 'expired' } }],
  ] as const)('come again under the same id after %s', async (_, answer) => {
    api.answers.push(answer);
    const { record, flush } = recorder();
    record(failure);
    await flush();
    record(success);
    await flush();
    expect(sent()).toHaveLength(3);
    expect(sent()[1]).toEqual(sent()[0]);
    expect(sent()[2]?.p_batch_id).not.toBe(sent()[0]?.p_batch_id);
    expect(sent()[2]?.p_calls).toHaveLength(1);
  });

  test('that the database refuses do not come again', async () => {
    api.answers.push({ status: 422, body: { code: 'PT422', message: 'no' } });
    const { record, flush } = recorder();
    record(failure);
    await flush();
    await flush();
    expect(sent()).toHaveLength(1);
  });

  test('are given up after three attempts, and calls meanwhile do not hurry them', async () => {
    api.answers.push('hang_up', 'hang_up', 'hang_up');
    const { record, flush } = recorder();
    record(failure);
    await flush();
    for (let call = 0; call < 200; call += 1) record(failure);
    expect(sent()).toHaveLength(1);
    await flush();
    await flush();
    expect(new Set(sent().map((batch) => batch.p_batch_id)).size).toBe(1);
    await flush();
    expect(sent()).toHaveLength(5);
    expect(sent()[3]?.p_calls).toHaveLength(100);
  });

  test('the oldest records are lost where more wait than there is room for', async () => {
    api.answers.push('hang_up');
    const { record, flush } = recorder();
    record(failure);
    await flush();
    for (let call = 0; call < 700; call += 1) record({ ...failure, latencyMs: call });
    await flush();
    const told = sent()
      .slice(2)
      .flatMap((batch) => batch.p_calls);
    expect(told).toHaveLength(500);
    expect(told[0]).toMatchObject({ latency_ms: 200 });
  });

  test('nothing of all this throws', async () => {
    const broken = createCallRecorder(
      {
        rpc: () => {
          throw new Error('broken');
        },
      },
      { successesOneIn: 1 },
    );
    broken.record(failure);
    await expect(broken.flush()).resolves.toBeUndefined();
    await expect(broken.close()).resolves.toBeUndefined();
  });
});
