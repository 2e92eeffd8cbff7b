import type { GuildhallError } from '../errors.ts';

/** One bubble of a conversation: a message that was sent, or one's own on its way. */
export interface ChatBubble {
  /** Stays the same while a message of one's own goes from `sending` to `sent`. */
  readonly key: string;
  readonly body: string;
  readonly isMine: boolean;
  readonly status: 'sent' | 'sending' | 'failed';
  /** Why sending failed; else null. */
  readonly error: GuildhallError | null;
  /** Null until it is sent. */
  readonly id: string | null;
  /** Null until it is sent. */
  readonly seq: number | null;
  /** By which `retry` and `discard` know it; null where its sender gave none. */
  readonly clientId: string | null;
  /** ISO 8601; by this device's clock until it is sent. */
  readonly createdAt: string;
  readonly editedAt: string | null;
}

/** What a thread shows at one moment. It never changes; a change makes a new one. */
export interface ChatSnapshot {
  /** Sent ones by ascending seq, then one's own on their way, oldest first. */
  readonly messages: readonly ChatBubble[];
  /** Whether `loadOlder()` may bring more. */
  readonly hasOlder: boolean;
  /** Whether news comes by itself; else the thread asks for it. */
  readonly isLive: boolean;
  /**
   * Something is not as it should be, and the thread goes on: `realtime_unavailable` (messages arrive late, by asking),
   * `session_required`, `network_error`, … Null: all is well.
   */
  readonly warning: GuildhallError | null;
}

export interface ChatThreadOptions {
  /**
   * `poll`: without Realtime, by asking the gateway every `pollIntervalMs`. `broadcast`, the default, follows the thread's
   * topic, and asks only when something may be missing.
   */
  readonly realtime?: 'broadcast' | 'poll';
  /** Messages a page, 1 to 100; 50 when left out. */
  readonly pageSize?: number;
  /** Milliseconds between questions while Realtime is not used or does not work; 3 000 when left out. */
  readonly pollIntervalMs?: number;
  /** Milliseconds after which the newest page is read again, for edits and deletions that were missed; 30 000 when left out. */
  readonly reviewIntervalMs?: number;
}
