import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import WebSocket from 'ws';
import { projectRoot } from '../project-root.ts';
import { anonymous, call, type Person, signUp } from './people.ts';

// Every event is caused once, and every read path asked, while people listen and ask who have not the right: they get nothing of
// what was said, and nothing that counts it. What there is to hear and to ask comes from the contract.
const contract = JSON.parse(
  readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8'),
) as {
  tables: Record<string, unknown>;
  events: Record<string, { prefix: string; event: string }>;
  functions: Record<string, { volatility: string; arguments: { name: string }[] }>;
};
const tables = Object.keys(contract.tables)
  .filter((name) => name.startsWith('public.'))
  .map((name) => name.slice('public.'.length));
const eventsOf = (prefix: string) =>
  Object.values(contract.events)
    .filter((entry) => entry.prefix === prefix)
    .map(({ event }) => event);
/** What reads, and the one search, which is counted and so writes. */
const questions = Object.entries(contract.functions)
  .filter(([signature]) => signature.startsWith('public.'))
  .map(([signature, { volatility, arguments: args }]) => ({
    name: signature.slice('public.'.length, signature.indexOf('(')),
    volatility,
    args: args.map(({ name }) => name),
  }))
  .filter(({ name, volatility }) => volatility !== 'volatile' || name === 'search_messages');

interface Heard {
  topic: string;
  event: string;
  payload: unknown;
}

/** Somebody who listens to all they are let into, and asks. */
class Listener {
  readonly who: string;
  readonly client: SupabaseClient;
  readonly id: string | undefined;
  readonly heard: Heard[] = [];
  readonly joined: string[] = [];
  readonly #tried = new Set<string>();

  constructor(who: string, client: SupabaseClient, id?: string) {
    this.who = who;
    this.client = client;
    this.id = id;
  }

  /** Asks to be let into each of these, once. */
  async tryAll(topics: readonly string[]): Promise<void> {
    for (const topic of new Set(topics)) {
      if (this.#tried.has(topic)) continue;
      this.#tried.add(topic);
      const channel = this.client.channel(topic, { config: { private: true } });
      channel.on('broadcast', { event: '*' }, ({ event, payload }) =>
        this.heard.push({ topic, event, payload }),
      );
      const isIn = await new Promise<boolean>((resolve) => {
        channel.subscribe((status) => resolve(status === 'SUBSCRIBED'));
      });
      if (isIn) this.joined.push(topic);
      else await this.client.removeChannel(channel);
    }
  }

  events(prefix: string): Set<string> {
    return new Set(
      this.heard.filter(({ topic }) => topic.startsWith(prefix)).map(({ event }) => event),
    );
  }
}

/** A word that stands nowhere else. */
const words: string[] = [];
const word = () => {
  const made = `w${randomUUID().replaceAll('-', '')}`;
  words.push(made);
  return made;
};
const contents: string[] = [];
const content = () => {
  const made = word();
  contents.push(made);
  return made;
};
const deleted = word();
const publicName = word();
const privateName = word();
const directName = word();

/** Where files of messages lie. */
const files: string[] = [];

/** The server's own key, which no client has. */
const service = () =>
  createClient(inject('stack').apiUrl, inject('stack').secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
  });

let owner: Person;
let communityId: string;
let channelId: string;
let publicThread: string;
let privateThread: string;
let directGroup: string;
/** What the owner and the reader chat by, whom another system knows by these ids. */
let chatThread: string;
const mongoIds = { owner: randomUUID(), reader: randomUUID() };
let lostChannelTopics: string[];
let gone: Person;
let reader: Listener;
let intruders: Listener[];

/** Wherever something is said. */
const places = () => [channelId, publicThread, privateThread, directGroup];

const sync = (id: string) =>
  call<{ topic: string; community_topic: string }>(owner.client, 'sync_channel', {
    p_channel_id: id,
  });
const topicsFor = async (person: SupabaseClient) => {
  const { data } = await person.rpc('list_topics', { p_community_id: communityId });
  return data ? [data.community_topic, data.activity_topic].filter(Boolean) : [];
};
const channelTopics = async () => Promise.all(places().map(async (id) => (await sync(id)).topic));

const overwrite = (userId: string, deny: string[]) =>
  call(owner.client, 'set_channel_overwrite', {
    p_channel_id: channelId,
    p_subject_kind: 'member',
    p_subject_id: userId,
    p_allow: [],
    p_deny: deny,
  });

