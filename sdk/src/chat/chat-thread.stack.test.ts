import { afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import WebSocket from 'ws';
import { signedToken } from '../testing/access-tokens.ts';
import { type BreakableLine, startBreakableLine } from '../testing/breakable-line.ts';
import { type ChatPerson, newChatPeople } from '../testing/chat-people.ts';
import { type ChatClientOptions, createChatClient } from './chat-client.ts';
import type { ChatThread } from './chat-thread.ts';

// On the running stack, through the gateway: the same behaviour with Realtime and by asking alone.

const WAIT = { timeout: 15_000, interval: 10 };
const open: { close(): unknown }[] = [];

let people: ChatPerson[];
let next = 0;

/** Two people who share a community and have not written to each other: each pair of a few people once. */
function newPair(): [ChatPerson, ChatPerson] {
  const pairs = people.flatMap((one, at) => people.slice(at + 1).map((other) => [one, other]));
  const pair = pairs[next];
  next += 1;
  if (pair === undefined) throw new Error('all pairs are taken: let there be more people');
  return pair as [ChatPerson, ChatPerson];
}

beforeAll(async () => {
  people = await newChatPeople(8);
}, 60_000);

afterEach(() => {
  for (const thing of open.splice(0).reverse()) thing.close();
});

const gatewayOf = (apiUrl = inject('stack').apiUrl) => `${apiUrl}/functions/v1/gateway`;

function chatOf(person: ChatPerson, options: Partial<ChatClientOptions> = {}) {
  const chat = createChatClient({
    gatewayUrl: gatewayOf(),
    getToken: () => person.token,
    webSocket: WebSocket as never,
    ...options,
  });
  open.push(chat);
  return chat;
}

/** A token of theirs that ends in so many seconds. */
const tokenFor = ({ id }: ChatPerson, seconds: number) =>
  signedToken({ sub: id, exp: Math.floor(Date.now() / 1000) + seconds });

/** A session of theirs that nobody has renewed yet. */
async function renewable({ supabase }: ChatPerson) {
  const { data, error } = await supabase.auth.refreshSession();
  if (error !== null || data.session === null) throw error;
  return { refreshToken: data.session.refresh_token };
}

/** fetch as a browser does it that holds these cookies, where it is told to send them. */
function withCookies(jar: Map<string, string>): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (init?.credentials === 'include') {
      headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '));
    }
    const response = await fetch(input, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name!, value!);
    }
    return response;
  };
}

const follow = (person: ChatPerson, other: ChatPerson, options: Partial<ChatClientOptions> = {}) =>
  chatOf(person, options).openThread(other.mongoId);

const bubbles = (thread: ChatThread) =>
  thread.getSnapshot().messages.map(({ body, status }) => `${status}: ${body}`);

const shows = (thread: ChatThread, wanted: string[]) =>
  vi.waitFor(() => expect(bubbles(thread)).toEqual(wanted), WAIT);

/** Every list of bubbles that a thread has shown, without repetitions. */
function everything(thread: ChatThread): string[][] {
  const seen: string[][] = [];
  thread.subscribe(() => {
    const now = bubbles(thread);
    if (JSON.stringify(seen.at(-1)) !== JSON.stringify(now)) seen.push(now);
  });
  return seen;
}

