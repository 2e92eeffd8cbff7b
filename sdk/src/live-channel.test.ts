import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { LiveChannel } from './live-channel.ts';
import type { LiveChannelOptions } from './live-snapshot.ts';
import { MODEL_CHANNEL_ID, ModelServer } from './testing/model-server.ts';

// Faults of the wire, on a model of the server and a clock that the test moves. Everything that needs no fault is
// tested on the real stack, in live-channel.stack.test.ts.

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function liveChannel(server: ModelServer, options: LiveChannelOptions = {}): LiveChannel {
  return new LiveChannel(MODEL_CHANNEL_ID, server.source, server, {
    pageSize: 5,
    syncLimit: 4,
    moveJitterMs: 0,
    ...options,
  });
}

async function openChannel(
  server: ModelServer,
  options: LiveChannelOptions = {},
): Promise<LiveChannel> {
  const channel = liveChannel(server, options);
  const opened = channel.open();
  await vi.advanceTimersByTimeAsync(200);
  await opened;
  return channel;
}

function serverWith(messages: number): ModelServer {
  const server = new ModelServer();
  for (let index = 1; index <= messages; index += 1) server.post(`message ${index}`);
  return server;
}

const bodies = (channel: LiveChannel) => channel.getSnapshot().messages.map((row) => row.body);
const seqs = (channel: LiveChannel) => channel.getSnapshot().messages.map((row) => row.seq);