/** Causes every event that a channel, its threads and their readers may hear of. */
async function causeEverything(): Promise<void> {
  const ask = <Result = unknown>(name: string, args: Record<string, unknown>) =>
    call<Result>(owner.client, name, args);
  const send = (id: string, body: string) =>
    ask<{ seq: number }>('send_message', { p_channel_id: id, p_body: body });
  for (const id of places()) {
    const at = { p_channel_id: id, p_seq: (await send(id, word())).seq };
    await ask('send_message', { p_channel_id: id, p_body: word(), p_reply_to_seq: at.p_seq });
    await ask('edit_message', { ...at, p_body: word() });
    await ask('add_reaction', { ...at, p_emoji: '👍' });
    await ask('pin_message', at);
    await ask('unpin_message', at);
    await ask('start_typing', { p_channel_id: id });
    const gone = { p_channel_id: id, p_seq: (await send(id, deleted)).seq };
    await ask('edit_message', { ...gone, p_body: `${deleted} again` });
    await ask('delete_message', gone);
    await send(id, `${word()} <@${reader.id}>`);
    // As the Edge Function answers, which finds nothing under such a name.
    const url = `https://${word()}.invalid/`;
    const link = await send(id, url);
    const isShown = await call<boolean>(service(), 'store_link_preview', {
      p_channel_id: id,
      p_seq: link.seq,
      p_url: url,
      p_preview: { title: word(), description: word() },
    });
    expect(isShown).toBe(true);
    const path = `${id}/${owner.id}/${randomUUID()}`;
    const uploaded = await owner.client.storage.from('attachments').upload(path, content());
    expect(uploaded.error).toBeNull();
    files.push(path);
    await ask('send_message', {
      p_channel_id: id,
      p_body: '',
      p_attachments: [{ id: path.split('/')[2], name: word() }],
    });
  }
  const chat = (body: string) =>
    ask<{ channel_id: string; seq: number }>('insert_chat_message', {
      _thread_id: chatThread,
      _sender_mongo_id: mongoIds.owner,
      _recipient_mongo_id: mongoIds.reader,
      _body: body,
    });
  const said = await chat(word());
  const inChat = { p_channel_id: said.channel_id, p_seq: said.seq };
  await ask('edit_message', { ...inChat, p_body: word() });
  const unsaid = await chat(deleted);
  await ask('delete_message', { ...inChat, p_seq: unsaid.seq });
  const { seq } = await send(channelId, word());
  const passing = await ask<{ id: string }>('create_thread', {
    p_channel_id: channelId,
    p_name: word(),
    p_seq: seq,
  });
  await reader.tryAll([(await sync(passing.id)).topic]);
  await ask('update_thread', { p_thread_id: passing.id, p_name: word(), p_is_locked: true });
  await ask('delete_thread', { p_thread_id: passing.id });
  await call(reader.client, 'mark_read', { p_channel_id: channelId, p_seq: 3 });
  await call(gone.client, 'delete_my_account', { p_messages: 'anonymise' });
}

