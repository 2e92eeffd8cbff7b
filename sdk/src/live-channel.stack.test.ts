import { afterAll, describe, expect, inject, test, vi } from 'vitest';
import { createGuildhall } from './guildhall.ts';
import type { LiveChannel } from './live-channel.ts';
import type { LiveChannelOptions, LiveStatus } from './live-snapshot.ts';
import { type BreakableLine, startBreakableLine } from './testing/breakable-line.ts';
import {
  newCommunity,
  newPerson,
  type Person,
  secondDevice,
  stackClient,
} from './testing/stack-people.ts';

// The live channel on the running stack: its REST API, its sockets, its database, and unmodified supabase-js clients. Each test has people
// and a community of its own, and mostly they wait: they go on side by side.

const open: { close(): unknown }[] = [];

afterAll(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** Without polls, unless a test is about them, so that what arrives has arrived the way the test says. */
async function follow(
  person: Person,
  channelId: string,
  options: LiveChannelOptions = {},
): Promise<LiveChannel> {
  const channel = person.guildhall.channel(channelId, {
    moveJitterMs: 0,
    pollIntervalMs: 600_000,
    offlinePollMs: 600_000,
    ...options,
  });
  open.push({ close: () => person.supabase.realtime.disconnect() }, channel);
  await channel.open();
  await status(channel, 'live');
  return channel;
}

async function line(): Promise<BreakableLine> {
  const made = await startBreakableLine(inject('stack').apiUrl);
  open.push(made);
  return made;
}

const WAIT = { timeout: 15_000, interval: 10 };

const status = (channel: LiveChannel, wanted: LiveStatus) =>
  vi.waitFor(() => expect(channel.getSnapshot().status).toBe(wanted), WAIT);

const bodies = (channel: LiveChannel) => channel.getSnapshot().messages.map((row) => row.body);

const shows = (channel: LiveChannel, wanted: string[]) =>
  vi.waitFor(() => expect(bodies(channel)).toEqual(wanted), WAIT);

describe.concurrent('two people', () => {
  test('see each other’s messages in one order, each once', async () => {
    const [ada, ben] = await Promise.all([newPerson(), newPerson()]);
    const { channel } = await newCommunity(ada, [ben]);
    const [adas, bens] = await Promise.all([follow(ada, channel.id), follow(ben, channel.id)]);
    const sends = [];
    for (let index = 0; index < 10; index += 1) {
      sends.push(adas.send(`ada ${index}`), bens.send(`ben ${index}`));
    }
    const rows = await Promise.all(sends);
    await vi.waitFor(() => {
      expect(adas.getSnapshot().messages).toHaveLength(20);
      expect(bens.getSnapshot().messages).toEqual(adas.getSnapshot().messages);
    }, WAIT);
    const { messages, pending } = adas.getSnapshot();
    expect(pending).toEqual([]);
    expect(messages.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(messages.map(({ status: _, ...row }) => row)).toEqual(
      rows.sort((a, b) => a.seq - b.seq),
    );
    for (const name of ['ada', 'ben']) {
      const own = messages.map((row) => row.body).filter((body) => body.startsWith(name));
      expect(own).toEqual(Array.from({ length: 10 }, (_, i) => `${name} ${i}`));
    }
  });

  test('what is sent is pending at once, and never pending and sent at the same time', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const adas = await follow(ada, channel.id);
    const seen: string[] = [];
    adas.subscribe(() => {
      const { messages, pending } = adas.getSnapshot();
      const isSent = messages.some((row) => row.body === 'hello');
      const isPending = pending.some((message) => message.body === 'hello');
      seen.push(`${isPending ? 'pending' : ''}${isSent ? 'sent' : ''}`);
    });
    const sending = adas.send('hello');
    expect(adas.getSnapshot().pending).toMatchObject([{ body: 'hello', status: 'sending' }]);
    await sending;
    await shows(adas, ['hello']);
    expect(new Set(seen)).toEqual(new Set(['pending', 'sent']));
  });

  test('a reply names what it answers, and one to nothing fails visibly', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const adas = await follow(ada, channel.id);
    await adas.send('a question');
    expect(await adas.send('an answer', { replyToSeq: 1 })).toMatchObject({ reply_to_seq: 1 });
    await expect(adas.send('to nothing', { replyToSeq: 99 })).rejects.toMatchObject({
      code: 'not_found',
      status: 404,
    });
    const [failed] = adas.getSnapshot().pending;
    expect(failed).toMatchObject({ body: 'to nothing', status: 'failed' });
    // It says nothing about the channel itself.
    expect(adas.getSnapshot().status).toBe('live');
    adas.discard(failed?.nonce ?? '');
    expect(adas.getSnapshot().pending).toEqual([]);
  });

  test('a message that never left is retried under its nonce and is there once', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const adas = await follow(ada, channel.id);
    await expect(adas.send('   ')).rejects.toMatchObject({ code: 'invalid_argument' });
    const nonce = adas.getSnapshot().pending[0]?.nonce ?? '';
    await expect(adas.retry(nonce)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(adas.getSnapshot().pending).toHaveLength(1);
    const sent = await ada.guildhall.messages.send({
      channelId: channel.id,
      body: 'by another way',
      clientNonce: nonce,
    });
    await shows(adas, ['by another way']);
    expect(adas.getSnapshot().pending).toEqual([]);
    expect(sent.client_nonce).toBe(nonce);
  });

  test('one person on two devices sees the same on both', async () => {
    const ada = await newPerson();
    const second = await secondDevice(ada);
    const { channel } = await newCommunity(ada);
    const [here, there] = [await follow(ada, channel.id), await follow(second, channel.id)];
    await here.send('from here');
    await there.send('from there');
    await shows(here, ['from here', 'from there']);
    await shows(there, ['from here', 'from there']);
  });
});