describe('opening', () => {
  test('shows the newest page and is live', async () => {
    const server = serverWith(12);
    const channel = await openChannel(server);
    expect(channel.getSnapshot()).toMatchObject({
      status: 'live',
      revision: 12,
      lastSeq: 12,
      hasOlder: true,
      error: null,
      pending: [],
    });
    expect(seqs(channel)).toEqual([8, 9, 10, 11, 12]);
    expect(channel.getSnapshot().messages[0]?.status).toBe('sent');
  });

  test('an empty channel is live and has nothing older', async () => {
    const channel = await openChannel(new ModelServer());
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', messages: [], hasOlder: false });
  });

  test('what is posted between the head and the join is there', async () => {
    const server = serverWith(3);
    const channel = liveChannel(server);
    void channel.open();
    for (let index = 0; index < 10; index += 1) {
      server.post(`while opening ${index}`);
      await vi.advanceTimersByTimeAsync(7);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.getSnapshot().lastSeq).toBe(13);
    expect(seqs(channel)).toEqual(
      [...server.rows.keys()].filter((seq) => seq >= (seqs(channel)[0] ?? 0)),
    );
    expect(channel.stats().messagesHealed).toBe(0);
  });

  test('goes on trying while the network is down, and says why', async () => {
    const server = serverWith(2);
    server.planCalls(['lose_request', 'lose_answer', 'answer', 'lose_answer']);
    const channel = liveChannel(server);
    const opened = channel.open();
    await vi.advanceTimersByTimeAsync(30);
    expect(channel.getSnapshot()).toMatchObject({
      status: 'connecting',
      error: { code: 'network_error' },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await opened;
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', error: null });
    expect(seqs(channel)).toEqual([1, 2]);
  });

  test('ends as lost access, with a rejection, when the caller may not view the channel', async () => {
    const server = serverWith(2);
    server.mayView = false;
    const channel = liveChannel(server);
    const opened = channel.open();
    await vi.advanceTimersByTimeAsync(200);
    await expect(opened).rejects.toMatchObject({ code: 'not_found' });
    expect(channel.getSnapshot()).toMatchObject({ status: 'lost_access', messages: [] });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('who may view but not read the history sees what comes, and nothing before', async () => {
    const server = serverWith(4);
    server.mayReadHistory = false;
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    server.post('new');
    await vi.advanceTimersByTimeAsync(20);
    expect(bodies(channel)).toEqual(['new']);
    server.planDeliveries(['drop']);
    server.edit(5, 'changed unheard');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(seqs(channel)).toEqual([5]);
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', hasOlder: false, revision: 6 });
  });

  test('opening twice opens once, and a closed channel can be opened again', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    expect(channel.open()).toBe(channel.open());
    channel.close();
    expect(channel.getSnapshot().status).toBe('closed');
    expect(server.joinedTopics).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    server.post('while closed');
    const reopened = channel.open();
    expect(channel.getSnapshot().status).toBe('connecting');
    await vi.advanceTimersByTimeAsync(200);
    await reopened;
    expect(seqs(channel)).toEqual([1, 2, 3]);
  });

  test('closing ends the questions under way', async () => {
    const server = serverWith(2);
    const signals: AbortSignal[] = [];
    const { sync } = server.source;
    server.source.sync = (request, signal) => {
      signals.push(signal);
      return sync(request, signal);
    };
    const channel = await openChannel(server);
    expect(signals.some((signal) => signal.aborted)).toBe(false);
    channel.close();
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });

  test('closing before the first page rejects what open returned', async () => {
    const channel = liveChannel(serverWith(1));
    const opened = channel.open();
    channel.close();
    await expect(opened).rejects.toMatchObject({ code: 'closed' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(channel.getSnapshot().status).toBe('closed');
  });
});

describe('broadcasts', () => {
  test('arrive in order without a single further question', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const asked = server.calls.sync;
    for (let index = 0; index < 20; index += 1) server.post(`live ${index}`);
    await vi.advanceTimersByTimeAsync(100);
    expect(channel.getSnapshot().lastSeq).toBe(22);
    expect(seqs(channel)).toHaveLength(22);
    expect(server.calls.sync).toBe(asked);
    expect(channel.stats()).toMatchObject({ gapsHealed: 0, messagesHealed: 0, polls: 0 });
  });

  test('one that is lost is fetched as soon as the next arrives', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(['drop', 'drop']);
    for (const body of ['lost', 'lost too', 'heard']) server.post(body);
    await vi.advanceTimersByTimeAsync(100);
    expect(bodies(channel).slice(-3)).toEqual(['lost', 'lost too', 'heard']);
    expect(channel.getSnapshot().status).toBe('live');
    expect(channel.stats()).toMatchObject({ gapsHealed: 1, messagesHealed: 2, polls: 0 });
  });

  test('a long gap is fetched in as many requests as it takes', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(Array.from({ length: 30 }, () => 'drop' as const));
    for (let index = 0; index < 31; index += 1) server.post(`burst ${index}`);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seqs(channel)).toHaveLength(33);
    expect(channel.stats()).toMatchObject({ gapsHealed: 1, messagesHealed: 30 });
  });

  test('one that comes twice shows once', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(['duplicate', 'duplicate']);
    server.post('a');
    server.post('b');
    await vi.advanceTimersByTimeAsync(100);
    expect(seqs(channel)).toEqual([1, 2, 3, 4]);
  });

  test('the last one lost is found after the quiet period', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 30_000 });
    server.planDeliveries(['drop']);
    server.post('lost, and nobody speaks after it');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seqs(channel)).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seqs(channel)).toEqual([1, 2, 3]);
    expect(channel.stats()).toMatchObject({ polls: 1, messagesHealed: 1 });
  });

  test('one that is lost while a catch-up is under way is fetched by the same catch-up', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(['drop', 'deliver', 'drop', 'deliver']);
    server.post('lost');
    server.post('heard');
    // The catch-up has read the feed, and its answer is on its way.
    await vi.advanceTimersByTimeAsync(16);
    server.post('lost meanwhile');
    server.post('heard meanwhile');
    await vi.advanceTimersByTimeAsync(100);
    expect(seqs(channel)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(channel.stats()).toMatchObject({ gapsHealed: 1, messagesHealed: 2 });
  });

  test('a garbled one makes the store ask', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(['garble']);
    server.post('garbled on its way');
    await vi.advanceTimersByTimeAsync(100);
    expect(bodies(channel).at(-1)).toBe('garbled on its way');
  });

  test('one of another channel is not shown', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const foreign = { ...server.rows.get(2), channel_id: 'another', seq: 3, revision: 3 };
    server.broadcast(server.topic, 'message_created', {
      revision: 3,
      kind: 'created',
      seq: 3,
      message: foreign,
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(seqs(channel)).toEqual([1, 2]);
    expect(channel.getSnapshot()).toMatchObject({ revision: 2, status: 'live' });
  });

  test('one that the feed does not know is not waited for for ever', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const phantom = { ...server.rows.get(2), seq: 9, revision: 9 };
    server.broadcast(server.topic, 'message_created', {
      revision: 9,
      kind: 'created',
      seq: 9,
      message: phantom,
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seqs(channel)).toEqual([1, 2]);
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', error: null });
  });

  test('typing and other events make no question', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const asked = server.calls.sync;
    server.broadcast(server.topic, 'typing', { user_id: 'x' });
    server.broadcast(server.topic, 'anything', null);
    await vi.advanceTimersByTimeAsync(100);
    expect(server.calls.sync).toBe(asked);
    expect(channel.getSnapshot().status).toBe('live');
  });

  test('edits and deletions change what is shown, and an edit told late does not undo a later one', async () => {
    const server = serverWith(4);
    const channel = await openChannel(server);
    server.planDeliveries(['delay', 'deliver', 'deliver']);
    server.edit(2, 'first edit');
    server.edit(2, 'second edit');
    server.remove(3);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bodies(channel)).toEqual(['message 1', 'second edit', 'message 4']);
    expect(channel.getSnapshot().revision).toBe(7);
  });
});