describe.each([
  // No questions but those that a join or a gap asks for: what arrives has arrived by the socket.
  ['with Realtime', { realtime: 'broadcast', reviewIntervalMs: 600_000, pollIntervalMs: 600_000 }],
  ['by asking alone', { realtime: 'poll', pollIntervalMs: 50, reviewIntervalMs: 100 }],
] as const)('%s', (name, options) => {
  const isLive = name === 'with Realtime';

  async function conversation() {
    const [ann, ben] = newPair();
    const [anns, bens] = await Promise.all([follow(ann, ben, options), follow(ben, ann, options)]);
    if (isLive) await Promise.all([joined(anns), joined(bens)]);
    return { ann, ben, anns, bens };
  }

  const joined = (thread: ChatThread) =>
    vi.waitFor(() => expect(thread.getSnapshot().isLive).toBe(true), WAIT);

  test('both see what both say, once and in order', async () => {
    const { anns, bens } = await conversation();
    const seen = everything(anns);
    const sent = await anns.send(' hello ');
    expect(sent).toMatchObject({ body: 'hello', seq: 1 });
    await shows(bens, ['sent: hello']);
    await bens.send('hello yourself');
    for (const thread of [anns, bens]) await shows(thread, ['sent: hello', 'sent: hello yourself']);
    expect(anns.getSnapshot().messages.map(({ isMine }) => isMine)).toEqual([true, false]);
    expect(bens.getSnapshot().messages.map(({ isMine }) => isMine)).toEqual([false, true]);
    expect(seen).toEqual([
      ['sending:  hello '],
      ['sent: hello'],
      ['sent: hello', 'sent: hello yourself'],
    ]);
    expect(anns.getSnapshot().warning).toBeNull();
  });

  test('many at once, by both, are never two bubbles, and in the same order for both', async () => {
    const { anns, bens } = await conversation();
    const counts: number[] = [];
    anns.subscribe(() => counts.push(anns.getSnapshot().messages.length));
    const sends = Array.from({ length: 12 }, (_, at) => [
      anns.send(`ann ${at}`),
      bens.send(`ben ${at}`),
    ]).flat();
    await Promise.all(sends);
    await vi.waitFor(() => {
      expect(bubbles(anns)).toHaveLength(24);
      expect(bubbles(bens)).toEqual(bubbles(anns));
    }, WAIT);
    expect(Math.max(...counts)).toBe(24);
    expect(new Set(anns.getSnapshot().messages.map(({ key }) => key)).size).toBe(24);
    const mine = anns.getSnapshot().messages.filter(({ isMine }) => isMine);
    expect(mine.map(({ body }) => body)).toEqual(
      Array.from({ length: 12 }, (_, at) => `ann ${at}`),
    );
  });

  test('edits and deletions reach the other', async () => {
    const { ann, anns, bens } = await conversation();
    const { seq } = await anns.send('tpyo');
    const second = await anns.send('a mistake');
    await shows(bens, ['sent: tpyo', 'sent: a mistake']);
    const { id: channelId } = (await ann.guildhall.direct.list()).find(
      ({ last_seq }) => last_seq === second.seq,
    )!;
    await ann.guildhall.messages.edit({ channelId, seq, body: 'typo' });
    await ann.guildhall.messages.delete({ channelId, seq: second.seq });
    await shows(bens, ['sent: typo']);
    expect(bens.getSnapshot().messages[0]!.editedAt).not.toBeNull();
    await bens.send('fine');
    await shows(anns, ['sent: typo', 'sent: fine']);
  });

  test('a send whose answer is lost is there once, by itself or after a retry', async () => {
    const [ann, ben] = newPair();
    const bens = await follow(ben, ann, options);
    let isDeaf = true;
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (isDeaf && String(input).endsWith('/chat/send')) throw new TypeError('fetch failed');
      return response;
    };
    // Nothing but the answer may settle it: neither broadcast nor poll comes.
    const anns = await follow(ann, ben, {
      realtime: 'poll',
      pollIntervalMs: 600_000,
      fetch: losing,
    });
    await expect(anns.send('once')).rejects.toMatchObject({ code: 'network_error' });
    expect(bubbles(anns)).toEqual(['failed: once']);
    await shows(bens, ['sent: once']);
    isDeaf = false;
    const { clientId } = anns.getSnapshot().messages[0]!;
    await anns.retry(clientId!);
    expect(bubbles(anns)).toEqual(['sent: once']);
    expect(anns.getSnapshot().messages[0]!.key).toBe(clientId);
    await bens.send('got it');
    await shows(bens, ['sent: once', 'sent: got it']);

    // And where something does bring it, no retry is needed.
    isDeaf = true;
    const other = await follow(ann, ben, { ...options, fetch: losing });
    const sending = other.send('twice?');
    await shows(other, ['sent: once', 'sent: got it', 'sent: twice?']);
    expect((await sending).body).toBe('twice?');
  });

  test('what another sends under one’s own client id settles nothing', async () => {
    const { ben, anns, bens, ann } = await conversation();
    const held: (() => void)[] = [];
    const waiting = await follow(ann, ben, {
      ...options,
      fetch: async (input, init) => {
        if (String(input).endsWith('/chat/send')) await new Promise<void>((go) => held.push(go));
        return fetch(input, init);
      },
    });
    const sending = waiting.send('mine');
    await vi.waitFor(() => expect(held).toHaveLength(1), WAIT);
    const { clientId } = waiting.getSnapshot().messages[0]!;
    await fetch(`${gatewayOf()}/chat/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.token}` },
      body: JSON.stringify({
        threadId: bens.threadId,
        recipientMongoId: ann.mongoId,
        body: 'not yours',
        clientId,
      }),
    });
    await shows(waiting, ['sent: not yours', 'sending: mine']);
    held[0]!();
    await sending;
    for (const thread of [waiting, anns, bens])
      await shows(thread, ['sent: not yours', 'sent: mine']);
  });

  test('a token that ends in the middle of a conversation is renewed, and nobody notices', async () => {
    const [ann, ben] = newPair();
    const bens = await follow(ben, ann, options);
    const tokens = [tokenFor(ann, 2), ann.token];
    const anns = await follow(ann, ben, { ...options, getToken: () => tokens.shift() });
    await anns.send('before');
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await anns.send('after');
    expect(tokens).toEqual([]);
    await bens.send('still there?');
    for (const thread of [anns, bens]) {
      await shows(thread, ['sent: before', 'sent: after', 'sent: still there?']);
      expect(thread.getSnapshot().warning).toBeNull();
    }
  });

  test('a token that is refused is asked for once more, by however many at a time', async () => {
    const [ann, ben] = newPair();
    const asked: boolean[] = [];
    const chat = chatOf(ann, {
      ...options,
      getToken: ({ renew }) => {
        asked.push(renew);
        return renew ? ann.token : signedToken({ sub: ann.id }, 'a secret that nobody here knows');
      },
    });
    const threads = await Promise.all([1, 2, 3].map(() => chat.openThread(ben.mongoId)));
    await threads[0]!.send('hello');
    for (const thread of threads) await shows(thread, ['sent: hello']);
    expect(asked).toEqual([false, true]);
  });

  test('a session in cookies goes on when its token ends: the gateway renews it', async () => {
    const [ann, ben] = newPair();
    const jar = new Map([
      ['guildhall-access-token', tokenFor(ann, 2)],
      ['guildhall-refresh-token', (await renewable(ann)).refreshToken],
    ]);
    const before = new Map(jar);
    const chat = createChatClient({
      ...options,
      gatewayUrl: gatewayOf(),
      webSocket: WebSocket as never,
      fetch: withCookies(jar),
    });
    open.push(chat);
    const anns = await chat.openThread(ben.mongoId);
    await anns.send('hello');
    const bens = await follow(ben, ann, options);
    await shows(bens, ['sent: hello']);
    for (const [name, value] of before) expect(jar.get(name)).not.toBe(value);
  });

  test('who is signed out is told so, on the bubble and as a warning, and goes on once signed in', async () => {
    const [ann, ben] = newPair();
    let token: string | null = tokenFor(ann, 2);
    const anns = await follow(ann, ben, {
      ...options,
      pollIntervalMs: 50,
      reviewIntervalMs: 50,
      getToken: () => token,
    });
    const bens = await follow(ben, ann, options);
    await anns.send('one');
    token = null;
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await expect(anns.send('two')).rejects.toMatchObject({ code: 'session_required', status: 401 });
    expect(bubbles(anns)).toEqual(['sent: one', 'failed: two']);
    await vi.waitFor(() => expect(anns.getSnapshot().warning?.code).toBe('session_required'), WAIT);
    token = ann.token;
    await anns.retry(anns.getSnapshot().messages[1]!.clientId!);
    for (const thread of [anns, bens]) await shows(thread, ['sent: one', 'sent: two']);
    await vi.waitFor(() => expect(anns.getSnapshot().warning).toBeNull(), WAIT);
  });

  test('older pages are loaded when asked for', async () => {
    const [ann, ben] = newPair();
    const anns = await follow(ann, ben, options);
    for (let at = 1; at <= 7; at += 1) await anns.send(String(at));
    const bens = await follow(ben, ann, { ...options, pageSize: 3 });
    const said = () =>
      bens
        .getSnapshot()
        .messages.map(({ body }) => body)
        .join('');
    expect([said(), bens.getSnapshot().hasOlder]).toEqual(['567', true]);
    expect(await Promise.all([bens.loadOlder(), bens.loadOlder()])).toEqual([3, 3]);
    expect([said(), bens.getSnapshot().hasOlder]).toEqual(['234567', true]);
    expect(await bens.loadOlder()).toBe(1);
    expect([said(), bens.getSnapshot().hasOlder]).toEqual(['1234567', false]);
    expect(await bens.loadOlder()).toBe(0);
    // Reviews of the newest page leave the older ones alone.
    await anns.send('8');
    await vi.waitFor(() => expect(said()).toBe('12345678'), WAIT);
  });
});

