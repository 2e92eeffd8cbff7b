import { createClient } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import WebSocket from 'ws';
import { newCommunity, newPerson, type Person } from './testing/stack-people.ts';
import {
  type RealtimeSource,
  type Subscription,
  TopicHub,
  type TopicListener,
  topicHubOf,
} from './topic-hub.ts';

// Topics on the running stack, through unmodified supabase-js clients.

let ada: Person;
let channelId: string;
let topic: string;
let communityTopic: string;

beforeAll(async () => {
  ada = await newPerson();
  const { channel } = await newCommunity(ada);
  channelId = channel.id;
  const head = await ada.guildhall.messages.syncChannel({ channelId });
  topic = head.topic;
  communityTopic = head.community_topic as string;
});

// A hub whose topics are taken away joins them again, so each test lets go of what it holds.
const held: Subscription[] = [];

afterEach(async () => {
  for (const subscription of held.splice(0)) subscription.leave();
  await vi.waitFor(() => expect(ada.supabase.getChannels()).toEqual([]));
});

function join(hub: TopicHub, name: string, who: TopicListener): Subscription {
  const subscription = hub.join(name, who);
  held.push(subscription);
  return subscription;
}

afterAll(() => ada.supabase.realtime.disconnect());

function listener() {
  const heard: string[] = [];
  return {
    heard,
    onBroadcast: (event: string) => heard.push(event),
    onJoined: () => heard.push('joined'),
    onDown: () => heard.push('down'),
  };
}

const say = (body: string) => ada.guildhall.messages.send({ channelId, body });

const hears = (who: ReturnType<typeof listener>, wanted: string[]) =>
  vi.waitFor(() => expect(who.heard).toEqual(wanted), { timeout: 10_000, interval: 10 });

test('one client has one hub', () => {
  expect(topicHubOf(ada.supabase)).toBe(topicHubOf(ada.supabase));
});

test('all listeners of a topic hear it through one join, and it is left with the last of them', async () => {
  const hub = new TopicHub(ada.supabase);
  const [first, second] = [listener(), listener()];
  const firsts = join(hub, topic, first);
  await hears(first, ['joined']);
  const seconds = join(hub, topic, second);
  await hears(second, ['joined']);
  expect(ada.supabase.getChannels()).toHaveLength(1);
  await say('to both');
  await hears(first, ['joined', 'message_created']);
  await hears(second, ['joined', 'message_created']);
  firsts.leave();
  firsts.leave();
  await say('to the second');
  await hears(second, ['joined', 'message_created', 'message_created']);
  expect(first.heard).toEqual(['joined', 'message_created']);
  seconds.leave();
  await vi.waitFor(() => expect(ada.supabase.getChannels()).toEqual([]));
});

test('a topic left and joined again at once is joined', async () => {
  const hub = new TopicHub(ada.supabase);
  const before = listener();
  const subscription = join(hub, topic, before);
  await hears(before, ['joined']);
  subscription.leave();
  const after = listener();
  const again = join(hub, topic, after);
  await hears(after, ['joined']);
  await say('hello');
  await hears(after, ['joined', 'message_created']);
  expect(before.heard).toEqual(['joined']);
  again.leave();
});

test('a topic renewed is down and joined again, for everybody', async () => {
  const hub = new TopicHub(ada.supabase);
  const [first, second] = [listener(), listener()];
  const subscription = join(hub, topic, first);
  await hears(first, ['joined']);
  join(hub, topic, second);
  await hears(second, ['joined']);
  subscription.renew();
  await hears(first, ['joined', 'down', 'joined']);
  await hears(second, ['joined', 'down', 'joined']);
  await say('hello');
  await hears(first, ['joined', 'down', 'joined', 'message_created']);
});

test('a topic left before it was joined is never joined', async () => {
  const hub = new TopicHub(ada.supabase);
  const who = listener();
  join(hub, topic, who).leave();
  const other = listener();
  join(hub, communityTopic, other);
  await hears(other, ['joined']);
  expect(who.heard).toEqual([]);
  expect(ada.supabase.getChannels()).toHaveLength(1);
});

test('the join carries the token of now, not the one the client began with', async () => {
  const { data } = await ada.supabase.auth.getSession();
  let token: string | null = null;
  const supabase = createClient(inject('stack').apiUrl, inject('stack').publishableKey, {
    accessToken: async () => token,
    realtime: { transport: WebSocket as never },
  });
  const hub = new TopicHub(supabase);
  const stranger = listener();
  const subscription = join(hub, communityTopic, stranger);
  await vi.waitFor(() => expect(stranger.heard).toContain('down'), { timeout: 10_000 });
  subscription.leave();
  // Signed in, on the socket that is already open.
  token = data.session?.access_token ?? null;
  const member = listener();
  join(hub, topic, member);
  await hears(member, ['joined']);
  await supabase.removeAllChannels();
});

test('where there are no sockets at all it only stays down', async () => {
  const withoutSockets: RealtimeSource = {
    channel: () => {
      throw new Error('WebSocket not available');
    },
    removeChannel: () => Promise.resolve('ok'),
    realtime: ada.supabase.realtime,
  };
  const hub = new TopicHub(withoutSockets);
  const who = listener();
  const subscription = join(hub, topic, who);
  await vi.waitFor(() => expect(who.heard).toContain('down'));
  subscription.leave();
});