test('messages whose author is gone show nobody, wherever they are held', async () => {
  const server = serverWith(12);
  const channel = await openChannel(server);
  server.post('an answer', 10);
  await vi.advanceTimersByTimeAsync(50);
  const authors = () =>
    channel.getSnapshot().messages.map(({ seq, author_id }) => [seq, author_id !== null]);
  const loading = channel.loadOlder();
  await vi.advanceTimersByTimeAsync(11);
  // One that is on its way, one that is shown, and one that is answered.
  server.edit(4, 'edited in between');
  server.anonymise(4, 9, 10);
  await vi.advanceTimersByTimeAsync(50);
  await loading;
  const nameless = authors().filter(([, hasAuthor]) => !hasAuthor);
  expect(nameless).toEqual([
    [4, false],
    [9, false],
    [10, false],
  ]);
  const shown = channel.getSnapshot().messages;
  expect(shown.find(({ seq }) => seq === 4)?.body).toBe('edited in between');
  expect(shown.at(-1)?.reply).toMatchObject({ seq: 10, author_id: null, author_name: null });
  expect(shown.at(-1)?.reply?.excerpt).toBe('message 10');
});

test('a message never goes back to an older state while catching up', async () => {
  const server = serverWith(4);
  const channel = await openChannel(server, { syncLimit: 1 });
  const shown: string[] = [];
  channel.subscribe(() => shown.push(bodies(channel)[1] ?? ''));
  server.planDeliveries(['drop', 'deliver', 'drop']);
  server.edit(2, 'first edit');
  server.edit(2, 'second edit');
  // Before the catch-up reads the feed, which tells the newest state with every change.
  await vi.advanceTimersByTimeAsync(10);
  server.edit(2, 'third edit');
  await vi.advanceTimersByTimeAsync(500);
  expect(shown.filter((body) => body !== 'message 2')).not.toContain('second edit');
  expect(shown.at(-1)).toBe('third edit');
});