describe('when Realtime fails', () => {
  let line: BreakableLine;
  /** The settings that the gateway gives, with the address of a line that breaks. */
  const throughTheLine: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).endsWith('/config/supabase')) return response;
    return Response.json({ ...(await response.json()), url: line.apiUrl });
  };
  const options = { fetch: throughTheLine, pollIntervalMs: 50, reviewIntervalMs: 600_000 };

  test('it warns, asks by itself, and has missed nothing when it is back', async () => {
    line = await startBreakableLine(inject('stack').apiUrl);
    open.push(line);
    const [ann, ben] = newPair();
    const anns = await follow(ann, ben, { realtime: 'poll', pollIntervalMs: 50 });
    const bens = await follow(ben, ann, options);
    const first = await anns.send('1');
    await shows(bens, ['sent: 1']);
    line.cut();
    await vi.waitFor(
      () => expect(bens.getSnapshot().warning?.code).toBe('realtime_unavailable'),
      WAIT,
    );
    await anns.send('2');
    await shows(bens, ['sent: 1', 'sent: 2']);
    await bens.send('3');
    await shows(anns, ['sent: 1', 'sent: 2', 'sent: 3']);
    // An edit that no question for what is new would bring.
    const { id: channelId } = (await ann.guildhall.direct.list()).find(
      ({ last_seq }) => last_seq === 3,
    )!;
    await ann.guildhall.messages.edit({ channelId, seq: first.seq, body: 'one' });
    line.mend();
    await vi.waitFor(() => expect(bens.getSnapshot().warning).toBeNull(), { timeout: 25_000 });
    await shows(bens, ['sent: one', 'sent: 2', 'sent: 3']);
    await anns.send('4');
    await shows(bens, ['sent: one', 'sent: 2', 'sent: 3', 'sent: 4']);
  });

  test('a gateway that does not say where it is changes nothing but the warning', async () => {
    const [ann, ben] = newPair();
    const anns = await follow(ann, ben, {
      pollIntervalMs: 50,
      fetch: async (input, init) =>
        String(input).endsWith('/config/supabase')
          ? Response.json({ error: 'No.', code: 'not_found', request_id: 'x' }, { status: 404 })
          : fetch(input, init),
    });
    const bens = await follow(ben, ann, { realtime: 'poll', pollIntervalMs: 50 });
    await bens.send('hello');
    await shows(anns, ['sent: hello']);
    expect(anns.getSnapshot().warning?.code).toBe('realtime_unavailable');
    await anns.send('hello yourself');
    await shows(bens, ['sent: hello', 'sent: hello yourself']);
  });
});

