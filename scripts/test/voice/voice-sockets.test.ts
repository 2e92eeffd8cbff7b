import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { projectRoot } from '../../project-root.ts';
import { anonymous, call, type Person, signUp } from '../people.ts';

// Every event of voice is caused once, while people listen who may connect, who might once, and who never could.
const contract = JSON.parse(
  readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8'),
) as { events: Record<string, { prefix: string; event: string }> };
const eventsOf = (prefix: string) =>
  Object.values(contract.events)
    .filter((entry) => entry.prefix === prefix)
    .map(({ event }) => event);

interface Heard {
  topic: string;
  event: string;
  payload: Record<string, unknown>;
}

class Listener {
  readonly client: SupabaseClient;
  readonly heard: Heard[] = [];
  readonly present: string[] = [];
  channels: RealtimeChannel[] = [];

  constructor(client: SupabaseClient) {
    this.client = client;
  }

  async enter(topic: string, presenceKey?: string): Promise<boolean> {
    const channel = this.client.channel(topic, {
      config: { private: true, presence: { key: presenceKey ?? '' } },
    });
    channel.on('broadcast', { event: '*' }, ({ event, payload }) =>
      this.heard.push({ topic, event, payload }),
    );
    channel.on('presence', { event: 'sync' }, () => {
      this.present.push(...Object.keys(channel.presenceState()));
    });
    const isIn = await new Promise<boolean>((resolve) => {
      channel.subscribe((status) => resolve(status === 'SUBSCRIBED'));
    });
    if (isIn) this.channels.push(channel);
    else await this.client.removeChannel(channel);
    return isIn;
  }
}

let owner: Person;
let member: Person;
let third: Person;
let communityId: string;
let channelId: string;
let stageId: string;
let oldTopic: string;
let listeners: { member: Listener; third: Listener };
const intruders: { who: string; listener: Listener; wasIn: boolean }[] = [];
const secret = `secret-${randomUUID()}`;

const topic = async () =>
  (await call<{ topic: string }>(owner.client, 'get_voice', { p_channel_id: channelId })).topic;
const deny = (userId: string) =>
  call(owner.client, 'set_channel_overwrite', {
    p_channel_id: channelId,
    p_subject_kind: 'member',
    p_subject_id: userId,
    p_allow: [],
    p_deny: ['connect'],
  });

