import { randomUUID } from 'node:crypto';
import type { RealtimeChannel } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  eventually,
  publishableKey,
  RelayStage,
  secretKey,
  signToken,
  subscribed,
  versions,
} from './testing/relay-stage.ts';

let stage: RelayStage;
beforeAll(async () => {
  stage = await RelayStage.open();
}, 60_000);
afterEach(() => stage.reset());
afterAll(() => stage.close());

const newTopic = () => `room:${randomUUID()}`;

/** Everything the channel hears from now on. */
function listening(channel: RealtimeChannel) {
  const heard: { event: string; payload?: unknown }[] = [];
  channel.on('broadcast', { event: '*' }, (message) => heard.push(message as never));
  return heard;
}

const pairs = versions.flatMap((from) => versions.map((to) => [from, to] as const));

describe.each(pairs)('a broadcast from serialiser %s to %s', (from, to) => {
  it('reaches the others and is acknowledged', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send');
    const receiver = await stage.member(topic);
    const here = (await stage.client(url, { ...sender, version: from })).channel(topic, {
      broadcast: { ack: true },
    });
    const there = (await stage.client(url, { ...receiver, version: to })).channel(topic);
    const [heardHere, heardThere] = [listening(here), listening(there)];
    await subscribed(here);
    await subscribed(there);
    const payload = { by: 'Zoë', deep: [{ n: 1.5, nothing: null }] };
    expect(await here.send({ type: 'broadcast', event: 'typing', payload })).toBe('ok');
    await eventually(() => expect(heardThere).toHaveLength(1));
    expect(heardThere[0]).toEqual({ type: 'broadcast', event: 'typing', payload });
    expect(heardHere).toEqual([]);
  });
});

describe('a broadcast from a client', () => {
  it('comes back to the sender who asks for it', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send');
    const channel = (await stage.client(url, sender)).channel(topic, { broadcast: { self: true } });
    const heard = listening(channel);
    await subscribed(channel);
    await channel.send({ type: 'broadcast', event: 'echo', payload: { n: 1 } });
    await eventually(() => expect(heard).toMatchObject([{ event: 'echo', payload: { n: 1 } }]));
  });

  it('keeps its order', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send');
    const receiver = await stage.member(topic);
    const here = (await stage.client(url, sender)).channel(topic);
    const there = (await stage.client(url, receiver)).channel(topic);
    const heard = listening(there);
    await subscribed(there);
    await subscribed(here);
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    for (const n of numbers) here.send({ type: 'broadcast', event: 'n', payload: { n } });
    await eventually(() => expect(heard).toHaveLength(numbers.length));
    expect(heard.map(({ payload }) => (payload as { n: number }).n)).toEqual(numbers);
  });

  it('carries bytes to clients that can take them', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send');
    const receiver = await stage.member(topic);
    const here = (await stage.client(url, sender)).channel(topic);
    const there = (await stage.client(url, receiver)).channel(topic);
    const old = (await stage.client(url, { ...receiver, version: '1.0.0' })).channel(topic);
    const [heard, heardByOld] = [listening(there), listening(old)];
    for (const channel of [here, there, old]) await subscribed(channel);
    const bytes = new Uint8Array([0, 1, 254, 255]);
    await here.send({ type: 'broadcast', event: 'bytes', payload: bytes.buffer });
    await here.send({ type: 'broadcast', event: 'after', payload: {} });
    await eventually(() => expect(heard).toHaveLength(2));
    expect(new Uint8Array(heard[0]?.payload as ArrayBuffer)).toEqual(bytes);
    await eventually(() => expect(heardByOld.map(({ event }) => event)).toEqual(['after']));
  });

  it.each(versions)('is dropped without the right to send, with serialiser %s', async (version) => {
    const lines: string[] = [];
    const { url } = await stage.start({ log: (line) => lines.push(line) });
    const topic = newTopic();
    const sender = await stage.member(topic, 'see presence', 'be present');
    const receiver = await stage.member(topic);
    const here = (await stage.client(url, { ...sender, version })).channel(topic, {
      broadcast: { ack: true, self: true },
    });
    const there = (await stage.client(url, receiver)).channel(topic);
    const heard = [listening(here), listening(there)].flat();
    await subscribed(here);
    await subscribed(there);
    const message = { type: 'broadcast', event: 'typing', payload: {} } as const;
    // The platform does not answer what it refuses, so the client waits until it gives up.
    expect(await here.send(message, { timeout: 300 })).toBe('timed out');
    expect(heard).toEqual([]);
    expect(lines.at(-1)).toContain('refused broadcast');
  });

  it('is dropped on a new token that brings no right to send, and sent on one that does', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sub = randomUUID();
    await stage.allow(topic, sub, 'broadcast', 'receive');
    const { supabase, channel } = await stage.client(url, { token: signToken({ sub }) });
    const joined = channel(topic, { broadcast: { ack: true } });
    await subscribed(joined);
    const message = { type: 'broadcast', event: 'typing', payload: {} } as const;
    expect(await joined.send(message, { timeout: 200 })).toBe('timed out');
    await stage.allow(topic, sub, 'broadcast', 'send');
    // Answers hold until the client brings a new token.
    expect(await joined.send(message, { timeout: 200 })).toBe('timed out');
    await supabase.realtime.setAuth(signToken({ sub, renewed: 1 }));
    expect(await joined.send(message)).toBe('ok');
    await stage.forbid(topic, sub);
    await stage.allow(topic, sub, 'broadcast', 'receive');
    await supabase.realtime.setAuth(signToken({ sub, renewed: 2 }));
    expect(await joined.send(message, { timeout: 200 })).toBe('timed out');
  });

  it('is refused when it is too large', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send');
    const channel = (await stage.client(url, sender)).channel(topic, { broadcast: { ack: true } });
    await subscribed(channel);
    const payload = { text: 'x'.repeat(256_000) };
    expect(await channel.send({ type: 'broadcast', event: 'large', payload })).toBe('error');
  });
});

