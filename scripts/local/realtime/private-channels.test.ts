import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  BareSocket,
  eventually,
  publishableKey,
  RelayStage,
  secretKey,
  signToken,
  subscribe,
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

describe.each(versions)('joining with serialiser %s', (version) => {
  it('works for whoever the SELECT policy lets read', async () => {
    const { url, relay } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const client = await stage.client(url, { token, version });
    expect(await subscribe(client.channel(topic))).toEqual({
      status: 'SUBSCRIBED',
      error: undefined,
    });
    expect(relay.stats()).toMatchObject({ connections: 1, channels: 1, topics: 1 });
  });

  it('is refused for everybody else, with the reason', async () => {
    const { url, relay } = await stage.start();
    const topic = newTopic();
    await stage.member(topic);
    const token = signToken({ sub: randomUUID() });
    const client = await stage.client(url, { token, version });
    const { status, error } = await subscribe(client.channel(topic));
    expect(status).toBe('CHANNEL_ERROR');
    expect(error?.message).toBe(
      `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`,
    );
    expect(relay.stats()).toMatchObject({ channels: 0, topics: 0 });
  });

  it('is refused without private: true', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const client = await stage.client(url, { token, version });
    const { status, error } = await subscribe(client.channel(topic, { private: false }));
    expect(status).toBe('CHANNEL_ERROR');
    expect(error?.message).toBe('PrivateOnly: This project only allows private channels');
  });

  it('leaves the channel when the client unsubscribes', async () => {
    const { url, relay } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const channel = (await stage.client(url, { token, version })).channel(topic);
    const statuses = await subscribed(channel);
    expect(await channel.unsubscribe()).toBe('ok');
    expect(statuses).toEqual(['SUBSCRIBED', 'CLOSED']);
    await eventually(() => expect(relay.stats()).toMatchObject({ channels: 0, topics: 0 }));
  });
});

describe('the right to receive', () => {
  it('needs more than a right to presence', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sub = randomUUID();
    await stage.allow(topic, sub, 'presence', 'receive');
    const client = await stage.client(url, { token: signToken({ sub }) });
    expect((await subscribe(client.channel(topic))).status).toBe('CHANNEL_ERROR');
  });

  it('holds on the very topic only', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const client = await stage.client(url, { token: (await stage.member(topic)).token });
    expect((await subscribe(client.channel(`${topic}:more`))).status).toBe('CHANNEL_ERROR');
    expect((await subscribe(client.channel(topic))).status).toBe('SUBSCRIBED');
  });

  it('is asked for the publishable key as anon and for the secret key as service_role', async () => {
    const { url } = await stage.start();
    const [forAnon, forService] = [newTopic(), newTopic()];
    await stage.allow(forAnon, 'anon', 'broadcast', 'receive');
    await stage.allow(forService, 'authenticated', 'broadcast', 'receive');
    const anon = await stage.client(url);
    const service = await stage.client(url, { key: secretKey });
    expect((await subscribe(anon.channel(forAnon))).status).toBe('SUBSCRIBED');
    expect((await subscribe(anon.channel(forService))).status).toBe('CHANNEL_ERROR');
    // service_role bypasses row-level security, so no policy stands in its way.
    expect((await subscribe(service.channel(forService))).status).toBe('SUBSCRIBED');
  });

  it('leaves no trace of having been checked', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const member = await stage.member(topic, 'send');
    const channel = (await stage.client(url, member)).channel(topic, { broadcast: { ack: true } });
    await subscribed(channel);
    expect(await channel.send({ type: 'broadcast', event: 'e', payload: {} })).toBe('ok');
    const rows = await stage.database.query('select from realtime.messages where topic = $1', [
      topic,
    ]);
    expect(rows).toEqual([]);
  });

  it('is refused when a policy raises an error', async () => {
    const lines: string[] = [];
    const { url } = await stage.start({ log: (line) => lines.push(line) });
    const topic = newTopic();
    const { token } = await stage.member(topic);
    await stage.database.execute(`
      create policy raises on realtime.messages as restrictive for select
        using (realtime.topic() <> '${topic}' or 1 / (length(topic) - length(topic)) = 0);
    `);
    const client = await stage.client(url, { token });
    expect((await subscribe(client.channel(topic))).status).toBe('CHANNEL_ERROR');
    await stage.database.execute('drop policy raises on realtime.messages');
    expect(lines.join('\n')).toContain('division by zero');
  });
});