beforeAll(async () => {
  const [first, member, denied, robbed, deaf, former, outsider, last] = (await Promise.all(
    Array.from({ length: 8 }, () => signUp()),
  )) as [Person, Person, Person, Person, Person, Person, Person, Person];
  owner = first;
  gone = last;
  const community = await call<{ id: string }>(owner.client, 'create_community', {
    p_name: 'Leaks',
  });
  communityId = community.id;
  const channels = await call<{ id: string }[]>(owner.client, 'list_channels', {
    p_community_id: communityId,
  });
  channelId = channels[0]!.id;
  const { code } = await call<{ code: string }>(owner.client, 'create_invite', {
    p_community_id: communityId,
  });
  for (const person of [member, denied, robbed, deaf, former]) {
    await call(person.client, 'redeem_invite', { p_code: code });
  }
  // Who has left something, and will end the account: no topic moves for that.
  await call(gone.client, 'redeem_invite', { p_code: code });
  await call(gone.client, 'send_message', { p_channel_id: channelId, p_body: 'before' });
  await call(gone.client, 'leave_community', { p_community_id: communityId });
  await overwrite(denied.id, ['view_channel']);
  await overwrite(deaf.id, ['read_history']);
  const open = (name: string, isPrivate: boolean) =>
    call<{ id: string }>(owner.client, 'create_thread', {
      p_channel_id: channelId,
      p_name: name,
      p_is_private: isPrivate,
    });
  publicThread = (await open(publicName, false)).id;
  privateThread = (await open(privateName, true)).id;
  for (const person of [member, robbed, former]) {
    await call(owner.client, 'add_thread_member', {
      p_thread_id: privateThread,
      p_user_id: person.id,
    });
  }

  const group = await call<{ id: string }>(owner.client, 'open_group', {
    p_user_ids: [member.id, robbed.id, former.id],
    p_name: directName,
  });
  directGroup = group.id;

  reader = new Listener('reader', member.client, member.id);
  intruders = [
    new Listener('a member who may not view the channel', denied.client, denied.id),
    new Listener('a member who could, and had it open', robbed.client, robbed.id),
    new Listener('a member who may not read the history', deaf.client, deaf.id),
    new Listener('a former member', former.client, former.id),
    new Listener('an outsider', outsider.client, outsider.id),
    new Listener('nobody', anonymous()),
  ];

  // Those whom nobody lets in are known there, too.
  for (const [id, mongoId] of [
    [owner.id, mongoIds.owner],
    [reader.id, mongoIds.reader],
    ...intruders.map(({ id }) => [id, randomUUID()]),
  ]) {
    if (id === undefined) continue;
    const link = { p_user_id: id, p_provider: 'mongo', p_external_id: mongoId };
    await call(service(), 'link_external_identity', link);
  }
  const chat = await call<{ thread_id: string }>(owner.client, 'ensure_chat_thread', {
    _other_mongo_id: mongoIds.reader,
  });
  chatThread = chat.thread_id;

  // While they still may, two of them join everything; then one loses the channel and one the membership.
  lostChannelTopics = await channelTopics();
  for (const person of [intruders[1]!, intruders[3]!]) {
    const topics = [...lostChannelTopics, ...(await topicsFor(person.client))];
    await person.tryAll(topics);
    expect(person.joined.sort()).toEqual(topics.sort());
  }
  await overwrite(robbed.id, ['view_channel']);
  await call(owner.client, 'kick_member', { p_community_id: communityId, p_user_id: former.id });
  await call(owner.client, 'remove_direct_member', {
    p_channel_id: directGroup,
    p_user_id: robbed.id,
  });
  await call(former.client, 'leave_direct_group', { p_channel_id: directGroup });

  const topics = await channelTopics();
  const readersTopics = await topicsFor(reader.client);
  await reader.tryAll([...topics, ...readersTopics, `user:${reader.id}`, `chat:${chatThread}`]);
  expect(reader.joined).toHaveLength(topics.length + readersTopics.length + 2);
  for (const intruder of intruders) {
    const own = await topicsFor(intruder.client);
    await intruder.tryAll([
      ...topics,
      ...lostChannelTopics,
      ...readersTopics.filter((topic) => !own.includes(topic)),
      ...own.filter((topic) => !intruder.joined.includes(topic)),
      `user:${reader.id}`,
      `chat:${chatThread}`,
      `user:${intruder.id ?? randomUUID()}`,
    ]);
  }
  // What two of them heard while they might: a tick of the activity may have come then.
  for (const intruder of intruders) intruder.heard.length = 0;
  await causeEverything();
  // What is told a little later.
  await vi.waitFor(
    () => {
      const activity = eventsOf('activity');
      expect(reader.events('activity:')).toEqual(new Set(activity));
      expect(reader.events('channel:')).toContain('message_anonymised');
      expect(reader.events('user:')).toContain('thread_activity');
      expect(reader.events('user:')).toContain('direct_message');
      // The public thread's name, with how far it has come.
      expect(JSON.stringify(reader.heard).includes(publicName)).toBe(true);
    },
    { timeout: 30_000, interval: 100 },
  );
}, 60_000);

afterAll(async () => {
  for (const { client } of [reader, ...intruders]) {
    await client.removeAllChannels();
    await client.realtime.disconnect();
  }
});

test('who has the right hears every event there is', () => {
  // `moved` is the last word of a private thread's old name: whoever stays has heard it, or joined the new name since.
  const missing = eventsOf('channel').filter(
    (event) => event !== 'moved' && !reader.events('channel:').has(event),
  );
  expect(missing).toEqual([]);
  expect(reader.events('chat:')).toEqual(new Set(eventsOf('chat')));
  const text = JSON.stringify(reader.heard);
  // What a file holds is in no message, nor is the name of what nobody renames.
  const said = words.filter(
    (known) => ![privateName, directName].includes(known) && !contents.includes(known),
  );
  expect(said.filter((candidate) => !text.includes(candidate))).toEqual([]);
});

