import type { OutgoingAttachment } from './attachments.ts';
import type { FeedMessage } from './channel-feed.ts';
import { asGuildhallError, GuildhallError } from './errors.ts';
import type { DescribedMessage } from './generated/rows.ts';
import { randomUuid } from './random-uuid.ts';

/** A message this client has sent and the channel does not show yet. */
export interface PendingMessage {
  /** The client nonce, which also names it for `retry` and `discard`. */
  readonly nonce: string;
  readonly body: string;
  readonly replyToSeq: number | null;
  readonly attachments: readonly OutgoingAttachment[];
  readonly status: 'sending' | 'failed';
  /** Why it failed; null while it is being sent. */
  readonly error: GuildhallError | null;
}

/** Sends one pending message to the database, with its nonce, and resolves to its row. */
export type SendPending = (pending: PendingMessage) => Promise<DescribedMessage>;

interface Entry {
  pending: PendingMessage;
  /** The row, once the database has answered but the window has not reached it yet. */
  row: DescribedMessage | null;
  settle: { resolve(row: DescribedMessage): void; reject(error: GuildhallError): void };
}

/**
 * The optimistic sends of one live channel, in the order they were made.
 *
 * They go out one after the other, so that two messages of one person cannot change places on the way. Each
 * carries a nonce, so sending one again is harmless.
 */
export class Outbox {
  readonly #send: SendPending;
  readonly #onAnswer: (row: DescribedMessage) => void;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Entry>();
  readonly #queue: Entry[] = [];
  #isSending = false;
  #view: readonly PendingMessage[] | null = [];

  /**
   * @param onAnswer hears of a row the database answered with, while it is still pending
   * @param onChange hears of every change of `view()` that the outbox makes on its own
   */
  constructor(send: SendPending, onAnswer: (row: DescribedMessage) => void, onChange: () => void) {
    this.#send = send;
    this.#onAnswer = onAnswer;
    this.#onChange = onChange;
  }

  /** What is pending, oldest first; the same array until something changes. */
  view(): readonly PendingMessage[] {
    this.#view ??= [...this.#entries.values()].map((entry) => entry.pending);
    return this.#view;
  }

  get isChanged(): boolean {
    return this.#view === null;
  }

  /** Queues a message. Resolves to its row when the database has it, rejects when sending failed. */
  add(
    body: string,
    replyToSeq: number | null,
    attachments: readonly OutgoingAttachment[] = [],
  ): Promise<DescribedMessage> {
    const nonce = randomUuid();
    return this.#enqueue({ nonce, body, replyToSeq, attachments, status: 'sending', error: null });
  }

  /** Sends a failed message again, under its old nonce. */
  retry(nonce: string): Promise<DescribedMessage> {
    const entry = this.#entries.get(nonce);
    if (entry?.pending.status !== 'failed') {
      return Promise.reject(
        new GuildhallError({
          code: 'not_found',
          message: 'There is no failed message with this nonce.',
        }),
      );
    }
    return this.#enqueue({ ...entry.pending, status: 'sending', error: null });
  }

  /** Forgets a failed message. Returns false when there is none with this nonce. */
  discard(nonce: string): boolean {
    const isFailed = this.#entries.get(nonce)?.pending.status === 'failed';
    if (isFailed) this.#remove(nonce);
    return isFailed;
  }

  /** The window shows this message now: it is pending no longer. */
  settle(row: FeedMessage): void {
    if (row.client_nonce === null) return;
    const entry = this.#entries.get(row.client_nonce);
    if (entry === undefined) return;
    this.#remove(row.client_nonce);
    entry.settle.resolve({ my_reactions: [], ...row });
  }

  /** The window has reached this revision: whatever the database answered with up to it is pending no longer. */
  settleUpTo(revision: number): void {
    for (const [nonce, entry] of this.#entries) {
      if (entry.row !== null && entry.row.revision <= revision) this.#remove(nonce);
    }
  }

  #enqueue(pending: PendingMessage): Promise<DescribedMessage> {
    const promise = new Promise<DescribedMessage>((resolve, reject) => {
      const entry = { pending, row: null, settle: { resolve, reject } };
      this.#entries.set(pending.nonce, entry);
      this.#queue.push(entry);
    });
    // The failure also shows in `view()`, so a caller who ignores the promise must not end the process.
    promise.catch(() => {});
    this.#view = null;
    void this.#drain();
    return promise;
  }

  async #drain(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      // A broadcast may have brought the message while it was waiting to be sent again.
      if (this.#entries.get(entry.pending.nonce) === entry) await this.#sendOne(entry);
    }
    this.#isSending = false;
  }

  async #sendOne(entry: Entry): Promise<void> {
    try {
      const row = await this.#send(entry.pending);
      entry.row = row;
      entry.settle.resolve(row);
      this.#onAnswer(row);
    } catch (cause) {
      const error = asGuildhallError(cause);
      entry.settle.reject(error);
      if (this.#entries.get(entry.pending.nonce) !== entry) return;
      entry.pending = { ...entry.pending, status: 'failed', error };
      this.#view = null;
      this.#onChange();
    }
  }

  #remove(nonce: string): void {
    this.#entries.delete(nonce);
    this.#view = null;
  }
}
