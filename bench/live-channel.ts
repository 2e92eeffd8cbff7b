// How many changes a second one live channel takes in Node, and what it keeps of them: the client alone, without a wire.
import { LiveChannel } from '../sdk/src/live-channel.ts';
import type { TopicListener, TopicSource } from '../sdk/src/topic-hub.ts';
import { verdict } from './timings.ts';

const events = 400_000;
const channelId = '00000000-0000-7000-8000-000000000001';

let listener: TopicListener | undefined;
const topics: TopicSource = {
  join: (topic, joined) => {
    if (topic.startsWith('channel:')) listener = joined;
    queueMicrotask(() => joined.onJoined());
    return { renew: () => {}, leave: () => {} };
  },
};
let revision = 0;
const source = {
  sync: async () => ({
    topic: `channel:${channelId}:1-1`,
    community_topic: 'community:1',
    user_id: null,
    revision,
    last_seq: revision,
    changes: [],
  }),
  list: async () => [],
  send: () => Promise.reject(new Error('Nothing is sent.')),
};
const channel = new LiveChannel(channelId, source, topics, { moveJitterMs: 0 });
let told = 0;
channel.subscribe(() => {
  told += 1;
});
await channel.open();
await new Promise((resolve) => setTimeout(resolve, 50));

/** One in ten edits the message before it, one in ten reacts to it, the others are new. */
const payloads: { event: string; payload: unknown }[] = [];
let seq = 0;
const row = (of: number, body: string) => ({
  channel_id: channelId,
  seq: of,
  kind: 'text',
  author_id: '00000000-0000-7000-8000-00000000000a',
  author_name: 'Somebody',
  body,
  reply_to_seq: null,
  reply: null,
  mentions: null,
  reactions: [],
  attachments: [],
  preview: null,
  pinned_at: null,
  edited_at: null,
  client_nonce: null,
  revision,
  created_at: '2026-01-01T00:00:00+00:00',
});
for (let i = 0; i < events; i += 1) {
  revision += 1;
  const kind = i % 10 === 8 ? 'edited' : i % 10 === 9 ? 'reacted' : 'created';
  if (kind === 'created') seq += 1;
  payloads.push({
    event: `message_${kind}`,
    payload: { revision, kind, seq, message: row(seq, `as long as people write ${i}`) },
  });
}

const startedAt = performance.now();
for (const { event, payload } of payloads) listener?.onBroadcast(event, payload);
const seconds = (performance.now() - startedAt) / 1_000;
const { messages, status, revision: shown } = channel.getSnapshot();
channel.close();
if (shown !== events || told < events) throw new Error(`${shown} of ${events} changes are shown.`);
console.log(
  `${events} changes in ${seconds.toFixed(2)} s, ${status}, ${messages.length} messages kept`,
);
console.log(`changes a second ${Math.round(events / seconds)} (goal 100,000 or more)`);
console.log(`ratio goal / rate ${verdict(100_000 / (events / seconds), 1)}`);
console.log(`messages kept / window ${verdict(messages.length / 1_000, 1.1)}`);
