import { createClient } from '@supabase/supabase-js';
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import WebSocket from 'ws';
import type { CallEvent } from '../call.ts';
import { signedToken } from '../testing/access-tokens.ts';
import { newCommunity, newPerson, type Person, stackClient } from '../testing/stack-people.ts';
import { createSocial } from './social.ts';

let ada: Person;
let eve: Person;
let channelId: string;
let communityId: string;

const tokenOf = async ({ supabase }: Person) =>
  (await supabase.auth.getSession()).data.session!.access_token;

/** A client that counts what it sends. */
function countingClient() {
  const { apiUrl, publishableKey } = inject('stack');
  const sent: Request[] = [];
  const supabase = createClient(apiUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
    global: {
      fetch: (input, init) => {
        sent.push(new Request(input, init));
        return fetch(input, init);
      },
    },
  });
  return { supabase, sent };
}

beforeAll(async () => {
  [ada, eve] = await Promise.all([newPerson(), newPerson()]);
  const made = await newCommunity(ada);
  channelId = made.channel.id;
  communityId = made.community.id;
});

describe('with a session', () => {
  test('what is sent is listed, the newest first, and is what messages has', async () => {
    const { channel } = await newCommunity(ada);
    const social = createSocial(ada.supabase);
    const first = await social.sendMessage(channel.id, { body: 'one' });
    const second = await social.sendMessage(channel.id, { body: 'two', clientId: 'mine' });
    expect(second).toMatchObject({
      id: `${channel.id}:2`,
      channel_id: channel.id,
      seq: 2,
      sender_id: ada.id,
      body: 'two',
      client_id: 'mine',
      reply_to_seq: null,
      edited_at: null,
    });
    expect(await social.listMessages(channel.id)).toEqual([second, first]);
    expect(await social.listMessages(channel.id, { limit: 1 })).toEqual([second]);
    expect(await social.listMessages(channel.id, { limit: 100_000 })).toHaveLength(2);
    expect(await ada.guildhall.messages.list({ channelId: channel.id })).toMatchObject([
      { seq: 1, body: 'one', created_at: first.created_at },
      { seq: 2, body: 'two', client_nonce: 'mine' },
    ]);
  });

  test('a page begins strictly after a time, as the database writes it or as a Date', async () => {
    const { channel } = await newCommunity(ada);
    const social = createSocial(ada.supabase);
    const first = await social.sendMessage(channel.id, { body: 'one' });
    const second = await social.sendMessage(channel.id, { body: 'two' });
    const since = (time: string | Date) => social.listMessages(channel.id, { since: time });
    expect(await since(first.created_at)).toEqual([second]);
    expect(await since(second.created_at)).toEqual([]);
    expect(await since(new Date(Date.parse(first.created_at) - 1))).toEqual([second, first]);
    await expect(since(new Date('never'))).rejects.toMatchObject({
      code: 'invalid_argument',
      details: { field: 'since' },
    });
  });

  test('the same client id gives the same message back, also when two sends race', async () => {
    const { channel } = await newCommunity(ada);
    const social = createSocial(ada.supabase);
    const payload = { body: 'once', clientId: 'a client id' };
    const [first, second] = await Promise.all([
      social.sendMessage(channel.id, payload),
      social.sendMessage(channel.id, payload),
    ]);
    expect(second).toEqual(first);
    expect(await social.listMessages(channel.id)).toEqual([first]);
  });

  test('errors are those of the SDK, and name the arguments as they were given', async () => {
    const social = createSocial(ada.supabase);
    await expect(
      social.sendMessage(channelId, { body: 'x', clientId: 'n'.repeat(65) }),
    ).rejects.toMatchObject({
      name: 'GuildhallError',
      code: 'invalid_argument',
      status: 422,
      details: { field: 'clientId' },
    });
    await expect(social.sendMessage(channelId, { body: 'x'.repeat(4_001) })).rejects.toMatchObject({
      code: 'body_too_long',
      details: { field: 'body' },
    });
    await expect(social.listMessages('general')).rejects.toMatchObject({
      code: 'invalid_argument',
      status: 0,
      details: { field: 'channelId' },
    });
    await expect(
      social.sendMessage(channelId, { body: 'x', replyTo: 1 } as never),
    ).rejects.toMatchObject({ code: 'invalid_argument', details: { field: 'replyTo' } });
  });

  test('an outsider is told that there is no such channel, and a former member as well', async () => {
    const social = createSocial(eve.supabase);
    const refused = { code: 'not_found', status: 404 };
    await expect(social.listMessages(channelId)).rejects.toMatchObject(refused);
    await expect(social.sendMessage(channelId, { body: 'hi' })).rejects.toMatchObject(refused);
    const { code } = await ada.guildhall.communities.createInvite({ communityId });
    await eve.guildhall.communities.redeemInvite({ code });
    expect((await social.sendMessage(channelId, { body: 'hi' })).sender_id).toBe(eve.id);
    await eve.guildhall.communities.leave({ communityId });
    await expect(social.listMessages(channelId)).rejects.toMatchObject(refused);
    await expect(social.sendMessage(channelId, { body: 'hi' })).rejects.toMatchObject(refused);
  });
});