describe.concurrent('history', () => {
  test('comes in pages, from the newest back to the first', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const wanted = Array.from({ length: 12 }, (_, index) => `message ${index + 1}`);
    for (const body of wanted) await ada.guildhall.messages.send({ channelId: channel.id, body });
    const adas = await follow(ada, channel.id, { pageSize: 5 });
    expect(bodies(adas)).toEqual(wanted.slice(7));
    expect(adas.getSnapshot()).toMatchObject({ lastSeq: 12, revision: 12, hasOlder: true });
    expect(await adas.loadOlder()).toBe(5);
    expect(await adas.loadOlder()).toBe(2);
    expect(bodies(adas)).toEqual(wanted);
    expect(adas.getSnapshot().hasOlder).toBe(false);
  });
});

describe.concurrent('a broken line', () => {
  test('a cut socket resumes, with everything that was said meanwhile', async () => {
    const ada = await newPerson();
    const wire = await line();
    const ben = await newPerson(wire.apiUrl);
    const { channel } = await newCommunity(ada, [ben]);
    const bens = await follow(ben, channel.id, { syncLimit: 3 });
    for (let round = 0; round < 2; round += 1) {
      wire.cut();
      await status(bens, 'offline');
      for (let index = 0; index < 7; index += 1) {
        await ada.guildhall.messages.send({ channelId: channel.id, body: `${round}.${index}` });
      }
      expect(bodies(bens)).toHaveLength(round * 7);
      wire.mend();
      await vi.waitFor(() => expect(bodies(bens)).toHaveLength(round * 7 + 7), WAIT);
      await status(bens, 'live');
    }
    expect(bens.stats()).toMatchObject({ reconnects: 2, messagesHealed: 14, polls: 0 });
    await ada.guildhall.messages.send({ channelId: channel.id, body: 'live again' });
    await vi.waitFor(() => expect(bodies(bens).at(-1)).toBe('live again'), WAIT);
    expect(bens.stats().messagesHealed).toBe(14);
  });

  test('without any socket, messages still come and go', async () => {
    const ada = await newPerson();
    const wire = await line();
    const ben = await newPerson(wire.apiUrl);
    const { channel } = await newCommunity(ada, [ben]);
    wire.cut();
    const bens = ben.guildhall.channel(channel.id, { offlinePollMs: 200, pollIntervalMs: 400 });
    open.push(bens);
    await bens.open();
    await bens.send('sent without a socket');
    await ada.guildhall.messages.send({ channelId: channel.id, body: 'and heard' });
    await shows(bens, ['sent without a socket', 'and heard']);
    expect(bens.getSnapshot().status).toBe('offline');
    wire.mend();
    await status(bens, 'live');
  });

  test('a socket that stays open and carries nothing loses nothing, and is replaced', async () => {
    const ada = await newPerson();
    const wire = await line();
    const ben = await newPerson(wire.apiUrl);
    const { channel } = await newCommunity(ada, [ben]);
    const bens = await follow(ben, channel.id, { pollIntervalMs: 400, offlinePollMs: 400 });
    const opened = wire.opened;
    wire.freeze();
    await ada.guildhall.messages.send({ channelId: channel.id, body: 'into a dead socket' });
    await shows(bens, ['into a dead socket']);
    await vi.waitFor(() => expect(wire.opened).toBeGreaterThan(opened), WAIT);
    await status(bens, 'live');
    expect(bens.stats().messagesHealed).toBe(1);
  });
});

