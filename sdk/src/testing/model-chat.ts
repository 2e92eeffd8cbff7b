import type { ChatMessage } from '../chat/chat-message.ts';
import type { Subscription, TopicListener, TopicSource } from '../topic-hub.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export type Chance = () => number;

/**
 * A gateway and a topic for one thread, in memory, over a network as bad as chance makes it: answers come late or not at all, also of
 * sends that were stored; broadcasts come late, twice, in another order or not at all.
 */
export class ModelChat {
  readonly threadId = 'ann_ben';
  readonly stored: ChatMessage[] = [];
  /** Ids of what was stored once. */
  readonly deleted = new Set<string>();
  isBad = true;
  /** Client ids are known for ever, also of what is deleted. */
  readonly #sentAs = new Map<string, string>();
  readonly #chance: Chance;
  readonly #listeners = new Set<TopicListener>();
  #lastSeq = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** The gateway, as this person's fetch reaches it. */
  fetchOf(me: string): typeof fetch {
    return async (input, init) => {
      const url = new URL(String(input));
      await this.#delay();
      if (this.#happens(0.15)) throw new TypeError('fetch failed');
      const body = url.pathname.endsWith('/chat/send')
        ? this.#send(me, JSON.parse(String(init?.body)))
        : { messages: this.#history(url.searchParams) };
      await this.#delay();
      if (this.#happens(0.15)) throw new TypeError('fetch failed');
      return body === null
        ? Response.json({ error: 'Deleted.', code: 'expired', request_id: 'x' }, { status: 410 })
        : Response.json(body);
    };
  }

  /** Realtime, as a client of its own reaches it. */
  topics(): TopicSource {
    return {
      join: (_, listener): Subscription => {
        this.#listeners.add(listener);
        setTimeout(() => listener.onJoined(), 10);
        return { renew: () => {}, leave: () => this.#listeners.delete(listener) };
      },
    };
  }

  /** The topic goes down for everybody, and comes back. */
  breakTopic(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) {
      listener.onDown();
      setTimeout(() => {
        this.#listeners.add(listener);
        listener.onJoined();
      }, this.#chance() * 5_000);
    }
  }

  edit(at: number): void {
    const message = this.stored[at % Math.max(this.stored.length, 1)];
    if (message === undefined) return;
    const edited = { ...message, body: `${message.body}!`, editedAt: new Date().toISOString() };
    this.stored[this.stored.indexOf(message)] = edited;
    this.#tell('UPDATE', edited);
  }

  delete(at: number): void {
    const message = this.stored[at % Math.max(this.stored.length, 1)];
    if (message === undefined) return;
    this.stored.splice(this.stored.indexOf(message), 1);
    this.deleted.add(message.id);
    this.#tell('DELETE', message);
  }

  /** Null: it was sent before, and deleted since. */
  #send(
    senderId: string,
    { body, clientId }: { body: string; clientId: string },
  ): ChatMessage | null {
    const sentAs = this.#sentAs.get(`${senderId} ${clientId}`);
    if (sentAs !== undefined) return this.stored.find(({ id }) => id === sentAs) ?? null;
    // Some numbers are never seen: of what is no text, or was deleted at once.
    this.#lastSeq += this.#happens(0.2) ? 2 : 1;
    const message: ChatMessage = {
      id: `thread:${this.#lastSeq}`,
      threadId: this.threadId,
      senderId,
      recipientId: senderId === 'ann' ? 'ben' : 'ann',
      body,
      createdAt: new Date().toISOString(),
      editedAt: null,
      seq: this.#lastSeq,
      clientId,
    };
    this.stored.push(message);
    this.#sentAs.set(`${senderId} ${clientId}`, message.id);
    this.#tell('INSERT', message);
    return message;
  }

  #history(query: URLSearchParams): ChatMessage[] {
    const after = query.get('afterSeq');
    const limit = Number(query.get('limit'));
    return after === null
      ? this.stored.slice(-limit)
      : this.stored.filter(({ seq }) => seq > Number(after)).slice(0, limit);
  }

  #tell(operation: string, message: ChatMessage): void {
    const row = {
      id: message.id,
      thread_id: message.threadId,
      sender_mongo_id: message.senderId,
      recipient_mongo_id: message.recipientId,
      body: message.body,
      created_at: message.createdAt,
      edited_at: message.editedAt,
      seq: message.seq,
      client_id: message.clientId,
    };
    const payload =
      operation === 'DELETE'
        ? { operation, record: null, old_record: row }
        : { operation, record: row, old_record: null };
    for (const listener of this.#listeners) {
      if (this.#happens(0.2)) continue;
      for (let copies = this.#happens(0.1) ? 2 : 1; copies > 0; copies -= 1) {
        // Only what is new may be overtaken here: of one message the wire keeps the order.
        const lateMs = operation === 'INSERT' && this.isBad ? this.#chance() * 300 : 400;
        setTimeout(() => {
          if (this.#listeners.has(listener)) listener.onBroadcast(operation, payload);
        }, lateMs);
      }
    }
  }

  #happens(probability: number): boolean {
    return this.isBad && this.#chance() < probability;
  }

  #delay(): Promise<void> {
    const ms = this.isBad ? this.#chance() * 400 : 1;
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