describe('a token', () => {
  it.each([
    [
      'signed with another secret',
      (sub: string) => signToken({ sub }, 'not the secret'),
      /^JwtSig/,
    ],
    [
      'that has expired',
      (sub: string) => signToken({ sub }, undefined, -5),
      /expired 5 seconds ago/,
    ],
    ['of an unknown role', (sub: string) => signToken({ sub, role: 'postgres' }), /`role`/],
    ['that is none', () => 'nonsense', /^MalformedJWT: The token provided is not a valid JWT$/],
    ['of another project', () => 'sb_secret_of_somebody_else', /not a key of this project/],
  ])('%s refuses the join', async (_, token, reason) => {
    const { url } = await stage.start();
    const topic = newTopic();
    const { sub } = await stage.member(topic);
    const client = await stage.client(url, { token: token(sub) });
    const { status, error } = await subscribe(client.channel(topic));
    expect(status).toBe('CHANNEL_ERROR');
    expect(error?.message).toMatch(reason);
  });

  it('that is new closes the channel when the right to receive is gone', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const { sub, token } = await stage.member(topic);
    const { supabase, channel } = await stage.client(url, { token });
    const told: unknown[] = [];
    const joined = channel(topic).on('system', {}, (message) => told.push(message));
    const statuses = await subscribed(joined);
    await stage.forbid(topic, sub);
    await supabase.realtime.setAuth(signToken({ sub, renewed: true }));
    await eventually(() => expect(statuses).toEqual(['SUBSCRIBED', 'CLOSED']));
    expect(told).toEqual([
      {
        extension: 'system',
        status: 'error',
        message: `You no longer have permission to read from this Channel topic: ${topic}`,
        channel: topic,
      },
    ]);
  });

  it('that is new keeps the channel while the right is there', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const { sub } = await stage.member(topic);
    const expiring = signToken({ sub }, undefined, 3);
    const { supabase, channel } = await stage.client(url, { token: expiring });
    const heard: unknown[] = [];
    const joined = channel(topic).on('broadcast', { event: '*' }, (message) => heard.push(message));
    const statuses = await subscribed(joined);
    await supabase.realtime.setAuth(signToken({ sub }));
    await new Promise((resolve) => setTimeout(resolve, 3100));
    await stage.database.query("select realtime.send('{}', 'late', $1)", [topic]);
    await eventually(() => expect(heard).toHaveLength(1));
    expect(statuses).toEqual(['SUBSCRIBED']);
  });

  it('that is no token closes the channel', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const { supabase, channel } = await stage.client(url, { token });
    const statuses = await subscribed(channel(topic));
    await supabase.realtime.setAuth('nonsense');
    await eventually(() => expect(statuses).toEqual(['SUBSCRIBED', 'CLOSED']));
  });

  it('closes the channel when it expires', async () => {
    const { url, relay } = await stage.start();
    const topic = newTopic();
    const { sub } = await stage.member(topic);
    const { channel } = await stage.client(url, { token: signToken({ sub }, undefined, 3) });
    const told: { message?: string }[] = [];
    const joined = channel(topic).on('system', {}, (message) => told.push(message));
    const statuses = await subscribed(joined);
    await eventually(() => expect(statuses).toEqual(['SUBSCRIBED', 'CLOSED']));
    expect(told[0]?.message).toMatch(/^Token has expired \d seconds ago$/);
    expect(relay.stats().channels).toBe(0);
  });
});

