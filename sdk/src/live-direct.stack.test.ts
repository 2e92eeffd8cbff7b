import { afterEach, expect, test, vi } from 'vitest';
import type { LiveChannel } from './live-channel.ts';
import { newCommunity, newPerson, type Person } from './testing/stack-people.ts';

// A direct channel is followed as a channel, on the running stack. No polls: what arrives has arrived by the sockets.

const open: { close(): unknown }[] = [];

afterEach(() => {
  for (const thing of open.splice(0).reverse()) thing.close();
});

const WAIT = { timeout: 15_000, interval: 10 };

async function follow(person: Person, id: string): Promise<LiveChannel> {
  const live = person.guildhall.channel(id, {
    moveJitterMs: 0,
    pollIntervalMs: 600_000,
    offlinePollMs: 600_000,
  });
  open.push({ close: () => person.supabase.realtime.disconnect() }, live);
  await live.open();
  await vi.waitFor(() => expect(live.getSnapshot().status).toBe('live'), WAIT);
  return live;
}

const shows = (live: LiveChannel, wanted: string[]) =>
  vi.waitFor(
    () => expect(live.getSnapshot().messages.map((row) => row.body)).toEqual(wanted),
    WAIT,
  );

test('two people write to each other, and nobody else gets in', async () => {
  const [ada, ben, eve] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  await newCommunity(ada, [ben, eve]);
  const { id } = await ada.guildhall.direct.open({ userId: ben.id });
  const [adas, bens] = [await follow(ada, id), await follow(ben, id)];
  await adas.send('hello');
  await bens.send('hello yourself', { replyToSeq: 1 });
  await shows(adas, ['hello', 'hello yourself']);
  await shows(bens, ['hello', 'hello yourself']);
  expect(await ben.guildhall.direct.list()).toMatchObject([
    { id, kind: 'pair', last_seq: 2, unread: 0 },
  ]);

  const eves = eve.guildhall.channel(id);
  open.push(eves);
  await expect(eves.open()).rejects.toMatchObject({ code: 'not_found', status: 404 });
  const { topic } = await ada.guildhall.messages.syncChannel({ channelId: id });
  open.push({ close: () => eve.supabase.removeAllChannels() });
  const refusal = new Promise((resolve) => {
    eve.supabase.channel(topic, { config: { private: true } }).subscribe(resolve);
  });
  expect(await refusal).toBe('CHANNEL_ERROR');
});

test('whoever is taken out of a group loses it at once, and the others move and go on', async () => {
  const [ada, ben, cleo] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  await newCommunity(ada, [ben, cleo]);
  const { id } = await ada.guildhall.direct.openGroup({ userIds: [ben.id, cleo.id], name: 'us' });
  const [adas, bens, cleos] = await Promise.all([ada, ben, cleo].map((who) => follow(who, id)));
  await adas!.send('to all');
  await shows(cleos!, ['to all']);
  await ada.guildhall.direct.removeMember({ channelId: id, userId: cleo.id });
  await vi.waitFor(() => expect(cleos!.getSnapshot().status).toBe('lost_access'), WAIT);
  await adas!.send('to us two');
  await shows(bens!, ['to all', 'to us two']);
  expect(cleos!.getSnapshot().messages.map((row) => row.body)).not.toContain('to us two');
});