describe('the connection', () => {
  test('what was posted while the socket was cut is there after it is back', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { offlinePollMs: 60_000, pollIntervalMs: 60_000 });
    server.cutSocket();
    expect(channel.getSnapshot().status).toBe('offline');
    for (let index = 0; index < 9; index += 1) server.post(`unheard ${index}`);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(seqs(channel)).toEqual([1, 2]);
    server.restoreSocket();
    await vi.advanceTimersByTimeAsync(200);
    expect(seqs(channel)).toHaveLength(11);
    expect(channel.getSnapshot().status).toBe('live');
    expect(channel.stats()).toMatchObject({ reconnects: 1, messagesHealed: 9, polls: 0 });
  });

  test('while the socket stays down, messages come by asking, ever less often', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { offlinePollMs: 1_000, pollIntervalMs: 16_000 });
    server.cutSocket();
    server.post('posted in the dark');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bodies(channel).at(-1)).toBe('posted in the dark');
    expect(channel.getSnapshot().status).toBe('offline');
    await vi.advanceTimersByTimeAsync(100_000);
    expect(channel.stats().polls).toBeLessThan(15);
  });

  test('a socket that seems healthy and delivers nothing is found out and joined anew', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    const joins = server.joins;
    server.deafen();
    for (let index = 0; index < 4; index += 1) {
      server.post(`into deaf ears ${index}`);
      await vi.advanceTimersByTimeAsync(1_300);
    }
    expect(seqs(channel)).toHaveLength(6);
    expect(server.joins).toBe(joins + 1);
    server.post('heard again');
    await vi.advanceTimersByTimeAsync(10);
    expect(bodies(channel).at(-1)).toBe('heard again');
  });

  test('single losses in a socket that delivers are no reason to join anew', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    const joins = server.joins;
    for (let index = 0; index < 4; index += 1) {
      server.post(`heard ${index}`);
      await vi.advanceTimersByTimeAsync(10);
      server.planDeliveries(['drop']);
      server.post(`lost ${index}`);
      await vi.advanceTimersByTimeAsync(1_300);
    }
    expect(seqs(channel)).toHaveLength(10);
    expect(server.joins).toBe(joins);
  });

  test('a feed that no longer reaches back makes it read the pages again', async () => {
    const server = serverWith(20);
    const channel = await openChannel(server, { offlinePollMs: 60_000 });
    await Promise.all([channel.loadOlder(), vi.advanceTimersByTimeAsync(100)]);
    expect(seqs(channel)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    server.cutSocket();
    for (let index = 0; index < 7; index += 1) server.post(`long ago ${index}`);
    server.edit(19, 'edited long ago');
    server.prune();
    server.restoreSocket();
    await vi.advanceTimersByTimeAsync(500);
    expect(seqs(channel)).toEqual([18, 19, 20, 21, 22, 23, 24, 25, 26, 27]);
    expect(bodies(channel)[1]).toBe('edited long ago');
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', hasOlder: true, revision: 28 });
  });

  test('a database restored to an earlier state is followed', async () => {
    const server = serverWith(9);
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    server.restoreBackup(3);
    server.post('after the restore');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(bodies(channel).at(-1)).toBe('after the restore');
    expect(channel.getSnapshot()).toMatchObject({ revision: 7, lastSeq: 7, status: 'live' });
  });

  test.each(['poll', 'reopen'])(
    'changes heard before a restore do not come back after it (found by a %s)',
    async (way) => {
      const server = serverWith(9);
      const channel = await openChannel(server, { pollIntervalMs: 1_000 });
      server.planDeliveries(['drop', 'deliver']);
      server.planCalls(['lose_answer']);
      server.post('undone, unheard');
      server.post('undone, heard');
      await vi.advanceTimersByTimeAsync(30);
      server.restoreBackup(4);
      const errors: unknown[] = [];
      channel.subscribe(() => errors.push(channel.getSnapshot().error?.code));
      if (way === 'reopen') {
        channel.close();
        void channel.open();
      }
      await vi.advanceTimersByTimeAsync(3_000);
      expect(channel.getSnapshot()).toMatchObject({ revision: 7, status: 'live' });
      for (const body of ['new 8', 'new 9', 'new 10']) server.post(body);
      await vi.advanceTimersByTimeAsync(100);
      expect(channel.getSnapshot()).toMatchObject({ revision: 10, lastSeq: 10, status: 'live' });
      expect(errors).not.toContain('unexpected_answer');
      expect(bodies(channel).slice(-4)).toEqual(['message 7', 'new 8', 'new 9', 'new 10']);
    },
  );

  test('a catch-up that keeps failing is retried by a clock, not by every broadcast', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const asked = server.calls.sync;
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    server.planCalls(Array.from({ length: 100 }, () => 'lose_answer' as const));
    server.planDeliveries(['drop']);
    for (let index = 0; index < 100; index += 1) {
      server.post(`flood ${index}`);
      await vi.advanceTimersByTimeAsync(10);
    }
    // At once, and after waits of 250, 500 and 1 000 ms.
    expect(server.calls.sync - asked).toBeLessThanOrEqual(3);
    server.forgetFaults();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seqs(channel)).toHaveLength(102);
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', error: null });
  });

  test('a catch-up that failed does not wait for its clock once the topic is joined again', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { offlinePollMs: 100, pollIntervalMs: 100_000 });
    server.cutSocket();
    server.post('in the dark');
    server.planCalls(Array.from({ length: 4 }, () => 'lose_request' as const));
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.getSnapshot().error).toMatchObject({ code: 'network_error' });
    server.forgetFaults();
    server.restoreSocket();
    await vi.advanceTimersByTimeAsync(50);
    expect(bodies(channel).at(-1)).toBe('in the dark');
  });

  test.each([
    ['with a hole', 1, 9, [1, 2]],
    ['that ends too early', 0, -1, [1, 2, 3, 4]],
  ])('a feed %s is not believed', async (_, from, to, shown) => {
    const server = serverWith(2);
    const { sync } = server.source;
    let isBroken = true;
    server.source.sync = async (request, signal) => {
      const answer = (await sync(request, signal)) as { changes: unknown[] };
      return isBroken ? { ...answer, changes: answer.changes.slice(from, to) } : answer;
    };
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    server.planDeliveries(['drop', 'drop', 'drop']);
    for (const body of ['lost', 'lost too', 'lost as well']) server.post(body);
    await vi.advanceTimersByTimeAsync(1_300);
    expect(seqs(channel)).toEqual(shown);
    expect(channel.getSnapshot().error).toMatchObject({ code: 'unexpected_answer' });
    isBroken = false;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seqs(channel)).toEqual([1, 2, 3, 4, 5]);
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', error: null });
  });

  test('pages that cannot be read again leave what is held, and are read when they can be', async () => {
    const server = serverWith(20);
    const channel = await openChannel(server, { offlinePollMs: 60_000, pollIntervalMs: 60_000 });
    server.cutSocket();
    for (let index = 0; index < 7; index += 1) server.post(`long ago ${index}`);
    server.prune();
    server.planCalls(['answer', 'lose_answer']);
    server.restoreSocket();
    await vi.advanceTimersByTimeAsync(60);
    expect(seqs(channel)).toEqual([16, 17, 18, 19, 20]);
    expect(channel.getSnapshot().error).toMatchObject({ code: 'network_error' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(seqs(channel)).toEqual([23, 24, 25, 26, 27]);
    expect(channel.getSnapshot()).toMatchObject({ status: 'live', error: null });
  });
});