describe('a broadcast over HTTP', () => {
  const post = (
    url: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = { apikey: secretKey },
  ) =>
    fetch(`${url}/realtime/v1/api/broadcast${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  async function audience(url: string, topic: string) {
    const receiver = await stage.member(topic);
    const channel = (await stage.client(url, receiver)).channel(topic);
    const heard = listening(channel);
    await subscribed(channel);
    return heard;
  }

  it('reaches the topics of a batch', async () => {
    const { url } = await stage.start();
    const [one, other] = [newTopic(), newTopic()];
    const heardOnOne = await audience(url, one);
    const heardOnOther = await audience(url, other);
    const message = { event: 'news', payload: { n: 1 }, private: true };
    const { status } = await post(url, '', {
      messages: [
        { ...message, topic: one },
        { ...message, topic: other, event: 'more' },
      ],
    });
    expect(status).toBe(202);
    await eventually(() => expect(heardOnOther).toMatchObject([{ event: 'more' }]));
    expect(heardOnOne).toEqual([{ type: 'broadcast', event: 'news', payload: { n: 1 } }]);
  });

  it('leaves out of a batch what its sender has no right to', async () => {
    const { url } = await stage.start();
    const [open, shut] = [newTopic(), newTopic()];
    const sub = randomUUID();
    await stage.allow(open, sub, 'broadcast', 'send');
    const heardOnOpen = await audience(url, open);
    const heardOnShut = await audience(url, shut);
    const message = { event: 'news', payload: {}, private: true };
    const { status } = await post(
      url,
      '',
      {
        messages: [
          { ...message, topic: shut },
          { ...message, topic: open },
        ],
      },
      { apikey: publishableKey, authorization: `Bearer ${signToken({ sub })}` },
    );
    expect(status).toBe(202);
    await eventually(() => expect(heardOnOpen).toHaveLength(1));
    expect(heardOnShut).toEqual([]);
  });

  it('works through httpSend, for JSON and for bytes', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send');
    const heard = await audience(url, topic);
    const channel = (await stage.client(url, sender)).channel(topic);
    expect(await channel.httpSend('a/b c', { n: 1 })).toEqual({ success: true });
    expect(await channel.httpSend('bytes', new Uint8Array([7, 8]))).toEqual({ success: true });
    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard[0]).toMatchObject({ event: 'a/b c', payload: { n: 1 } });
    expect(new Uint8Array(heard[1]?.payload as ArrayBuffer)).toEqual(new Uint8Array([7, 8]));
  });

  it('is refused through httpSend without the right to send', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const channel = (await stage.client(url, await stage.member(topic))).channel(topic);
    await expect(channel.httpSend('e', {})).rejects.toThrow('Unauthorized');
  });

  it.each([
    ['without a key', {}, 401, 'No API key found in request'],
    ['with another key', { apikey: 'sb_secret_other' }, 401, 'Invalid API key'],
    [
      'with a forged token',
      { apikey: publishableKey, authorization: `Bearer ${signToken({}, 'not the secret')}` },
      401,
      'Failed to validate JWT signature',
    ],
  ])('is refused %s', async (_, headers, status, message) => {
    const { url } = await stage.start();
    const answer = await post(url, '', { messages: [] }, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ message });
  });

  it.each([
    ['no JSON', '{'],
    ['no messages', {}],
    ['an empty batch', { messages: [] }],
    ['a message without a topic', { messages: [{ event: 'e', payload: {} }] }],
    ['a message without an event', { messages: [{ topic: 't', payload: {} }] }],
    ['a payload that is a list', { messages: [{ topic: 't', event: 'e', payload: [] }] }],
    [
      'a payload that is too large',
      { messages: [{ topic: 't', event: 'e', payload: { x: 'x'.repeat(256_000) } }] },
    ],
  ])('is refused with %s', async (_, body) => {
    const { url } = await stage.start();
    expect((await post(url, '', body)).status).toBe(422);
  });

  it('is refused when the body has no end', async () => {
    const { url } = await stage.start({ limits: { frameBytes: 1000 } });
    expect((await post(url, '', 'x'.repeat(2000))).status).toBe(413);
  });

  it('may come from a page of another origin', async () => {
    const { url } = await stage.start();
    const asked = await fetch(`${url}/realtime/v1/api/broadcast`, { method: 'OPTIONS' });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toContain('apikey');
    const refused = await post(url, '', {}, {});
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('leaves other requests alone', async () => {
    const { url, relay } = await stage.start();
    expect(await relay.handleHttp(new Request(`${url}/rest/v1/messages`))).toBeNull();
    expect(await relay.handleHttp(new Request(`${url}/realtime/v1/api/broadcasts`))).toBeNull();
  });
});
