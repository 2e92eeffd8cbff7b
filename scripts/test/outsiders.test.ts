import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { projectRoot } from '../project-root.ts';
import { anonymous, call, type Person, secondClient, signUp } from './people.ts';

// What is exposed comes from the contract, so a table or function that is added later is attacked from its first day.
const contract = JSON.parse(
  readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8'),
) as {
  tables: Record<string, unknown>;
  functions: Record<
    string,
    { arguments: { name: string; type: string }[]; grants: Record<string, string[]> }
  >;
};
const tables = Object.keys(contract.tables)
  .filter((name) => name.startsWith('public.'))
  .map((name) => name.slice('public.'.length));
const functions = Object.entries(contract.functions)
  .filter(([signature]) => signature.startsWith('public.'))
  .map(([signature, { arguments: args, grants }]) => ({
    name: signature.slice('public.'.length, signature.indexOf('(')),
    args,
    isForUsers: 'authenticated' in grants,
  }));

const questions = ['can_send_in_channel', 'can_view_channel', 'leave_voice', 'user_has_permission'];
/** What is asked of voice channels. */
const isAboutVoice = (name: string) => /voice|^(mute|move|disconnect)_member$/.test(name);
/** What anybody may do with anybody whose id they know: no community is asked. */
const betweenPeople = [
  'accept_friend_request',
  'block_user',
  'cancel_friend_request',
  'decline_friend_request',
  'remove_friend',
  'request_friend',
  'unblock_user',
];
const secret = `the secret ${randomUUID()}`;

let owner: Person;
let attackers: { who: string; client: SupabaseClient; mongoId?: string }[];
let ownersMongoId: string;
let chatThread: string;
let formerMember: Person;
let bystander: Person;
let communityId: string;
let channelId: string;
let voiceChannelId: string;
let voiceSessionId: string;
let groupId: string;
let roleId: string;
let threadId: string;
let reportId: string;
let code: string;
let oldTopics: string[];
let topics: string[];
let heardByFormerMember: unknown[];

const topicsOf = async () => {
  const head = (id: string) =>
    call<{ topic: string; community_topic: string }>(owner.client, 'sync_channel', {
      p_channel_id: id,
    });
  const { topic, community_topic } = await head(channelId);
  const voice = await call<{ topic: string }>(owner.client, 'get_voice', {
    p_channel_id: voiceChannelId,
  });
  const thread = await head(threadId);
  return [topic, community_topic, thread.topic, voice.topic, `user:${owner.id}`];
};

/** Joins a private topic; says whether Realtime let us in. */
function enter(client: SupabaseClient, topic: string, onEvent?: (payload: unknown) => void) {
  const channel = client.channel(topic, { config: { private: true, broadcast: { ack: true } } });
  if (onEvent) channel.on('broadcast', { event: '*' }, onEvent);
  return new Promise<{ joined: boolean; channel: typeof channel }>((resolve) => {
    channel.subscribe((status) => {
      if (status === 'SUBSCRIBED') resolve({ joined: true, channel });
      if (status === 'CHANNEL_ERROR' || status === 'TIMED_OUT') resolve({ joined: false, channel });
    });
  });
}

/** Nothing of the community may stand in an answer, in whatever place. */
function expectNothing(answer: unknown) {
  const text = JSON.stringify(answer) ?? '';
  for (const word of [
    communityId,
    channelId,
    voiceChannelId,
    voiceSessionId,
    groupId,
    roleId,
    threadId,
    reportId,
    code,
    secret,
    owner.id,
    chatThread,
  ]) {
    expect(text).not.toContain(word);
  }
}