describe('the relay', () => {
  it.each([
    ['no key', 'vsn=1.0.0', 401],
    ['another key', 'apikey=sb_publishable_other&vsn=1.0.0', 401],
    ['a token for a key', `apikey=${signToken({ sub: randomUUID() })}&vsn=1.0.0`, 401],
    ['an unknown serialiser', `apikey=${publishableKey}&vsn=9.0.0`, 400],
  ])('refuses a connection with %s', async (_, query, status) => {
    const { url, relay } = await stage.start();
    await expect(BareSocket.open(url, query)).rejects.toThrow(`server response: ${status}`);
    expect(relay.stats().connections).toBe(0);
  });

  it('lets in public channels where that is allowed, apart from the private one of that name', async () => {
    const { url } = await stage.start({ allowPublic: true });
    const topic = newTopic();
    const heard: unknown[] = [];
    const channel = (await stage.client(url))
      .channel(topic, { private: false })
      .on('broadcast', { event: '*' }, ({ event }) => heard.push(event));
    await subscribed(channel);
    await stage.database.query("select realtime.send('{}', 'private', $1)", [topic]);
    await stage.database.query("select realtime.send('{}', 'public', $1, false)", [topic]);
    await eventually(() => expect(heard).toEqual(['public']));
  });

  it('says that it does not carry postgres_changes', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const channel = (await stage.client(url, { token }))
      .channel(topic)
      .on('postgres_changes', { event: '*', schema: 'public', table: 'messages' }, () => {});
    expect((await subscribe(channel)).error?.message).toMatch(/^PostgresChangesUnavailable/);
  });

  it('answers heartbeats, and cuts off whoever is silent', async () => {
    const { url, relay } = await stage.start({ limits: { silenceMs: 300 } });
    const silent = await BareSocket.open(url);
    const alive = await BareSocket.open(url);
    const beat = setInterval(
      () => alive.send({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '1' }),
      50,
    );
    await silent.closed;
    await eventually(() => expect(alive.reply('1')).toEqual({ status: 'ok', response: {} }));
    await eventually(() => expect(relay.stats().connections).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(relay.stats().connections).toBe(1);
    clearInterval(beat);
  });

  it('limits the channels of one connection', async () => {
    const { url } = await stage.start({ limits: { channelsPerConnection: 2 } });
    const sub = randomUUID();
    const socket = await BareSocket.open(url);
    for (const ref of ['1', '2', '3']) {
      const topic = newTopic();
      await stage.allow(topic, sub, 'broadcast', 'receive');
      socket.join(topic, signToken({ sub }), ref);
    }
    await eventually(() => {
      const answers = ['1', '2', '3'].map((ref) => socket.reply(ref));
      expect(answers.filter((answer) => answer?.status === 'ok')).toHaveLength(2);
      expect(answers.find((answer) => answer?.status === 'error')?.response).toEqual({
        reason: 'ChannelRateLimitReached: Too many channels',
      });
    });
    socket.vanish();
  });

  it('closes a channel that gets too many messages', async () => {
    const { url } = await stage.start({ limits: { messagesPerSecond: 5 } });
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const socket = await BareSocket.open(url);
    socket.join(topic, token, '1');
    await eventually(() => expect(socket.reply('1')?.status).toBe('ok'));
    for (let i = 0; i < 10; i += 1) {
      socket.send({ topic: `realtime:${topic}`, event: 'x', payload: {}, ref: 'x', join_ref: '1' });
    }
    await eventually(() =>
      expect(socket.received.map(({ event }) => event)).toContain('phx_close'),
    );
    socket.vanish();
  });

  it('answers a message to a topic that was not joined', async () => {
    const { url } = await stage.start();
    const socket = await BareSocket.open(url);
    const topic = `realtime:${newTopic()}`;
    socket.send({ topic, event: 'broadcast', payload: {}, ref: '1', join_ref: '1' });
    socket.send({ topic, event: 'phx_leave', payload: {}, ref: '2', join_ref: '1' });
    await eventually(() => expect(socket.reply('2')).toEqual({ status: 'ok', response: {} }));
    expect(socket.reply('1')).toEqual({
      status: 'error',
      response: { reason: 'unmatched topic' },
    });
    socket.vanish();
  });

  it('replaces a channel that is joined a second time', async () => {
    const { url, relay } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const socket = await BareSocket.open(url);
    socket.join(topic, token, '1');
    socket.join(topic, token, '2');
    await eventually(() => expect(socket.reply('2')?.status).toBe('ok'));
    const closes = socket.received.filter(({ event }) => event === 'phx_close');
    expect(closes.map(({ ref }) => ref)).toEqual(['1']);
    expect(relay.stats()).toMatchObject({ channels: 1, topics: 1 });
    // A leave of the first join comes late, and the second stays.
    socket.send({
      topic: `realtime:${topic}`,
      event: 'phx_leave',
      payload: {},
      ref: '3',
      join_ref: '1',
    });
    await eventually(() => expect(socket.reply('3')?.status).toBe('ok'));
    expect(relay.stats().channels).toBe(1);
    socket.vanish();
  });

  it.each([
    ['no JSON', 'hello'],
    ['a binary frame in serialiser 1.0.0', new Uint8Array([3, 0, 0])],
  ])('closes a connection that sends %s', async (_, frame) => {
    const { url } = await stage.start();
    const socket = await BareSocket.open(url);
    socket.send(frame);
    expect(await socket.closed).toBe(1007);
  });

  it('closes every connection when it ends, and leaves nothing behind', async () => {
    const { url, relay, stop } = await stage.start();
    const topic = newTopic();
    const { token } = await stage.member(topic);
    const socket = await BareSocket.open(url);
    socket.join(topic, token, '1');
    await eventually(() => expect(socket.reply('1')?.status).toBe('ok'));
    await stop();
    expect(await socket.closed).toBe(1001);
    expect(relay.stats()).toMatchObject({ connections: 0, channels: 0, topics: 0 });
  });
});