describe('without a session', () => {
  const refused = { name: 'GuildhallError', code: 'session_required' };

  test('a client sends nothing', async () => {
    const { supabase, sent } = countingClient();
    const social = createSocial(supabase);
    await expect(social.listMessages(channelId)).rejects.toMatchObject(refused);
    await expect(social.sendMessage(channelId, { body: 'x' })).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  test('nor once it has signed out, and with a session again it does', async () => {
    const { supabase, sent } = countingClient();
    const social = createSocial(supabase);
    const { data } = await ada.supabase.auth.getSession();
    await supabase.auth.setSession(data.session!);
    await social.listMessages(channelId);
    expect(sent.at(-1)?.url).toContain('/rpc/fetch_social_messages');
    await supabase.auth.signOut({ scope: 'local' });
    sent.length = 0;
    await expect(social.listMessages(channelId)).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  test.each([
    ['no token', undefined],
    ['null', null],
    ['an empty one', ''],
    ['a key', 'sb_publishable_abcdefghijklmnopqrstuv'],
    ['one with a line break', 'a.b.c\r\nx-evil: 1'],
    ['a function that gives none', () => null],
    ['a function that gives none later', async () => undefined],
  ])('a server with %s sends nothing', async (_, accessToken) => {
    const { supabase, sent } = countingClient();
    const social = createSocial({ supabase, accessToken });
    await expect(social.listMessages(channelId)).rejects.toMatchObject(refused);
    await expect(social.sendMessage(channelId, { body: 'x' })).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  test('a session that cannot be renewed for want of a network is not over', async () => {
    const { data } = await ada.supabase.auth.getSession();
    const stored = JSON.stringify({ ...data.session, expires_at: 1 });
    // supabase-js tries for half a minute, and says each time what it saw.
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    const complaints = vi.spyOn(console, 'error').mockReturnValue();
    try {
      const supabase = createClient('http://127.0.0.1:9', 'a key', {
        auth: {
          autoRefreshToken: false,
          persistSession: true,
          storage: { getItem: () => stored, setItem: () => undefined, removeItem: () => undefined },
        },
        realtime: { transport: WebSocket as never },
        global: { fetch: () => Promise.reject(new TypeError('fetch failed')) },
      });
      const listed = createSocial(supabase)
        .listMessages(channelId)
        .catch((error) => error);
      await vi.advanceTimersByTimeAsync(120_000);
      expect(await listed).toMatchObject({ name: 'GuildhallError', code: 'network_error' });
    } finally {
      vi.useRealTimers();
      complaints.mockRestore();
    }
  });
});

describe('on a server', () => {
  test('one client calls for many, each with the token given, whoever the client itself is', async () => {
    const { channel } = await newCommunity(ada, [eve]);
    const supabase = ada.supabase;
    const events: CallEvent[] = [];
    const forAda = createSocial({ supabase, accessToken: await tokenOf(ada) });
    const forEve = createSocial({
      supabase,
      accessToken: () => tokenOf(eve),
      onCall: (event) => events.push(event),
    });
    const [one, two] = [
      await forAda.sendMessage(channel.id, { body: 'from ada' }),
      await forEve.sendMessage(channel.id, { body: 'from eve' }),
    ];
    expect([one.sender_id, two.sender_id]).toEqual([ada.id, eve.id]);
    expect(events).toMatchObject([{ function: 'insert_social_message', errorCode: null }]);
    expect(JSON.stringify(events)).not.toContain(await tokenOf(eve));
  });

  test.each([
    ['forged', () => signedToken({ sub: ada.id }, 'another secret that nobody here knows at all')],
    ['expired', () => signedToken({ sub: ada.id, exp: 1_700_000_000 })],
    ['not a token at all', () => 'a.b.c'],
  ])('a token that is %s is refused by the server', async (_, token) => {
    const { supabase, sent } = countingClient();
    const social = createSocial({ supabase, accessToken: token });
    await expect(social.listMessages(channelId)).rejects.toMatchObject({
      code: 'session_required',
      status: 401,
    });
    expect(sent).toHaveLength(1);
  });

  test('a token of the stack’s own making is taken, which is what the refusals above differ from', async () => {
    const social = createSocial({
      supabase: stackClient(),
      accessToken: signedToken({ sub: ada.id }),
    });
    expect(await social.listMessages(channelId)).toBeInstanceOf(Array);
  });
});

test('what is no client is refused at once', () => {
  for (const wrong of [undefined, null, {}, { supabase: {} }, 'https://example.com']) {
    expect(() => createSocial(wrong as never)).toThrow(TypeError);
  }
});