beforeAll(async () => {
  [owner, formerMember] = await Promise.all([signUp(), signUp()]);
  const [stranger, otherOwner, somebody] = await Promise.all([signUp(), signUp(), signUp()]);
  bystander = somebody;
  const community = await call<{ id: string }>(owner.client, 'create_community', {
    p_name: secret,
  });
  communityId = community.id;
  const channel = await call<{ id: string; group_id: string }[]>(owner.client, 'list_channels', {
    p_community_id: communityId,
  });
  channelId = channel[0]!.id;
  groupId = channel[0]!.group_id;
  const roles = await call<{ id: string }[]>(owner.client, 'list_roles', {
    p_community_id: communityId,
  });
  roleId = roles[0]!.id;
  ({ code } = await call<{ code: string }>(owner.client, 'create_invite', {
    p_community_id: communityId,
  }));
  await call(owner.client, 'send_message', { p_channel_id: channelId, p_body: secret });
  const thread = await call<{ id: string }>(owner.client, 'create_thread', {
    p_channel_id: channelId,
    p_name: secret,
  });
  threadId = thread.id;
  await call(owner.client, 'send_message', { p_channel_id: threadId, p_body: secret });

  const voice = await call<{ id: string }>(owner.client, 'create_channel', {
    p_community_id: communityId,
    p_name: secret,
    p_kind: 'voice',
  });
  voiceChannelId = voice.id;
  const session = await call<{ session_id: string }>(owner.client, 'join_voice', {
    p_channel_id: voiceChannelId,
  });
  voiceSessionId = session.session_id;

  await call(formerMember.client, 'redeem_invite', { p_code: code });
  await call(formerMember.client, 'join_voice', { p_channel_id: voiceChannelId });
  const report = await call<{ id: string }>(owner.client, 'report_message', {
    p_channel_id: channelId,
    p_seq: 1,
    p_reason: 'spam',
  });
  reportId = report.id;
  oldTopics = (await topicsOf()).slice(0, 4);
  heardByFormerMember = [];
  for (const topic of oldTopics) {
    const { joined } = await enter(formerMember.client, topic, (event) =>
      heardByFormerMember.push(event),
    );
    expect(joined).toBe(true);
  }
  await call(formerMember.client, 'leave_community', { p_community_id: communityId });
  topics = await topicsOf();

  await call(otherOwner.client, 'create_community', { p_name: 'Another' });

  // All of them are known in another system, and the owner chats with somebody by its ids.
  const { apiUrl, secretKey } = inject('stack');
  const service = createClient(apiUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
  });
  const link = async ({ id }: Person) => {
    const mongoId = randomUUID();
    const arguments_ = { p_user_id: id, p_provider: 'mongo', p_external_id: mongoId };
    await call(service, 'link_external_identity', arguments_);
    return mongoId;
  };
  const other = await signUp();
  await call(other.client, 'redeem_invite', { p_code: code });
  ownersMongoId = await link(owner);
  const othersMongoId = await link(other);
  const chat = await call<{ thread_id: string }>(owner.client, 'ensure_chat_thread', {
    _other_mongo_id: othersMongoId,
  });
  chatThread = chat.thread_id;
  await call(owner.client, 'insert_chat_message', {
    _thread_id: chatThread,
    _sender_mongo_id: ownersMongoId,
    _recipient_mongo_id: othersMongoId,
    _body: secret,
  });
  topics.push(`chat:${chatThread}`);

  attackers = [
    { who: 'anonymous', client: anonymous() },
    { who: 'stranger', client: stranger.client, mongoId: await link(stranger) },
    {
      who: 'former member',
      client: await secondClient(formerMember),
      mongoId: await link(formerMember),
    },
    {
      who: 'owner of another community',
      client: otherOwner.client,
      mongoId: await link(otherOwner),
    },
  ];
});

afterAll(async () => {
  for (const client of [
    owner.client,
    formerMember.client,
    ...attackers.map((attacker) => attacker.client),
  ]) {
    await client.removeAllChannels();
  }
});

const everyone = ['anonymous', 'stranger', 'former member', 'owner of another community'];
const clientOf = (who: string) => attackers.find((attacker) => attacker.who === who)!.client;

test('the contract names the tables and functions to attack', () => {
  expect(tables).toContain('messages');
  expect(functions.map(({ name }) => name)).toContain('send_message');
});

