import { randomUUID } from 'node:crypto';
import type { RealtimeChannel } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BareSocket, eventually, RelayStage, subscribed, versions } from './testing/relay-stage.ts';

let stage: RelayStage;
beforeAll(async () => {
  stage = await RelayStage.open();
}, 60_000);
afterEach(() => stage.reset());
afterAll(() => stage.close());

const newTopic = () => `room:${randomUUID()}`;
const all = ['see presence', 'be present'] as const;

/** Who comes and goes on the channel from now on, as `+key` and `-key`. */
function watching(channel: RealtimeChannel): string[] {
  const changes: string[] = [];
  channel
    .on('presence', { event: 'join' }, ({ key }) => changes.push(`+${key}`))
    .on('presence', { event: 'leave' }, ({ key }) => changes.push(`-${key}`));
  return changes;
}

/** What is tracked under each key, without the references. */
function state(channel: RealtimeChannel) {
  return Object.fromEntries(
    Object.entries(channel.presenceState()).map(([key, metas]) => [
      key,
      metas.map(({ presence_ref, ...tracked }) => tracked),
    ]),
  );
}

describe.each(versions)('presence with serialiser %s', (version) => {
  async function joining(url: string, topic: string, key: string) {
    const { supabase, channel } = await stage.client(url, {
      ...(await stage.member(topic, ...all)),
      version,
    });
    const joined = channel(topic, { presence: { key } });
    return { supabase, channel: joined, changes: watching(joined) };
  }

  async function present(url: string, topic: string, key: string) {
    const person = await joining(url, topic, key);
    await subscribed(person.channel);
    return person;
  }

  it('shows who comes and goes', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const ann = await present(url, topic, 'ann');
    expect(await ann.channel.track({ mood: 'fine' })).toBe('ok');
    const bob = await present(url, topic, 'bob');
    await eventually(() => expect(state(bob.channel)).toEqual({ ann: [{ mood: 'fine' }] }));
    expect(await bob.channel.track({ mood: 'new' })).toBe('ok');
    const both = { ann: [{ mood: 'fine' }], bob: [{ mood: 'new' }] };
    await eventually(() => expect(state(ann.channel)).toEqual(both));
    expect(state(bob.channel)).toEqual(both);
    expect(await bob.channel.untrack()).toBe('ok');
    await eventually(() => expect(state(ann.channel)).toEqual({ ann: [{ mood: 'fine' }] }));
    expect(ann.changes).toEqual(['+ann', '+bob', '-bob']);
  });

  // This version of the client keeps the old entry beside the new one, so what it is told is looked at, not its state.
  it('tells of a change as the new entry coming and the old one going', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const [ann, bob] = [await joining(url, topic, 'ann'), await present(url, topic, 'bob')];
    const came: unknown[] = [];
    const went: unknown[] = [];
    const moods = (presences: Record<string, unknown>[]) => presences.map(({ mood }) => mood);
    ann.channel
      .on('presence', { event: 'join' }, ({ newPresences }) => came.push(...moods(newPresences)))
      .on('presence', { event: 'leave' }, ({ leftPresences }) =>
        went.push(...moods(leftPresences)),
      );
    await subscribed(ann.channel);
    await bob.channel.track({ mood: 'new' });
    await bob.channel.track({ mood: 'old' });
    await bob.channel.track({ mood: 'old' });
    await bob.channel.untrack();
    await eventually(() => expect(went).toEqual(['new', 'old']));
    expect(came).toEqual(['new', 'old']);
  });

  it('ends with the channel', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const [ann, bob] = [await present(url, topic, 'ann'), await present(url, topic, 'bob')];
    await bob.channel.track({});
    await eventually(() => expect(ann.changes).toEqual(['+bob']));
    await bob.channel.unsubscribe();
    await eventually(() => expect(ann.changes).toEqual(['+bob', '-bob']));
  });

  it('ends with the connection', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const [ann, bob] = [await present(url, topic, 'ann'), await present(url, topic, 'bob')];
    await bob.channel.track({});
    await eventually(() => expect(ann.changes).toEqual(['+bob']));
    await bob.supabase.realtime.disconnect();
    await eventually(() => expect(ann.changes).toEqual(['+bob', '-bob']));
  });
});