describe.concurrent('access', () => {
  test('an outsider gets nothing: the channel does not open, its topics refuse', async () => {
    const [ada, eve] = await Promise.all([newPerson(), newPerson()]);
    const { channel, community } = await newCommunity(ada);
    const adas = await follow(ada, channel.id);
    const eves = eve.guildhall.channel(channel.id);
    await expect(eves.open()).rejects.toMatchObject({ code: 'not_found', status: 404 });
    expect(eves.getSnapshot()).toMatchObject({ status: 'lost_access', messages: [], lastSeq: 0 });
    await adas.send('not for eve');
    // The names alone do not help.
    const { topic, community_topic } = await ada.guildhall.messages.syncChannel({
      channelId: channel.id,
    });
    for (const name of [topic, community_topic as string]) {
      const refusal = new Promise((resolve) => {
        eve.supabase.channel(name, { config: { private: true } }).subscribe(resolve);
      });
      expect(await refusal).toBe('CHANNEL_ERROR');
    }
    open.push({ close: () => eve.supabase.removeAllChannels() });
    await expect(
      eve.guildhall.communities.listChannels({ communityId: community.id }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('without a session the channel says so at once, and opens after signing in', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const { data } = await ada.supabase.auth.getSession();
    const supabase = stackClient();
    const live = createGuildhall(supabase).channel(channel.id);
    open.push({ close: () => supabase.realtime.disconnect() }, live);
    await expect(live.open()).rejects.toMatchObject({ code: 'session_required' });
    expect(live.getSnapshot()).toMatchObject({
      status: 'closed',
      error: { code: 'session_required' },
    });
    if (data.session !== null) await supabase.auth.setSession(data.session);
    await live.open();
    await status(live, 'live');
  });

  test('a channel id that is none is refused before the network', async () => {
    const ada = await newPerson();
    const live = ada.guildhall.channel('general');
    await expect(live.open()).rejects.toMatchObject({
      code: 'invalid_argument',
      details: { field: 'channelId' },
    });
    expect(live.getSnapshot().status).toBe('closed');
  });

  test('who leaves loses the channel at once, and the others move and go on', async () => {
    const [ada, ben, cyd] = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const { channel, community } = await newCommunity(ada, [ben, cyd]);
    const adas = await follow(ada, channel.id);
    const bens = await follow(ben, channel.id);
    const cyds = await follow(cyd, channel.id);
    await adas.send('for all three');
    for (const live of [adas, bens, cyds]) await shows(live, ['for all three']);
    await ben.guildhall.communities.leave({ communityId: community.id });
    await status(bens, 'lost_access');
    await adas.send('for two');
    for (const live of [adas, cyds]) {
      await shows(live, ['for all three', 'for two']);
      await status(live, 'live');
      // The broadcast may come after the answer to a send.
      await vi.waitFor(() => expect(live.stats()).toMatchObject({ moves: 1, polls: 0 }), WAIT);
    }
    expect(bodies(bens)).toEqual(['for all three']);
    expect(ben.supabase.getChannels()).toEqual([]);
    await expect(
      ben.guildhall.messages.send({ channelId: channel.id, body: 'still me' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('who is kicked hears nothing sent after the kick, and the others lose nothing', async () => {
    const [ada, ben, cyd] = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const { channel, community } = await newCommunity(ada, [ben, cyd]);
    const [adas, cyds] = [await follow(ada, channel.id), await follow(cyd, channel.id)];
    const bens = await follow(ben, channel.id);
    // The bare socket too: the store might close its eyes.
    const heard: string[] = [];
    const device = await secondDevice(ben);
    open.push({ close: () => device.supabase.removeAllChannels() });
    const { topic } = await ben.guildhall.messages.syncChannel({ channelId: channel.id });
    await new Promise((resolve) => {
      device.supabase
        .channel(topic, { config: { private: true } })
        .on('broadcast', { event: '*' }, ({ payload }) => heard.push(payload.message.body))
        .subscribe(resolve);
    });
    await adas.send('before');
    await shows(bens, ['before']);

    await ada.guildhall.communities.kickMember({ communityId: community.id, userId: ben.id });
    await adas.send('after');
    for (const live of [adas, cyds]) await shows(live, ['before', 'after']);
    await status(bens, 'lost_access');
    expect(bodies(bens)).toEqual(['before']);
    expect(heard).toEqual(['before']);
    for (const live of [adas, cyds]) expect(live.stats()).toMatchObject({ polls: 0 });
  });

  test('what a ban hides disappears from every open channel', async () => {
    const [ada, ben, cyd] = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const { channel, community } = await newCommunity(ada, [ben, cyd]);
    const [adas, bens, cyds] = [
      await follow(ada, channel.id),
      await follow(ben, channel.id),
      await follow(cyd, channel.id),
    ];
    await adas.send('hello');
    await bens.send('spam');
    await shows(cyds, ['hello', 'spam']);
    await ada.guildhall.communities.banMember({
      communityId: community.id,
      userId: ben.id,
      hideMessagesSince: new Date(Date.now() - 3_600_000).toISOString(),
    });
    await cyds.send('better');
    for (const live of [adas, cyds]) await shows(live, ['hello', 'better']);
    await status(bens, 'lost_access');
  });

  test('who loses one channel keeps the others, and their topics keep their names', async () => {
    const [ada, ben] = await Promise.all([newPerson(), newPerson()]);
    const { channel, community } = await newCommunity(ada, [ben]);
    const staff = await ada.guildhall.communities.createChannel({
      communityId: community.id,
      name: 'staff',
    });
    const [general, closing] = [await follow(ben, channel.id), await follow(ben, staff.id)];
    const adas = await follow(ada, staff.id);
    const { topic } = await ben.guildhall.messages.syncChannel({ channelId: channel.id });

    await ada.guildhall.communities.setChannelOverwrite({
      channelId: staff.id,
      subjectKind: 'member',
      subjectId: ben.id,
      deny: ['view_channel'],
    });
    await status(closing, 'lost_access');
    await adas.send('among ourselves');
    await shows(adas, ['among ourselves']);
    expect(bodies(closing)).toEqual([]);
    await vi.waitFor(() => expect(adas.stats()).toMatchObject({ moves: 1 }), WAIT);
    const after = await ben.guildhall.messages.syncChannel({ channelId: channel.id });
    expect(after.topic).toBe(topic);
    await general.send('still here');
    await shows(general, ['still here']);
    expect(general.stats()).toMatchObject({ moves: 0 });
  });
});

describe.concurrent('topics', () => {
  test('of one community are joined once for all its live channels, and left with the last', async () => {
    const ada = await newPerson();
    const { channel, community } = await newCommunity(ada);
    const other = await ada.guildhall.communities.createChannel({
      communityId: community.id,
      name: 'second',
    });
    const first = await follow(ada, channel.id);
    const again = await follow(ada, channel.id);
    const second = await follow(ada, other.id);
    const names = () => ada.supabase.getChannels().map((joined) => joined.subTopic.split(':')[0]);
    expect(names().sort()).toEqual(['channel', 'channel', 'community']);
    await first.send('heard by both');
    await shows(again, ['heard by both']);
    first.close();
    await again.send('still heard');
    await shows(again, ['heard by both', 'still heard']);
    second.close();
    again.close();
    await vi.waitFor(() => expect(ada.supabase.getChannels()).toEqual([]), WAIT);
    await first.open();
    await status(first, 'live');
    expect(bodies(first)).toEqual(['heard by both', 'still heard']);
  });

  test('closed and opened again in one breath, the channel is live', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const adas = await follow(ada, channel.id);
    for (let round = 0; round < 5; round += 1) {
      adas.close();
      void adas.open();
    }
    await status(adas, 'live');
    await ada.guildhall.messages.send({ channelId: channel.id, body: 'heard' });
    await shows(adas, ['heard']);
    expect(adas.stats().polls).toBe(0);
  });

  test('that the application removes by itself are joined again', async () => {
    const ada = await newPerson();
    const { channel } = await newCommunity(ada);
    const adas = await follow(ada, channel.id);
    // Recorded, not waited for: joining again may take less time than looking twice.
    const seen: LiveStatus[] = [];
    adas.subscribe(() => seen.push(adas.getSnapshot().status));
    await ada.supabase.removeAllChannels();
    await vi.waitFor(() => expect(seen).toContain('offline'), WAIT);
    await status(adas, 'live');
    await ada.guildhall.messages.send({ channelId: channel.id, body: 'heard' });
    await shows(adas, ['heard']);
  });
});