beforeAll(async () => {
  const [first, second, other, denied, robbed, timedOut, former, outsider] = (await Promise.all(
    Array.from({ length: 8 }, () => signUp()),
  )) as [Person, Person, Person, Person, Person, Person, Person, Person];
  [owner, member, third] = [first, second, other];
  communityId = (
    await call<{ id: string }>(owner.client, 'create_community', { p_name: 'Sockets' })
  ).id;
  const open = async (name: string) =>
    (
      await call<{ id: string }>(owner.client, 'create_channel', {
        p_community_id: communityId,
        p_name: name,
        p_kind: 'voice',
      })
    ).id;
  channelId = await open('lounge');
  stageId = await open('stage');
  const { code } = await call<{ code: string }>(owner.client, 'create_invite', {
    p_community_id: communityId,
  });
  for (const person of [member, third, denied, robbed, timedOut, former]) {
    await call(person.client, 'redeem_invite', { p_code: code });
  }
  await deny(denied.id);
  for (const person of [owner, member, third, robbed, timedOut, former]) {
    await call(person.client, 'join_voice', { p_channel_id: channelId });
  }

  const otherOwner = await signUp();
  await call(otherOwner.client, 'create_community', { p_name: 'Another' });
  oldTopic = await topic();
  for (const [who, person, wasIn] of [
    ['who may not connect', denied, false],
    ['who might connect and was in it', robbed, true],
    ['who is timed out', timedOut, true],
    ['a former member', former, true],
    ['an outsider', outsider, false],
    ['the owner of another community', otherOwner, false],
  ] as const) {
    const listener = new Listener(person.client);
    intruders.push({ who, listener, wasIn });
    expect({ who, isIn: await listener.enter(oldTopic, who) }).toEqual({ who, isIn: wasIn });
  }
  intruders.push({ who: 'nobody', listener: new Listener(anonymous()), wasIn: false });

  listeners = { member: new Listener(member.client), third: new Listener(third.client) };
  for (const listener of Object.values(listeners)) {
    expect(await listener.enter(oldTopic)).toBe(true);
  }
  await deny(robbed.id);
  await call(owner.client, 'timeout_member', {
    p_community_id: communityId,
    p_user_id: timedOut.id,
    p_until: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await call(owner.client, 'kick_member', { p_community_id: communityId, p_user_id: former.id });

  for (const [name, person] of [
    ['member', member],
    ['third', third],
  ] as const) {
    expect(await listeners[name].enter(await topic(), name)).toBe(true);
    expect(await listeners[name].enter(`user:${person.id}`)).toBe(true);
  }
}, 60_000);

afterAll(async () => {
  for (const { client } of [...Object.values(listeners), ...intruders.map((i) => i.listener)]) {
    await client.removeAllChannels();
    await client.realtime.disconnect();
  }
});

describe('what is told of a voice channel', () => {
  test('reaches who may connect: every event there is', async () => {
    const device = randomUUID();
    const at = { p_channel_id: channelId };
    await call(owner.client, 'set_voice_state', { ...at, p_is_self_muted: true });
    await call(member.client, 'join_voice', { ...at, p_device_id: device });
    await call(owner.client, 'send_voice_signal', {
      ...at,
      p_to_user_id: member.id,
      p_kind: 'offer',
      p_payload: { sdp: secret },
    });
    await call(owner.client, 'move_member', {
      ...at,
      p_user_id: member.id,
      p_destination_id: stageId,
    });
    await call(owner.client, 'disconnect_member', {
      p_channel_id: stageId,
      p_user_id: member.id,
    });
    await call(owner.client, 'leave_voice', at);
    await vi.waitFor(() => {
      const heard = (prefix: string) =>
        new Set(
          listeners.member.heard
            .filter((one) => one.topic.startsWith(prefix))
            .map(({ event }) => event),
        );
      expect(heard('voice:')).toEqual(new Set(eventsOf('voice')));
      expect(heard('user:')).toContain('webrtc-signal');
      expect(heard('user:')).toContain('voice_session_moved');
      expect(heard('user:')).toContain('voice_session_ended');
      const left = listeners.third.heard.filter(({ event }) => event === 'roster_changed');
      expect(left.length).toBeGreaterThanOrEqual(4);
    });
  });

  test('a signal reaches the recipient alone, also among those in the channel', () => {
    expect(JSON.stringify(listeners.member.heard)).toContain(secret);
    expect(JSON.stringify(listeners.third.heard)).not.toContain(secret);
  });

  test('who may connect is present for the others', async () => {
    const now = await topic();
    const find = (listener: Listener) =>
      listener.channels.find(({ topic: name }) => name === `realtime:${now}`)!;
    await find(listeners.member).track({ at: 'home' });
    await vi.waitFor(() => expect(listeners.third.present).toContain('member'));
  });

  test('nobody in it broadcasts by themselves', async () => {
    const now = await topic();
    const channel = listeners.third.channels.find(({ topic: name }) => name === `realtime:${now}`)!;
    await channel.send({ type: 'broadcast', event: 'roster_changed', payload: { forged: secret } });
    await call(third.client, 'set_voice_state', { p_channel_id: channelId, p_is_self_muted: true });
    await vi.waitFor(() =>
      expect(JSON.stringify(listeners.member.heard)).toContain('"is_self_muted":true'),
    );
    expect(JSON.stringify(listeners.member.heard)).not.toContain('forged');
  });
});

describe.each([0, 1, 2, 3, 4, 5, 6])('intruder %i', (index) => {
  test('is let into no name that it has, and heard nothing that was sent afterwards', async () => {
    const { who, listener, wasIn } = intruders[index]!;
    for (const name of [await topic(), oldTopic, `user:${member.id}`]) {
      if (wasIn && name === oldTopic) continue;
      expect({ who, isIn: await listener.enter(name) }).toEqual({ who, isIn: false });
    }
    // The last word of the old name, and who went with it.
    const allowed = listener.heard.every(
      ({ event, payload }) =>
        event === 'moved' ||
        (event === 'roster_changed' && JSON.stringify(payload.present) === '[]'),
    );
    expect({ who, allowed }).toEqual({ who, allowed: true });
    expect(JSON.stringify(listener.heard)).not.toContain(secret);
    expect(listener.present).not.toContain('member');
  });

  test('has nothing from the functions', async () => {
    const { who, listener } = intruders[index]!;
    for (const [name, args] of [
      ['get_voice', { p_channel_id: channelId }],
      ['list_voice', { p_community_id: communityId }],
      ['join_voice', { p_channel_id: channelId }],
      ['renew_voice', { p_channel_id: channelId }],
      ['authorize_voice', { p_community_id: communityId, p_channel_id: channelId }],
      [
        'send_voice_signal',
        { p_channel_id: channelId, p_to_user_id: member.id, p_kind: 'ice', p_payload: {} },
      ],
    ] as const) {
      const { data } = await listener.client.rpc(name, args);
      const text = JSON.stringify(data);
      expect({ who, name, found: text.includes(channelId) || text.includes(member.id) }).toEqual({
        who,
        name,
        found: false,
      });
    }
  });
});
