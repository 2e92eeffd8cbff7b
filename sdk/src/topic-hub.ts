import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { backoffMs } from './backoff.ts';

/** The part of a supabase-js client that live channels need. */
export type RealtimeSource = Pick<SupabaseClient, 'channel' | 'removeChannel' | 'realtime'>;

/** Who listens on a topic. */
export interface TopicListener {
  /** A broadcast arrived. */
  onBroadcast(event: string, payload: unknown): void;
  /** The topic is joined, for the first time or again: what was sent before this moment may be missing. */
  onJoined(): void;
  /** The topic is not joined any more, or joining failed. The hub goes on trying. */
  onDown(): void;
}

/** One listener's hold on a topic. */
export interface Subscription {
  /** Leaves the topic and joins it anew, for all its listeners. */
  renew(): void;
  /** Ends this listener's hold; the topic itself is left with its last listener. */
  leave(): void;
}

/** Where live channels join topics. */
export interface TopicSource {
  join(topic: string, listener: TopicListener): Subscription;
}

const REJOIN_BACKOFF = { baseMs: 1_000, capMs: 30_000 };
/** supabase-js rejoins by itself after an error; when that has not worked for this long, we start over. */
const GIVE_UP_REJOIN_MS = 45_000;

interface Topic {
  readonly name: string;
  readonly listeners: Set<TopicListener>;
  channel: RealtimeChannel | null;
  isJoined: boolean;
  failures: number;
  /** The next join from scratch. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * The private topics that one supabase-js client has joined, each joined once however many listen.
 *
 * supabase-js gives the same channel object to everybody who asks for a topic, and its `removeChannel` takes it
 * from everybody; so listeners are counted here. A topic whose channel failed or was closed by the server is
 * joined again for as long as somebody listens.
 */
export class TopicHub implements TopicSource {
  readonly #client: RealtimeSource;
  readonly #topics = new Map<string, Topic>();
  /** Topics being left: joining one again must wait, or supabase-js hands out the channel that is closing. */
  readonly #leaving = new Map<string, Promise<unknown>>();

  constructor(client: RealtimeSource) {
    this.#client = client;
  }

  join(name: string, listener: TopicListener): Subscription {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = {
        name,
        listeners: new Set(),
        channel: null,
        isJoined: false,
        failures: 0,
        timer: undefined,
      };
      this.#topics.set(name, topic);
      void this.#connect(topic);
    } else if (topic.isJoined) {
      queueMicrotask(() => {
        if (topic?.isJoined && topic.listeners.has(listener)) listener.onJoined();
      });
    }
    topic.listeners.add(listener);
    return {
      renew: () => this.#renew(topic),
      leave: () => this.#leave(topic, listener),
    };
  }

  #leave(topic: Topic, listener: TopicListener): void {
    topic.listeners.delete(listener);
    if (topic.listeners.size > 0 || this.#topics.get(topic.name) !== topic) return;
    this.#topics.delete(topic.name);
    this.#drop(topic);
  }

  #renew(topic: Topic): void {
    if (this.#topics.get(topic.name) !== topic) return;
    this.#drop(topic);
    this.#tell(topic, (listener) => listener.onDown());
    void this.#connect(topic);
  }

  /** Lets go of the topic's channel, in whatever state it is. */
  #drop(topic: Topic): void {
    const { channel, name } = topic;
    clearTimeout(topic.timer);
    topic.channel = null;
    topic.isJoined = false;
    if (channel === null) return;
    const left = this.#client.removeChannel(channel).catch(() => {});
    this.#leaving.set(name, left);
    void left.then(() => {
      if (this.#leaving.get(name) === left) this.#leaving.delete(name);
    });
  }

  async #connect(topic: Topic): Promise<void> {
    clearTimeout(topic.timer);
    await this.#leaving.get(topic.name);
    // The join carries the token that the realtime client holds now, so it must hold the current one. Without a
    // token the server refuses the join, which is handled as any refusal.
    await this.#client.realtime.setAuth().catch(() => {});
    if (this.#topics.get(topic.name) !== topic || topic.channel !== null) return;
    try {
      const channel = this.#client.channel(topic.name, { config: { private: true } });
      topic.channel = channel;
      channel.on('broadcast', { event: '*' }, (message: { event: string; payload?: unknown }) => {
        if (topic.channel !== channel) return;
        this.#tell(topic, (listener) => listener.onBroadcast(message.event, message.payload));
      });
      channel.subscribe((status) => {
        if (topic.channel === channel) this.#onStatus(topic, status);
      });
    } catch {
      // No WebSocket here, or the client is being torn down: the same as a join that failed.
      topic.channel = null;
      this.#onStatus(topic, 'CLOSED');
    }
  }

  #onStatus(topic: Topic, status: `${SubscribeStatus}`): void {
    clearTimeout(topic.timer);
    if (status === 'SUBSCRIBED') {
      topic.isJoined = true;
      topic.failures = 0;
      this.#tell(topic, (listener) => listener.onJoined());
      return;
    }
    topic.isJoined = false;
    if (status === 'CLOSED') {
      // Closed by the server (an expired token, a right that was lost) or by the application: supabase-js
      // has dropped the channel and will not come back by itself.
      topic.channel = null;
      this.#connectIn(topic, backoffMs(topic.failures, REJOIN_BACKOFF));
      topic.failures += 1;
    } else {
      // supabase-js tries again by itself, with the token it holds: make that the current one.
      this.#client.realtime.setAuth().catch(() => {});
      this.#connectIn(topic, GIVE_UP_REJOIN_MS);
    }
    this.#tell(topic, (listener) => listener.onDown());
  }

  #connectIn(topic: Topic, delayMs: number): void {
    topic.timer = setTimeout(() => {
      if (this.#topics.get(topic.name) !== topic) return;
      this.#drop(topic);
      void this.#connect(topic);
    }, delayMs);
  }

  #tell(topic: Topic, event: (listener: TopicListener) => void): void {
    for (const listener of [...topic.listeners]) {
      if (topic.listeners.has(listener)) event(listener);
    }
  }
}

type SubscribeStatus = 'SUBSCRIBED' | 'TIMED_OUT' | 'CLOSED' | 'CHANNEL_ERROR';

const hubs = /* @__PURE__ */ new WeakMap<RealtimeSource, TopicHub>();

/** The one hub of a supabase-js client. */
export function topicHubOf(client: RealtimeSource): TopicHub {
  let hub = hubs.get(client);
  if (hub === undefined) {
    hub = new TopicHub(client);
    hubs.set(client, hub);
  }
  return hub;
}