describe.each(everyone)('%s', (who) => {
  test.each(tables)('reads nothing of a foreign community from %s', async (table) => {
    const { data } = await clientOf(who).from(table).select();
    expectNothing(data);
    // With the filter a client would use, too: a policy must not depend on it.
    for (const [column, id] of [
      ['community_id', communityId],
      ['channel_id', channelId],
      ['channel_id', threadId],
      ['id', communityId],
    ] as const) {
      const filtered = await clientOf(who).from(table).select().eq(column, id);
      expect(filtered.data ?? []).toEqual([]);
    }
  });

  test.each(tables)('writes nothing to %s', async (table) => {
    const client = clientOf(who);
    const row = { community_id: communityId, channel_id: channelId, id: randomUUID() };
    for (const attempt of [
      client.from(table).insert(row),
      client.from(table).update({ created_at: '2000-01-01' }).neq('created_at', '1999-01-01'),
      client.from(table).delete().neq('created_at', '1999-01-01'),
    ]) {
      const { error } = await attempt;
      // 42501: no grant. 42703 and PGRST…: the table has no such column, and 55000: it is a view that nobody could write, which
      // are refused before any right is asked.
      expect(error?.code).toMatch(/^(42501|42703|55000|PGRST\d+)$/);
    }
  });

  test.each(functions.map(({ name }) => name))('gets nothing out of %s', async (name) => {
    const { args, isForUsers } = functions.find((candidate) => candidate.name === name)!;
    const values: Record<string, unknown> = {
      p_community_id: communityId,
      p_channel_id: isAboutVoice(name) ? voiceChannelId : channelId,
      p_group_id: groupId,
      p_role_id: roleId,
      p_thread_id: threadId,
      p_role_ids: [roleId],
      p_user_id: betweenPeople.includes(name) ? bystander.id : owner.id,
      p_new_owner_id: owner.id,
      p_subject_kind: 'role',
      p_subject_id: roleId,
      p_permission: 'send_messages',
      p_permissions: ['send_messages'],
      p_position: 1,
      p_code: 'not the code',
      p_body: 'intruding',
      p_seq: 1,
      p_seqs: [1],
      p_emoji: '👍',
      p_query: secret,
      p_name: 'intruding',
      p_nickname: 'intruding',
      p_until: null,
      p_after_revision: 0,
      p_url: 'https://example.com/',
      p_preview: { title: 'intruding' },
      p_report_id: reportId,
      p_reason: 'spam',
      p_note: 'intruding',
      p_resolution: 'intruding',
      p_action: 'delete_message',
      p_role: 'admin',
      p_provider: 'mongo',
      p_external_id: 'intruding',
      _thread_id: chatThread,
      _other_mongo_id: ownersMongoId,
      _sender_mongo_id: attackers.find((attacker) => attacker.who === who)!.mongoId ?? 'nobody',
      _recipient_mongo_id: ownersMongoId,
      _body: 'intruding',
      p_destination_id: channelId,
      p_is_muted: true,
      p_to_user_id: owner.id,
      p_kind: 'offer',
      p_payload: {},
      p_export_id: randomUUID(),
      p_section: 'messages',
      p_session_id: randomUUID(),
      p_version: 1,
      p_room: channelId,
    };
    const { data, error } = await clientOf(who).rpc(
      name,
      Object.fromEntries(args.filter((a) => a.name in values).map((a) => [a.name, values[a.name]])),
    );
    expectNothing(data);
    if (questions.includes(name) && who !== 'anonymous') {
      // What asks only about the caller answers no, as it does for what does not exist.
      expect({ data, error }).toEqual({ data: false, error: null });
    } else if (!isForUsers) {
      expect(error?.code).toBe('42501');
    } else if (betweenPeople.includes(name)) {
      expect(error?.code ?? 'done').toMatch(
        who === 'anonymous' ? /^42501$/ : /^(done|PT403|PT404)$/,
      );
    } else if (args.some((arg) => arg.name in values && arg.name !== 'p_name')) {
      expect(error?.code).toBe(who === 'anonymous' ? '42501' : 'PT404');
    }
  });

  test('is not let into any topic, under its new name or its old one', async () => {
    for (const topic of [...topics, ...oldTopics]) {
      const { joined, channel } = await enter(clientOf(who), topic);
      expect({ topic, joined }).toEqual({ topic, joined: false });
      await clientOf(who).removeChannel(channel);
    }
  });

  test('cannot broadcast into a topic over HTTP', async () => {
    const { apiUrl, publishableKey } = inject('stack');
    const heard: unknown[] = [];
    const listener = await signUp();
    await call(listener.client, 'redeem_invite', { p_code: code });
    const { joined } = await enter(listener.client, topics[0]!, (event) => heard.push(event));
    expect(joined).toBe(true);
    const session = await clientOf(who).auth.getSession();
    const response = await fetch(`${apiUrl}/realtime/v1/api/broadcast`, {
      method: 'POST',
      headers: {
        apikey: publishableKey,
        authorization: `Bearer ${session.data.session?.access_token ?? publishableKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        messages: [
          {
            topic: topics[0],
            event: 'message_created',
            payload: { body: 'forged' },
            private: true,
          },
        ],
      }),
    });
    await response.body?.cancel();
    await call(owner.client, 'send_message', { p_channel_id: channelId, p_body: 'genuine' });
    await expect.poll(() => JSON.stringify(heard)).toContain('genuine');
    expect(JSON.stringify(heard)).not.toContain('forged');
    await listener.client.removeAllChannels();
  });
});

test('a former member with an open socket hears nothing that is sent after leaving', async () => {
  await call(owner.client, 'send_message', { p_channel_id: channelId, p_body: 'after the leave' });
  const listener = await signUp();
  await call(listener.client, 'redeem_invite', { p_code: code });
  const heard: unknown[] = [];
  await enter(listener.client, (await topicsOf())[0]!, (event) => heard.push(event));
  await call(owner.client, 'send_message', { p_channel_id: channelId, p_body: 'heard by members' });
  await expect.poll(() => JSON.stringify(heard)).toContain('heard by members');

  // The last word on the old names is that they are old.
  expect(heardByFormerMember.map((event) => (event as { event: string }).event)).toContain('moved');
  expect(JSON.stringify(heardByFormerMember)).not.toContain('after the leave');
  expect(JSON.stringify(heardByFormerMember)).not.toContain('heard by members');
  await listener.client.removeAllChannels();
});

test('a member cannot broadcast on the feed of a channel, nor be present there', async () => {
  const member = await signUp();
  await call(member.client, 'redeem_invite', { p_code: code });
  const { joined, channel } = await enter(member.client, (await topicsOf())[0]!);
  expect(joined).toBe(true);
  const answer = await channel.send({
    type: 'broadcast',
    event: 'message_created',
    payload: { seq: 1, body: 'forged' },
  });
  expect(answer).not.toBe('ok');
  await member.client.removeAllChannels();
});

describe('without a key', () => {
  test.each([
    '/rest/v1/communities',
    '/rest/v1/rpc/my_communities',
    '/auth/v1/settings',
    '/functions/v1/health',
    '/',
  ])('%s is refused', async (path) => {
    const response = await fetch(`${inject('stack').apiUrl}${path}`);
    expect(response.status).toBe(401);
    expect(await response.json()).toHaveProperty('message');
  });

  test('a wrong key is refused like none', async () => {
    const response = await fetch(`${inject('stack').apiUrl}/rest/v1/communities`, {
      headers: { apikey: `${inject('stack').secretKey}x` },
    });
    expect(response.status).toBe(401);
  });
});

describe('schemas that are not the API', () => {
  test.each(['private', 'auth', 'realtime', 'storage', 'vault', 'cron', 'net', 'platform_shim'])(
    '%s is not reached by naming it',
    async (schema) => {
      const { apiUrl, publishableKey } = inject('stack');
      const headers = {
        apikey: publishableKey,
        authorization: `Bearer ${owner.token}`,
        'accept-profile': schema,
        'content-profile': schema,
        'content-type': 'application/json',
      };
      for (const [path, init] of [
        ['channel_heads', {}],
        ['users', {}],
        ['messages', {}],
        ['messages', { method: 'POST', body: '{"topic":"x","extension":"broadcast"}' }],
        ['rpc/my_communities', { method: 'POST', body: '{}' }],
        ['rpc/send', { method: 'POST', body: '{"payload":{},"event":"x","topic":"x"}' }],
      ] as const) {
        const response = await fetch(`${apiUrl}/rest/v1/${path}`, { headers, ...init });
        const body = await response.json();
        // PGRST106: the schema is not exposed.
        expect({ path, code: body.code }).toEqual({ path, code: 'PGRST106' });
      }
    },
  );
});

test('the secret key may ask for the health and read no table', async () => {
  const { apiUrl, secretKey } = inject('stack');
  const headers = { apikey: secretKey, 'content-type': 'application/json' };
  const health = await fetch(`${apiUrl}/rest/v1/rpc/platform_health`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  expect(await health.json()).toMatchObject({ status: 'ok' });
  for (const table of tables) {
    const response = await fetch(`${apiUrl}/rest/v1/${table}`, { headers });
    expect(response.status).toBe(403);
    await response.body?.cancel();
  }
});

describe('the Edge Function health', () => {
  const get = async (key: string) => {
    const response = await fetch(`${inject('stack').functionsUrl}/health`, {
      headers: { apikey: key },
    });
    return { status: response.status, body: await response.json() };
  };

  test('tells the publishable key whether it works, and the secret key why not', async () => {
    const { publishableKey, secretKey } = inject('stack');
    expect(await get(publishableKey)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get(secretKey)).toEqual({ status: 200, body: { status: 'ok', problems: [] } });
  });

  test('that does not exist is not found', async () => {
    const { functionsUrl, publishableKey } = inject('stack');
    const response = await fetch(`${functionsUrl}/nothing`, {
      headers: { apikey: publishableKey },
    });
    expect(response.status).toBe(404);
  });
});
