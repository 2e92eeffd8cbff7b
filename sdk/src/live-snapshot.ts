import type { GuildhallError } from './errors.ts';
import type { SentMessage } from './message-window.ts';
import type { PendingMessage } from './outbox.ts';

/**
 * - `connecting`: the first page is not there yet
 * - `live`: joined, and nothing is known to be missing
 * - `catching_up`: something is missing and being fetched
 * - `offline`: the topic is not joined; new messages arrive late, by asking
 * - `paused`: not followed for now, because nobody looks; `resume()` catches up
 * - `lost_access`: the caller may not view the channel (any more)
 * - `closed`: not opened, or closed
 */
export type LiveStatus =
  | 'connecting'
  | 'live'
  | 'catching_up'
  | 'offline'
  | 'paused'
  | 'lost_access'
  | 'closed';

/** What a live channel shows at one moment. It never changes; a change makes a new one. */
export interface LiveSnapshot {
  /** The messages held, ascending by seq, without gaps. */
  readonly messages: readonly SentMessage[];
  /** What this client sent and the channel does not show yet, oldest first. */
  readonly pending: readonly PendingMessage[];
  /** The last change of the channel that `messages` includes. */
  readonly revision: number;
  /** The channel's newest seq. */
  readonly lastSeq: number;
  readonly status: LiveStatus;
  /** Whether `loadOlder()` may bring more. */
  readonly hasOlder: boolean;
  /** Why the last question to the database failed; null when it succeeded. */
  readonly error: GuildhallError | null;
}

/** How often a live channel had to repair what the wire lost. */
export interface LiveStats {
  /** Catch-ups that brought changes which no broadcast had brought. */
  readonly gapsHealed: number;
  /** New messages among those changes. */
  readonly messagesHealed: number;
  /** Times the topic was joined again after it went down. */
  readonly reconnects: number;
  /** Times the topic changed its name. */
  readonly moves: number;
  /** Questions asked because it was quiet. */
  readonly polls: number;
}

export interface LiveChannelOptions {
  /**
   * `poll`: without Realtime, by asking for changes every `pollIntervalMs`. `broadcast`, which is the default, follows the
   * channel's topic and asks only when something may be missing.
   */
  readonly realtime?: 'broadcast' | 'poll';
  /**
   * Messages kept: beyond them the oldest make room for new ones, and `loadOlder()` brings them back. What
   * `loadOlder()` has brought is kept besides. 1 000 when left out.
   */
  readonly maxMessages?: number;
  /**
   * Milliseconds that the page is hidden until the channel pauses by itself; it goes on when the page is shown. `null`:
   * never. 60 000 when left out; without meaning where there is no `document`.
   */
  readonly pauseHiddenAfterMs?: number | null;
  /** Messages per page, 1 to 100; 50 when left out. */
  readonly pageSize?: number;
  /** Changes per catch-up request, 1 to 500; 100 when left out. */
  readonly syncLimit?: number;
  /**
   * Milliseconds: after a topic moved, all its listeners ask for the new name; each waits a random time up to
   * this first. 2 000 when left out.
   */
  readonly moveJitterMs?: number;
  /**
   * Milliseconds without a broadcast until the store asks whether it missed something; 30 000 when left out, and
   * 3 000 with `realtime: 'poll'`.
   */
  readonly pollIntervalMs?: number;
  /**
   * Milliseconds until the first such question while the topic is not joined; each further wait doubles, up to
   * `pollIntervalMs`. 3 000 when left out.
   */
  readonly offlinePollMs?: number;
  /**
   * Milliseconds that a send which the database has answered waits for broadcasts of the changes before it;
   * then they are fetched. 250 when left out.
   */
  readonly answerGraceMs?: number;
}