describe('presence', () => {
  it('of several connections under one key lasts until the last is gone', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const channels: RealtimeChannel[] = [];
    for (const device of ['phone', 'laptop']) {
      const client = await stage.client(url, await stage.member(topic, ...all));
      const channel = client.channel(topic, { presence: { key: 'ann', enabled: true } });
      await subscribed(channel);
      await channel.track({ device });
      channels.push(channel);
    }
    const [phone, laptop] = channels as [RealtimeChannel, RealtimeChannel];
    await eventually(() =>
      expect(state(phone)).toEqual({ ann: [{ device: 'phone' }, { device: 'laptop' }] }),
    );
    await laptop.unsubscribe();
    await eventually(() => expect(state(phone)).toEqual({ ann: [{ device: 'phone' }] }));
  });

  it('has a key of its own for whoever names none', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const channel = (await stage.client(url, await stage.member(topic, ...all))).channel(topic);
    const changes = watching(channel);
    await subscribed(channel);
    await channel.track({});
    await eventually(() => expect(changes).toEqual([expect.stringMatching(/^\+[0-9a-f-]{36}$/)]));
  });

  it('needs its own right to be present, whatever may be broadcast', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const sender = await stage.member(topic, 'send', 'see presence');
    const watcher = (await stage.client(url, await stage.member(topic, ...all))).channel(topic);
    const changes = watching(watcher);
    await subscribed(watcher);
    const channel = (await stage.client(url, sender)).channel(topic, { broadcast: { ack: true } });
    watching(channel);
    await subscribed(channel);
    expect(await channel.track({})).toBe('error');
    expect(await channel.send({ type: 'broadcast', event: 'e', payload: {} })).toBe('ok');
    expect(changes).toEqual([]);
  });

  it('needs its own right to be seen, whatever may be heard', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const ann = (await stage.client(url, await stage.member(topic, ...all))).channel(topic);
    const seenByAnn = watching(ann);
    await subscribed(ann);
    await ann.track({ who: 'ann' });
    const blind = (await stage.client(url, await stage.member(topic, 'be present'))).channel(topic);
    const seenByBlind = watching(blind);
    const heardByBlind: unknown[] = [];
    blind.on('broadcast', { event: '*' }, ({ event }) => heardByBlind.push(event));
    await subscribed(blind);
    expect(await blind.track({ who: 'blind' })).toBe('ok');
    await eventually(() => expect(seenByAnn).toHaveLength(2));
    await stage.database.query("select realtime.send('{}', 'after', $1)", [topic]);
    await eventually(() => expect(heardByBlind).toEqual(['after']));
    expect(seenByBlind).toEqual([]);
    expect(blind.presenceState()).toEqual({});
  });

  it('shows who was there before to a client that turns it on by tracking', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const ann = (await stage.client(url, await stage.member(topic, ...all))).channel(topic, {
      presence: { key: 'ann', enabled: true },
    });
    await subscribed(ann);
    await ann.track({ n: 1 });
    const bob = (await stage.client(url, await stage.member(topic, ...all))).channel(topic, {
      presence: { key: 'bob', enabled: false },
    });
    await subscribed(bob);
    await bob.track({ n: 2 });
    await eventually(() => expect(state(bob)).toEqual({ ann: [{ n: 1 }], bob: [{ n: 2 }] }));
  });

  it('ends for whoever vanishes without a word', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const ann = (await stage.client(url, await stage.member(topic, ...all))).channel(topic);
    const changes = watching(ann);
    await subscribed(ann);
    const socket = await BareSocket.open(url);
    socket.join(topic, (await stage.member(topic, ...all)).token, '1');
    socket.send({
      topic: `realtime:${topic}`,
      event: 'presence',
      payload: { type: 'presence', event: 'track', payload: {} },
      ref: '2',
      join_ref: '1',
    });
    await eventually(() => expect(changes).toHaveLength(1));
    socket.vanish();
    await eventually(() => expect(changes).toHaveLength(2));
    expect(changes[1]).toBe(changes[0]?.replace('+', '-'));
  });

  it('closes the channel of whoever tracks too often', async () => {
    const { url } = await stage.start({ limits: { presenceCalls: 2 } });
    const topic = newTopic();
    const channel = (await stage.client(url, await stage.member(topic, ...all))).channel(topic);
    const told: { message?: string }[] = [];
    channel.on('system', {}, (message) => told.push(message));
    const statuses = await subscribed(channel);
    for (const n of [1, 2, 3]) void channel.track({ n });
    await eventually(() => expect(statuses).toEqual(['SUBSCRIBED', 'CLOSED']));
    expect(told[0]?.message).toBe('Client presence rate limit exceeded');
  });

  it('refuses to track what is no object', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const channel = (await stage.client(url, await stage.member(topic, ...all))).channel(topic);
    await subscribed(channel);
    expect(await channel.track('here' as never)).toBe('error');
  });
});
