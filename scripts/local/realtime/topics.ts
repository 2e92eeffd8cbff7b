import { type PresenceDiff, PresenceRoster } from './presence-roster.ts';
import type { Broadcast, Codec, JsonObject } from './protocol.ts';

/** A public and a private topic of the same name are two topics. */
export interface TopicName {
  name: string;
  private: boolean;
}

/** A subscriber of a topic: one joined channel of one connection. */
export interface Subscriber {
  readonly codec: Codec;
  /** The topic as this subscriber's client calls it. */
  readonly wireTopic: string;
  readonly receivesPresence: boolean;
  /** Ids of rows the subscriber has got by replay, so that they do not come twice. */
  readonly replayed: ReadonlySet<string>;
  write(frame: string | Uint8Array): void;
  push(event: string, payload: JsonObject): void;
}

/** The subscribers of one topic, and who is present there. */
export class Topic {
  readonly subscribers = new Set<Subscriber>();
  readonly roster = new PresenceRoster<Subscriber>();

  /** Sends to every subscriber but `except`, and returns to how many. `id` is that of the broadcast's row, if it has one. */
  broadcast(
    broadcast: Broadcast,
    { except, id }: { except?: Subscriber; id?: string } = {},
  ): number {
    const frames = new Map<Codec, string | Uint8Array | null>();
    let receivers = 0;
    for (const subscriber of this.subscribers) {
      if (subscriber === except) continue;
      if (id !== undefined && subscriber.replayed.has(id)) continue;
      const { codec, wireTopic } = subscriber;
      let frame = frames.get(codec);
      if (frame === undefined) {
        frame = codec.encodeBroadcast(wireTopic, broadcast);
        frames.set(codec, frame);
      }
      if (frame === null) continue;
      subscriber.write(frame);
      receivers += 1;
    }
    return receivers;
  }

  presenceChanged(diff: PresenceDiff | null): void {
    if (diff === null) return;
    for (const subscriber of this.subscribers) {
      if (subscriber.receivesPresence) subscriber.push('presence_diff', diff);
    }
  }
}

/** All topics that somebody is subscribed to. */
export class Topics {
  readonly #private = new Map<string, Topic>();
  readonly #public = new Map<string, Topic>();

  get count(): number {
    return this.#private.size + this.#public.size;
  }

  find(topic: TopicName): Topic | undefined {
    return this.#of(topic).get(topic.name);
  }

  subscribe(name: TopicName, subscriber: Subscriber): Topic {
    const topics = this.#of(name);
    let topic = topics.get(name.name);
    if (topic === undefined) {
      topic = new Topic();
      topics.set(name.name, topic);
    }
    topic.subscribers.add(subscriber);
    return topic;
  }

  unsubscribe(name: TopicName, subscriber: Subscriber): void {
    const topic = this.find(name);
    if (topic === undefined || !topic.subscribers.delete(subscriber)) return;
    topic.presenceChanged(topic.roster.untrack(subscriber));
    if (topic.subscribers.size === 0) this.#of(name).delete(name.name);
  }

  /** Names of the topics with subscribers, each once. */
  names(): string[] {
    return [...new Set([...this.#private.keys(), ...this.#public.keys()])];
  }

  #of(topic: TopicName): Map<string, Topic> {
    return topic.private ? this.#private : this.#public;
  }
}
