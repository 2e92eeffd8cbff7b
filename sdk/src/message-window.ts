import type { Change, HiddenMessages } from './channel-feed.ts';
import type { Message } from './generated/rows.ts';

/** A message that the database has confirmed. */
export type SentMessage = Message & { readonly status: 'sent' };

/**
 * The messages a live channel holds: one unbroken stretch of the channel, from some seq to its newest message.
 *
 * Pages and changes may arrive in any order relative to each other. A row never gives way to an older state of
 * itself (its `revision` says which is older), so every order ends in the same window.
 */
export class MessageWindow {
  #messages: SentMessage[] = [];
  #view: readonly SentMessage[] | null = null;
  /** Changes to messages older than the window that came while an older page was on its way. */
  #beforeWindow: Map<number, Change> | null = null;
  #hidden: readonly HiddenMessages[] = [];
  #replacements = 0;
  /** The window holds every message from this seq on, also when the message with this seq is gone. */
  #startSeq = 0;

  /** How often the window was replaced whole; a page asked for before the last time no longer fits. */
  get replacements(): number {
    return this.#replacements;
  }

  /** The window holds every message from this seq on; older ones are asked for with `beforeSeq: startSeq`. */
  get startSeq(): number {
    return this.#startSeq;
  }

  /**
   * Whether there may be older messages. Seq counts from 1; when message 1 is gone this says yes, and the next
   * older page, being empty, corrects it.
   */
  get hasOlder(): boolean {
    return this.#startSeq > 1;
  }

  get newestSeq(): number {
    return this.#messages.at(-1)?.seq ?? 0;
  }

  get size(): number {
    return this.#messages.length;
  }

  /** The messages, ascending by seq; the same array until something changes. */
  view(): readonly SentMessage[] {
    this.#view ??= this.#messages.slice();
    return this.#view;
  }

  /** Whether the messages differ from those of the last `view()`. */
  get isChanged(): boolean {
    return this.#view === null;
  }

  /** Takes a whole new stretch, which ends at the channel's newest message. */
  replace(rows: readonly Message[]): void {
    this.#messages = rows.map(asSent);
    this.#replacements += 1;
    this.#beforeWindow = null;
    this.#startSeq = rows[0]?.seq ?? 0;
    this.#view = null;
  }

  /** Keeps changes to older messages from now on, until `prepend` or `cancelPrepend`. */
  expectPrepend(): void {
    this.#beforeWindow = new Map();
  }

  cancelPrepend(): void {
    this.#beforeWindow = null;
  }

  /** Adds the page right before the window. Returns how many messages it added. */
  prepend(rows: readonly Message[]): number {
    const added = rows.filter((row) => row.seq < this.#startSeq).map(asSent);
    const missed = this.#beforeWindow;
    this.#beforeWindow = null;
    this.#messages = [...added, ...this.#messages];
    this.#startSeq = added[0]?.seq ?? 0;
    this.#view = null;
    for (const change of missed?.values() ?? []) this.apply(change);
    return added.length;
  }

  /** Takes out what a ban has hidden, and does not let it in again when a late change tells of it. */
  hide(hidden: readonly HiddenMessages[]): void {
    this.#hidden = hidden;
    const shown = this.#messages.filter((message) => !this.#isHidden(message));
    if (shown.length === this.#messages.length) return;
    this.#messages = shown;
    this.#view = null;
  }

  #isHidden({ author_id, created_at }: Message): boolean {
    const at = Date.parse(created_at);
    return this.#hidden.some(
      ({ authorId, since, until }) => authorId === author_id && at >= since && at <= until,
    );
  }

  /** Brings one change of the feed into the window. */
  apply(change: Change): void {
    if (change.message === undefined) return;
    if (change.message !== null && this.#isHidden(change.message)) return;
    if (change.seq < this.#startSeq) {
      this.#beforeWindow?.set(change.seq, change);
      return;
    }
    const index = this.#indexOf(change.seq);
    const held = this.#messages[index];
    if (held?.seq === change.seq) {
      this.#applyToHeld(index, held, change.message);
    } else if (change.message !== null) {
      this.#messages.splice(index, 0, asSent(change.message));
      this.#view = null;
    }
  }

  #applyToHeld(index: number, held: SentMessage, message: Message | null): void {
    if (message === null) this.#messages.splice(index, 1);
    else if (message.revision > held.revision) this.#messages[index] = asSent(message);
    else return;
    this.#view = null;
  }

  /** Where the message with this seq is, or would be. */
  #indexOf(seq: number): number {
    if (seq > this.newestSeq) return this.#messages.length;
    let low = 0;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#messages[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function asSent(row: Message): SentMessage {
  return { ...row, status: 'sent' };
}