test('who blocks the other hears nothing of them from then on, and goes on when they unblock', async () => {
  const [ann, ben] = newPair();
  const anns = await follow(ann, ben, { pollIntervalMs: 100, reviewIntervalMs: 100 });
  const bens = await follow(ben, ann, { realtime: 'poll', pollIntervalMs: 100 });
  await anns.send('hello');
  await ann.guildhall.identity.blockUser({ userId: ben.id });
  await vi.waitFor(() => expect(anns.getSnapshot().warning?.code).toBe('not_found'), WAIT);
  expect(anns.getSnapshot().isLive).toBe(false);
  await bens.send('still there?');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(bubbles(anns)).toEqual(['sent: hello']);
  await ann.guildhall.identity.unblockUser({ userId: ben.id });
  await shows(anns, ['sent: hello', 'sent: still there?']);
  await vi.waitFor(() => expect(anns.getSnapshot().isLive).toBe(true), WAIT);
});

test('what had arrived after all and was deleted since is no failed bubble once it is tried again', async () => {
  const [ann, ben] = newPair();
  const anns = await follow(ann, ben, {
    realtime: 'poll',
    pollIntervalMs: 600_000,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const isLost = response.ok && String(input).endsWith('/chat/send');
      if (isLost) throw new TypeError('fetch failed');
      return response;
    },
  });
  await expect(anns.send('forget it')).rejects.toMatchObject({ code: 'network_error' });
  const { id: channelId } = await ann.guildhall.direct.open({ userId: ben.id });
  await ann.guildhall.messages.delete({ channelId, seq: 1 });
  const { clientId } = anns.getSnapshot().messages[0]!;
  await expect(anns.retry(clientId!)).rejects.toMatchObject({ code: 'expired', status: 410 });
  expect(bubbles(anns)).toEqual([]);
});

test('a thread that cannot be opened says why', async () => {
  const [ann] = newPair();
  const chat = chatOf(ann, { realtime: 'poll' });
  await expect(chat.openThread('nobody')).rejects.toMatchObject({ code: 'not_found', status: 404 });
  await expect(chat.openThread(ann.mongoId)).rejects.toMatchObject({ code: 'invalid_argument' });
  const loggedOut = createChatClient({ gatewayUrl: gatewayOf() });
  await expect(loggedOut.openThread(ann.mongoId)).rejects.toMatchObject({
    code: 'session_required',
    status: 401,
  });
  expect(() => createChatClient({} as never)).toThrow(TypeError);
});

test('asking alone takes nothing of Realtime: no settings, no socket', async () => {
  const [ann, ben] = newPair();
  const asked: string[] = [];
  const anns = await follow(ann, ben, {
    realtime: 'poll',
    pollIntervalMs: 20,
    webSocket: class {
      constructor() {
        throw new Error('a socket was opened');
      }
    } as never,
    fetch: (input, init) => {
      asked.push(new URL(String(input)).pathname.replace(/.*\/gateway/, ''));
      return fetch(input, init);
    },
  });
  await anns.send('hello');
  await shows(anns, ['sent: hello']);
  expect(new Set(asked)).toEqual(new Set(['/chat/threads/ensure', '/chat/history', '/chat/send']));
});
