import { afterAll, expect, test, vi } from 'vitest';
import type { LiveChannel } from './live-channel.ts';
import { newCommunity, newPerson, type Person } from './testing/stack-people.ts';

// A thread is followed as a channel, on the running stack. No polls: what arrives has arrived by the sockets. Each test has people of its
// own, and they go on side by side: a job that tells of threads runs every few seconds.

const open: { close(): unknown }[] = [];

afterAll(() => {
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

const losesAccess = (live: LiveChannel) =>
  vi.waitFor(() => expect(live.getSnapshot().status).toBe('lost_access'), WAIT);

async function threadOf(owner: Person, channelId: string, isPrivate = false) {
  return owner.guildhall.messages.createThread({ channelId, name: 'aside', isPrivate });
}

test.concurrent('two people see each other’s messages in a thread, and its channel shows that there is one', async () => {
  const [ada, ben] = await Promise.all([newPerson(), newPerson()]);
  const { channel } = await newCommunity(ada, [ben]);
  const bensChannel = await follow(ben, channel.id);
  const thread = await threadOf(ada, channel.id);
  await shows(bensChannel, ['aside']);
  const [root] = bensChannel.getSnapshot().messages;
  expect(root).toMatchObject({
    kind: 'thread_created',
    thread: { id: thread.id, name: 'aside', last_seq: 0 },
  });

  const [adas, bens] = [await follow(ada, thread.id), await follow(ben, thread.id)];
  await adas.send('one');
  await bens.send('two', { replyToSeq: 1 });
  await shows(adas, ['one', 'two']);
  await shows(bens, ['one', 'two']);
  // The job that tells of it runs every few seconds.
  await vi.waitFor(
    () => expect(bensChannel.getSnapshot().messages[0]?.thread?.last_seq).toBe(2),
    WAIT,
  );
});

test.concurrent('who loses the channel loses its open threads at once, and whoever stays goes on', async () => {
  const [ada, ben, eve] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  const { community, channel } = await newCommunity(ada, [ben, eve]);
  const thread = await threadOf(ada, channel.id);
  const [bens, eves] = [await follow(ben, thread.id), await follow(eve, thread.id)];
  await ada.guildhall.communities.setChannelOverwrite({
    channelId: channel.id,
    subjectKind: 'member',
    subjectId: eve.id,
    allow: [],
    deny: ['view_channel'],
  });
  await ada.guildhall.messages.send({ channelId: thread.id, body: 'among us' });
  await losesAccess(eves);
  await shows(bens, ['among us']);
  await shows(eves, []);

  await ada.guildhall.communities.kickMember({ communityId: community.id, userId: ben.id });
  await losesAccess(bens);
});

test.concurrent('who is taken out of a private thread hears no more of it', async () => {
  const [ada, ben, eve] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  const { channel } = await newCommunity(ada, [ben, eve]);
  const thread = await threadOf(ada, channel.id, true);
  const refused = ben.guildhall.channel(thread.id);
  await expect(refused.open()).rejects.toMatchObject({ code: 'not_found' });
  for (const { id } of [ben, eve]) {
    await ada.guildhall.messages.addThreadMember({ threadId: thread.id, userId: id });
  }
  const [bens, eves] = [await follow(ben, thread.id), await follow(eve, thread.id)];
  await bens.send('hello');
  await shows(eves, ['hello']);
  await ada.guildhall.messages.removeThreadMember({ threadId: thread.id, userId: eve.id });
  await ada.guildhall.messages.send({ channelId: thread.id, body: 'among us' });
  await losesAccess(eves);
  await shows(bens, ['hello', 'among us']);
  await shows(eves, ['hello']);
});

test.concurrent('a thread that is deleted is gone for who has it open', async () => {
  const [ada, ben] = await Promise.all([newPerson(), newPerson()]);
  const { channel } = await newCommunity(ada, [ben]);
  const thread = await threadOf(ada, channel.id);
  const [bens, bensChannel] = [await follow(ben, thread.id), await follow(ben, channel.id)];
  await shows(bensChannel, ['aside']);
  await ada.guildhall.messages.deleteThread({ threadId: thread.id });
  await losesAccess(bens);
  await shows(bensChannel, []);
});