describe('moves', () => {
  test('of the channel: joins the new topic before leaving the old, and misses nothing', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const old = server.topic;
    server.moveChannel();
    server.post('on the new topic, unheard');
    await vi.advanceTimersByTimeAsync(30);
    // Asked, and joining the new one.
    expect(server.joinedTopics).toContain(old);
    await vi.advanceTimersByTimeAsync(100);
    expect(server.joinedTopics.sort()).toEqual([server.topic, server.communityTopic].sort());
    server.post('heard');
    await vi.advanceTimersByTimeAsync(10);
    expect(bodies(channel).slice(-2)).toEqual(['on the new topic, unheard', 'heard']);
    expect(channel.stats()).toMatchObject({ moves: 1, reconnects: 0 });
    expect(channel.getSnapshot().status).toBe('live');
  });

  test('of the community: all names change', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.moveCommunity();
    await vi.advanceTimersByTimeAsync(200);
    expect(server.joinedTopics.sort()).toEqual([server.topic, server.communityTopic].sort());
    server.post('heard');
    await vi.advanceTimersByTimeAsync(10);
    expect(bodies(channel).at(-1)).toBe('heard');
  });

  test('whose event was lost are noticed after the quiet period', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    server.planDeliveries(['drop']);
    server.moveCommunity();
    server.post('on a topic nobody has joined');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.joinedTopics.sort()).toEqual([server.topic, server.communityTopic].sort());
    expect(bodies(channel).at(-1)).toBe('on a topic nobody has joined');
  });

  test('that happened while the socket was cut are noticed though the old name is refused again and again', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { offlinePollMs: 8_000, pollIntervalMs: 8_000 });
    server.cutSocket();
    server.moveCommunity();
    server.restoreSocket();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(channel.getSnapshot().status).toBe('live');
    expect(server.joinedTopics.sort()).toEqual([server.topic, server.communityTopic].sort());
  });

  test('missed because the community topic was down are noticed when its old name is refused', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 1_000_000 });
    const old = server.communityTopic;
    server.planDeliveries(['drop']);
    server.moveCommunity();
    server.post('unheard');
    server.closeTopic(old);
    await vi.advanceTimersByTimeAsync(500);
    expect(bodies(channel).at(-1)).toBe('unheard');
    expect(server.joinedTopics.sort()).toEqual([server.topic, server.communityTopic].sort());
  });

  test('leave nothing behind when the channel is closed in the middle of one', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.moveCommunity();
    await vi.advanceTimersByTimeAsync(28);
    channel.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.joinedTopics).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('clients spread their questions over the jitter', async () => {
    const server = serverWith(2);
    const channels = [];
    for (let index = 0; index < 20; index += 1) {
      channels.push(await openChannel(server, { moveJitterMs: 2_000 }));
    }
    const asked = server.calls.sync;
    server.moveCommunity();
    await vi.advanceTimersByTimeAsync(100);
    expect(server.calls.sync - asked).toBeLessThan(15);
    await vi.advanceTimersByTimeAsync(3_000);
    for (const channel of channels) expect(channel.stats().moves).toBe(1);
  });

  test('away from a caller who lost the right: lost access, and both topics are left', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.revoke();
    server.post('not for them');
    await vi.advanceTimersByTimeAsync(500);
    expect(channel.getSnapshot().status).toBe('lost_access');
    expect(seqs(channel)).toEqual([1, 2]);
    expect(server.joinedTopics).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    server.mayView = true;
    const reopened = channel.open();
    await vi.advanceTimersByTimeAsync(200);
    await reopened;
    expect(seqs(channel)).toEqual([1, 2, 3]);
  });
});

