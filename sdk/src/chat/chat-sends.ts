import { asGuildhallError, GuildhallError } from '../errors.ts';
import { randomUuid } from '../random-uuid.ts';
import type { ChatMessage } from './chat-message.ts';

/** A message of one's own that the thread does not show as sent yet. */
export interface PendingSend {
  readonly clientId: string;
  readonly body: string;
  readonly status: 'sending' | 'failed';
  /** Why it failed; null while it is being sent. */
  readonly error: GuildhallError | null;
  /** By this device's clock, ISO 8601. */
  readonly createdAt: string;
}

interface Entry {
  pending: PendingSend;
  resolve(message: ChatMessage): void;
  reject(error: GuildhallError): void;
}

/**
 * The optimistic sends of one thread, in the order they were made and one after the other. Each carries its client id,
 * so sending one again is harmless, and whatever brings the message first, answer or broadcast, settles it.
 */
export class ChatSends {
  readonly #send: (pending: PendingSend) => Promise<ChatMessage>;
  readonly #onAnswer: (message: ChatMessage) => void;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Entry>();
  readonly #queue: Entry[] = [];
  #isSending = false;

  /**
   * @param onAnswer hears of the message that the gateway answered with; it calls `settle` with it
   * @param onChange hears of every other change of `view()`
   */
  constructor(
    send: (pending: PendingSend) => Promise<ChatMessage>,
    onAnswer: (message: ChatMessage) => void,
    onChange: () => void,
  ) {
    this.#send = send;
    this.#onAnswer = onAnswer;
    this.#onChange = onChange;
  }

  /** Oldest first. */
  view(): readonly PendingSend[] {
    return [...this.#entries.values()].map(({ pending }) => pending);
  }

  add(body: string): Promise<ChatMessage> {
    const createdAt = new Date().toISOString();
    return this.#enqueue({
      clientId: randomUuid(),
      body,
      status: 'sending',
      error: null,
      createdAt,
    });
  }

  /** Sends a failed message again, under its old client id. */
  retry(clientId: string): Promise<ChatMessage> {
    const entry = this.#entries.get(clientId);
    if (entry?.pending.status === 'failed') {
      return this.#enqueue({ ...entry.pending, status: 'sending', error: null });
    }
    const message = 'There is no failed message with this client id.';
    return Promise.reject(new GuildhallError({ code: 'not_found', message }));
  }

  /** Forgets a failed message. Returns false when there is none with this client id. */
  discard(clientId: string): boolean {
    if (this.#entries.get(clientId)?.pending.status !== 'failed') return false;
    this.#entries.delete(clientId);
    this.#onChange();
    return true;
  }

  /** The thread shows this message of one's own: it is pending no longer. */
  settle(message: ChatMessage): void {
    if (message.clientId === null) return;
    const entry = this.#entries.get(message.clientId);
    this.#entries.delete(message.clientId);
    entry?.resolve(message);
  }

  #enqueue(pending: PendingSend): Promise<ChatMessage> {
    const promise = new Promise<ChatMessage>((resolve, reject) => {
      const entry = { pending, resolve, reject };
      this.#entries.set(pending.clientId, entry);
      this.#queue.push(entry);
    });
    // The failure also shows in `view()`, so a caller who ignores the promise must not end the process.
    promise.catch(() => {});
    this.#onChange();
    void this.#drain();
    return promise;
  }

  async #drain(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      // A broadcast may have brought the message while it was waiting to be sent again.
      if (this.#holds(entry)) await this.#sendOne(entry);
    }
    this.#isSending = false;
  }

  async #sendOne(entry: Entry): Promise<void> {
    try {
      this.#onAnswer(await this.#send(entry.pending));
    } catch (cause) {
      const error = asGuildhallError(cause);
      entry.reject(error);
      if (!this.#holds(entry)) return;
      // It had arrived before, and was deleted since: there is nothing to send again.
      if (error.code === 'expired') this.#entries.delete(entry.pending.clientId);
      else entry.pending = { ...entry.pending, status: 'failed', error };
      this.#onChange();
    }
  }

  #holds(entry: Entry): boolean {
    return this.#entries.get(entry.pending.clientId) === entry;
  }
}