describe.each([0, 1, 2, 3, 4, 5])('intruder %i', (index) => {
  const intruder = () => intruders[index]!;

  test('is let into no topic that is not theirs', async () => {
    const now = [...(await channelTopics()), `user:${reader.id}`, `chat:${chatThread}`];
    const { joined, who, client } = intruder();
    const own = await topicsFor(client);
    const others = (await topicsFor(reader.client)).filter((topic) => !own.includes(topic));
    expect({ who, joined: joined.filter((topic) => [...now, ...others].includes(topic)) }).toEqual({
      who,
      joined: [],
    });
  });

  test('hears nothing of what was said, where, or how often', () => {
    const { heard, who } = intruder();
    const text = JSON.stringify(heard);
    const said = [...words, publicThread, privateThread].filter((known) => text.includes(known));
    expect({ who, said }).toEqual({ who, said: [] });
    const ofMessages = heard.filter(
      ({ event, topic }) =>
        event.startsWith('message_') ||
        event === 'typing' ||
        event === 'direct_message' ||
        topic.startsWith('chat:'),
    );
    expect({ who, ofMessages }).toEqual({ who, ofMessages: [] });
    const counted = heard.filter(
      ({ event, payload }) =>
        event.endsWith('activity') && JSON.stringify(payload).includes(channelId),
    );
    // Who views the channel without reading it is told that there is something new in it.
    if (index !== 2) expect({ who, counted }).toEqual({ who, counted: [] });
  });

  test.each(questions.map(({ name }) => name))('learns nothing from %s', async (name) => {
    const { args } = questions.find((question) => question.name === name)!;
    for (const id of places()) {
      const values: Record<string, unknown> = {
        // Direct channels have none.
        p_community_id: id === directGroup ? null : communityId,
        p_channel_id: id,
        p_thread_id: id,
        _thread_id: chatThread,
        p_user_id: reader.id,
        p_permission: 'send_messages',
        p_seq: 1,
        p_emoji: '👍',
        p_query: words[3],
        p_after_revision: 0,
      };
      const { data } = await intruder().client.rpc(
        name,
        Object.fromEntries(args.filter((arg) => arg in values).map((arg) => [arg, values[arg]])),
      );
      const text = JSON.stringify(data) ?? '';
      for (const said of words) expect(text).not.toContain(said);
      expect(text).not.toContain(privateThread);
      expect(text).not.toContain(directGroup);
      // Who may view the channel knows that it is there, and that there is something in it.
      const hidden = [
        ...words,
        publicThread,
        privateThread,
        directGroup,
        ...(index === 2 ? [] : [channelId]),
      ];
      expect(hidden.filter((known) => text.includes(known))).toEqual([]);
    }
  });

  test('gets no file, nor an address of one, nor hears that there is any', async () => {
    const bucket = intruder().client.storage.from('attachments');
    for (const path of files) {
      const [channel, user] = path.split('/') as [string, string];
      expect((await bucket.download(path)).error).not.toBeNull();
      expect((await bucket.createSignedUrl(path, 60)).error).not.toBeNull();
      for (const folder of ['', channel, `${channel}/${user}`]) {
        expect((await bucket.list(folder)).data ?? []).toEqual([]);
      }
      expect((await bucket.remove([path])).data ?? []).toEqual([]);
    }
  });

  test.each(tables)('reads nothing of it in %s', async (table) => {
    const { data } = await intruder().client.from(table).select();
    const text = JSON.stringify(data) ?? '';
    // The channel itself, and the overwrites by which it is hidden, are for who views it.
    const hidden = [
      ...words,
      publicThread,
      privateThread,
      directGroup,
      ...(index === 2 ? [] : [channelId]),
    ];
    expect(hidden.filter((known) => text.includes(known))).toEqual([]);
  });
});

test('who has the right gets every file', async () => {
  const got = await Promise.all(
    files.map(async (path) => {
      const { data } = await reader.client.storage.from('attachments').download(path);
      return data?.text();
    }),
  );
  expect(got).toEqual(contents);
});

test('what is deleted is in no answer and no table any more, also for who may everything', async () => {
  for (const { name, args } of questions) {
    for (const id of places()) {
      const values: Record<string, unknown> = {
        // Direct channels have none.
        p_community_id: id === directGroup ? null : communityId,
        p_channel_id: id,
        p_thread_id: id,
        _thread_id: chatThread,
        p_seq: 4,
        p_emoji: '👍',
        p_query: deleted,
        p_after_revision: 0,
      };
      const { data } = await owner.client.rpc(
        name,
        Object.fromEntries(args.filter((arg) => arg in values).map((arg) => [arg, values[arg]])),
      );
      expect(JSON.stringify(data) ?? '').not.toContain(deleted);
    }
  }
  for (const table of tables) {
    const { data } = await owner.client.from(table).select();
    expect(JSON.stringify(data) ?? '').not.toContain(deleted);
  }
});