describe('sending', () => {
  test('shows the message as pending at once, and as sent once the channel has it, never both', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const sending = channel.send('hello', { replyToSeq: 2 });
    expect(channel.getSnapshot().pending).toMatchObject([
      { body: 'hello', replyToSeq: 2, status: 'sending', error: null },
    ]);
    const nonce = channel.getSnapshot().pending[0]?.nonce;
    await vi.advanceTimersByTimeAsync(100);
    expect(await sending).toMatchObject({ seq: 3, body: 'hello', client_nonce: nonce });
    expect(channel.getSnapshot().pending).toEqual([]);
    expect(bodies(channel)).toEqual(['message 1', 'message 2', 'hello']);
  });

  test('is settled by the answer when the broadcast is lost', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(['drop']);
    void channel.send('unheard');
    await vi.advanceTimersByTimeAsync(25);
    expect(bodies(channel).at(-1)).toBe('unheard');
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('is settled by the broadcast when the answer is lost', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planCalls(['lose_answer']);
    const sending = channel.send('heard');
    await vi.advanceTimersByTimeAsync(100);
    expect(await sending).toMatchObject({ seq: 3 });
    expect(bodies(channel).at(-1)).toBe('heard');
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('stays pending after its answer while messages before it are missing, which are then fetched', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planDeliveries(['drop', 'drop']);
    server.post('before it, unheard');
    void channel.send('mine');
    await vi.advanceTimersByTimeAsync(50);
    expect(seqs(channel)).toEqual([1, 2]);
    expect(channel.getSnapshot().pending).toMatchObject([{ body: 'mine', status: 'sending' }]);
    await vi.advanceTimersByTimeAsync(400);
    expect(bodies(channel).slice(-2)).toEqual(['before it, unheard', 'mine']);
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('fails visibly; retried under the same nonce, it is there once', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 100_000 });
    server.planCalls(['lose_answer']);
    server.planDeliveries(['drop']);
    const sending = channel.send('sent, but who knows');
    await vi.advanceTimersByTimeAsync(100);
    await expect(sending).rejects.toMatchObject({ code: 'network_error' });
    const [failed] = channel.getSnapshot().pending;
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'network_error' } });
    const again = channel.retry(failed?.nonce ?? '');
    expect(channel.getSnapshot().pending).toMatchObject([{ status: 'sending', error: null }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await again).toMatchObject({ seq: 3 });
    expect(seqs(channel)).toEqual([1, 2, 3]);
    expect(server.lastSeq).toBe(3);
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('what failed can be discarded, once', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    server.planCalls(['lose_request']);
    void channel.send('never mind');
    await vi.advanceTimersByTimeAsync(100);
    const nonce = channel.getSnapshot().pending[0]?.nonce ?? '';
    expect(channel.discard(nonce)).toBe(true);
    expect(channel.discard(nonce)).toBe(false);
    expect(channel.getSnapshot().pending).toEqual([]);
    await expect(channel.retry(nonce)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('keeps the order of the calls', async () => {
    const server = new ModelServer();
    const channel = await openChannel(server);
    server.planCalls(['answer_late', 'lose_request']);
    for (const body of ['one', 'two', 'three', 'four']) void channel.send(body);
    expect(channel.getSnapshot().pending.map((message) => message.body)).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(bodies(channel)).toEqual(['one', 'three', 'four']);
    expect(channel.getSnapshot().pending).toMatchObject([{ body: 'two', status: 'failed' }]);
  });

  test('the next message waits until the one before it is answered', async () => {
    const server = new ModelServer();
    const channel = await openChannel(server);
    server.planCalls(['answer_late']);
    void channel.send('one');
    void channel.send('two');
    await vi.advanceTimersByTimeAsync(100);
    expect(server.calls.send).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(bodies(channel)).toEqual(['one', 'two']);
  });

  test('a retry that waits its turn is not made when the message turns up meanwhile', async () => {
    const server = new ModelServer();
    const channel = await openChannel(server);
    server.planCalls(['lose_answer', 'answer_late']);
    server.planDeliveries(['delay']);
    void channel.send('one');
    await vi.advanceTimersByTimeAsync(500);
    void channel.send('two');
    const retried = channel.retry(channel.getSnapshot().pending[0]?.nonce ?? '');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await retried).toMatchObject({ seq: 1 });
    expect(server.calls.send).toBe(2);
    expect(bodies(channel)).toEqual(['one', 'two']);
  });

  test('is settled by its revision where nonces are not told', async () => {
    const server = serverWith(2);
    server.hidesNonces = true;
    const channel = await openChannel(server);
    server.planCalls(['answer', 'answer_late']);
    server.planDeliveries(['drop', 'duplicate']);
    server.post('before it, unheard');
    void channel.send('mine');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bodies(channel).slice(-2)).toEqual(['before it, unheard', 'mine']);
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('what failed but did arrive is settled when an older page brings it', async () => {
    const server = serverWith(1);
    const channel = liveChannel(server);
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    server.planCalls(['lose_request', 'lose_answer']);
    void channel.open();
    void channel.send('sent before the first page was there');
    await vi.advanceTimersByTimeAsync(15);
    for (let index = 0; index < 5; index += 1) server.post(`after it ${index}`);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(seqs(channel)).toEqual([3, 4, 5, 6, 7]);
    expect(channel.getSnapshot().pending).toMatchObject([{ status: 'failed' }]);
    const loading = channel.loadOlder();
    await vi.advanceTimersByTimeAsync(50);
    await loading;
    expect(seqs(channel)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('is refused before open and after close', async () => {
    const channel = liveChannel(serverWith(1));
    await expect(channel.send('too early')).rejects.toMatchObject({ code: 'closed' });
    expect(channel.getSnapshot().pending).toEqual([]);
  });

  test('what is on its way when the channel is closed still arrives', async () => {
    const server = serverWith(1);
    const channel = await openChannel(server);
    const sending = channel.send('goodbye');
    channel.close();
    await vi.advanceTimersByTimeAsync(100);
    expect(await sending).toMatchObject({ seq: 2 });
    expect(channel.getSnapshot().pending).toEqual([]);
  });
});

describe('older messages', () => {
  test('come a page at a time until there are none', async () => {
    const server = serverWith(12);
    const channel = await openChannel(server);
    const older = async () => {
      const loading = channel.loadOlder();
      await vi.advanceTimersByTimeAsync(50);
      return loading;
    };
    expect(await older()).toBe(5);
    expect(channel.getSnapshot().hasOlder).toBe(true);
    expect(await older()).toBe(2);
    expect(seqs(channel)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(channel.getSnapshot().hasOlder).toBe(false);
    expect(await older()).toBe(0);
  });

  test('asked for twice at once come once', async () => {
    const server = serverWith(12);
    const channel = await openChannel(server);
    const both = Promise.all([channel.loadOlder(), channel.loadOlder()]);
    await vi.advanceTimersByTimeAsync(50);
    expect(await both).toEqual([5, 5]);
    expect(seqs(channel)).toHaveLength(10);
  });

  test('edited or deleted while they are on their way come in their last state', async () => {
    const server = serverWith(12);
    const channel = await openChannel(server);
    const loading = channel.loadOlder();
    await vi.advanceTimersByTimeAsync(11);
    server.edit(4, 'edited in between');
    server.remove(5);
    await vi.advanceTimersByTimeAsync(50);
    await loading;
    expect(bodies(channel).slice(0, 3)).toEqual(['message 3', 'edited in between', 'message 6']);
  });

  test('that arrive after the pages were read anew are dropped', async () => {
    const server = serverWith(12);
    const channel = await openChannel(server, { offlinePollMs: 60_000 });
    server.planCalls(['answer_late']);
    const loading = channel.loadOlder();
    await vi.advanceTimersByTimeAsync(15);
    server.cutSocket();
    for (let index = 0; index < 20; index += 1) server.post(`burst ${index}`);
    server.prune();
    server.restoreSocket();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await loading).toBe(0);
    expect(seqs(channel)).toEqual([28, 29, 30, 31, 32]);
  });

  test('that cannot be fetched leave what is held as it is', async () => {
    const server = serverWith(12);
    const channel = await openChannel(server);
    server.planCalls(['lose_answer']);
    const loading = channel.loadOlder();
    loading.catch(() => {});
    await vi.advanceTimersByTimeAsync(50);
    await expect(loading).rejects.toMatchObject({ code: 'network_error' });
    expect(seqs(channel)).toHaveLength(5);
    expect(channel.getSnapshot().hasOlder).toBe(true);
  });

  test('are loaded when all that was held is deleted', async () => {
    const server = serverWith(6);
    const channel = await openChannel(server);
    server.remove(2, 3, 4, 5, 6);
    await vi.advanceTimersByTimeAsync(50);
    expect(seqs(channel)).toEqual([1]);
    expect(channel.getSnapshot().hasOlder).toBe(false);
  });
});

describe('the window', () => {
  test('lets the oldest go when more come than it keeps, and loads them again', async () => {
    const server = serverWith(5);
    const channel = await openChannel(server, { maxMessages: 20 });
    for (let index = 0; index < 200; index += 1) {
      server.post(`new ${index}`);
      await vi.advanceTimersByTimeAsync(10);
      expect(seqs(channel).length).toBeLessThanOrEqual(22);
    }
    await vi.advanceTimersByTimeAsync(100);
    const held = seqs(channel);
    expect(held.at(-1)).toBe(205);
    expect(channel.getSnapshot().hasOlder).toBe(true);
    const loading = channel.loadOlder();
    await vi.advanceTimersByTimeAsync(50);
    expect(await loading).toBe(5);
    expect(seqs(channel)).toEqual([...[5, 4, 3, 2, 1].map((n) => (held[0] ?? 0) - n), ...held]);
  });

  test('drops an older page that comes when it has let go of what the page belongs to', async () => {
    const server = serverWith(30);
    const channel = await openChannel(server, { maxMessages: 10 });
    server.planCalls(['answer_late']);
    const loading = channel.loadOlder();
    for (let index = 0; index < 20; index += 1) server.post(`new ${index}`);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await loading).toBe(0);
    const held = seqs(channel);
    expect(held).toEqual(Array.from({ length: held.length }, (_, i) => 51 - held.length + i));
  });
});

describe('without Realtime', () => {
  test('asks every few seconds, joins nothing, and shows the same', async () => {
    const server = serverWith(3);
    const channel = await openChannel(server, { realtime: 'poll' });
    expect(channel.getSnapshot().status).toBe('live');
    server.post('later');
    server.edit(2, 'edited');
    server.react(3, '👍', true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bodies(channel)).toEqual(['message 1', 'edited', 'message 3', 'later']);
    expect(channel.getSnapshot().messages[2]?.my_reactions).toEqual(['👍']);
    expect(server.joins).toBe(0);
    const asked = server.calls.sync;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.calls.sync - asked).toBeGreaterThanOrEqual(15);
    expect(server.calls.sync - asked).toBeLessThanOrEqual(26);
  });

  test('says that it is offline while it gets no answer, and catches up', async () => {
    const server = serverWith(1);
    const channel = await openChannel(server, { realtime: 'poll' });
    server.planCalls(Array.from({ length: 6 }, () => 'lose_request' as const));
    server.post('meanwhile');
    await vi.advanceTimersByTimeAsync(3_700);
    expect(channel.getSnapshot().status).toBe('offline');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(channel.getSnapshot().status).toBe('live');
    expect(bodies(channel)).toEqual(['message 1', 'meanwhile']);
  });

  test('shows what it sends at once', async () => {
    const server = serverWith(1);
    const channel = await openChannel(server, { realtime: 'poll' });
    server.post('before it');
    const sending = channel.send('mine');
    await vi.advanceTimersByTimeAsync(500);
    await sending;
    expect(bodies(channel)).toEqual(['message 1', 'before it', 'mine']);
    expect(channel.getSnapshot().pending).toEqual([]);
  });
});

describe('pausing', () => {
  test('leaves the topics and asks for nothing; resuming catches up', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    channel.pause();
    expect(channel.getSnapshot().status).toBe('paused');
    expect(server.joinedTopics).toEqual([]);
    const { sync } = server.calls;
    server.post('meanwhile');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.calls.sync).toBe(sync);
    expect(bodies(channel)).toEqual(['message 1', 'message 2']);
    channel.resume();
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.getSnapshot().status).toBe('live');
    expect(bodies(channel)).toEqual(['message 1', 'message 2', 'meanwhile']);
    server.post('after');
    await vi.advanceTimersByTimeAsync(20);
    expect(bodies(channel).at(-1)).toBe('after');
  });

  test('happens by itself while the page is hidden, after a while, and ends when it is shown', async () => {
    const page = new EventTarget() as EventTarget & { visibilityState: string };
    page.visibilityState = 'visible';
    vi.stubGlobal('document', page);
    const show = (state: string) => {
      page.visibilityState = state;
      page.dispatchEvent(new Event('visibilitychange'));
    };
    try {
      const server = serverWith(1);
      const channel = await openChannel(server, { pauseHiddenAfterMs: 5_000 });
      const always = await openChannel(server, { pauseHiddenAfterMs: null });
      show('hidden');
      await vi.advanceTimersByTimeAsync(4_000);
      show('visible');
      await vi.advanceTimersByTimeAsync(60_000);
      expect(channel.getSnapshot().status).toBe('live');
      show('hidden');
      await vi.advanceTimersByTimeAsync(6_000);
      expect(channel.getSnapshot().status).toBe('paused');
      expect(always.getSnapshot().status).toBe('live');
      show('visible');
      await vi.advanceTimersByTimeAsync(200);
      expect(channel.getSnapshot().status).toBe('live');
      channel.close();
      show('hidden');
      await vi.advanceTimersByTimeAsync(60_000);
      expect(channel.getSnapshot().status).toBe('closed');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('while it opens goes on when it is resumed', async () => {
    const server = serverWith(2);
    const channel = liveChannel(server);
    server.planCalls(['lose_request']);
    const opened = channel.open();
    channel.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(channel.getSnapshot().messages).toEqual([]);
    channel.resume();
    await vi.advanceTimersByTimeAsync(1_000);
    await opened;
    expect(channel.getSnapshot().status).toBe('live');
    expect(seqs(channel)).toEqual([1, 2]);
  });
});

describe('the store', () => {
  test('gives the same snapshot until something changes, and tells its listeners when it does', async () => {
    // Polls at whole seconds, so that none falls between a change and what it is looked at by.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const server = serverWith(2);
    const channel = await openChannel(server, { pollIntervalMs: 1_000 });
    const listener = vi.fn();
    const unsubscribe = channel.subscribe(listener);
    const before = channel.getSnapshot();
    await vi.advanceTimersByTimeAsync(5_500);
    expect(channel.stats().polls).toBeGreaterThan(2);
    expect(channel.getSnapshot()).toBe(before);
    expect(listener).not.toHaveBeenCalled();
    server.post('a change');
    await vi.advanceTimersByTimeAsync(10);
    expect(listener).toHaveBeenCalledTimes(1);
    const after = channel.getSnapshot();
    expect(after).not.toBe(before);
    expect(after.messages[0]).toBe(before.messages[0]);
    expect(after.pending).toBe(before.pending);
    expect(before.messages).toHaveLength(2);
    unsubscribe();
    server.post('another');
    await vi.advanceTimersByTimeAsync(10);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('a listener that throws stops nobody', async () => {
    const server = serverWith(2);
    const channel = await openChannel(server);
    const reported = new Promise((resolve) => process.once('uncaughtException', resolve));
    const other = vi.fn();
    channel.subscribe(() => {
      throw new Error('the listener’s own fault');
    });
    channel.subscribe(other);
    server.post('a change');
    await vi.advanceTimersByTimeAsync(10);
    expect(other).toHaveBeenCalledTimes(1);
    expect(seqs(channel)).toEqual([1, 2, 3]);
    await expect(reported).resolves.toMatchObject({ message: 'the listener’s own fault' });
  });
});
