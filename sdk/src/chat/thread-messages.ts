import type { ChatMessage } from './chat-message.ts';

/** The messages of a thread that are held, by seq, and up to where nothing is missing. */
export class ThreadMessages {
  readonly #bySeq = new Map<number, ChatMessage>();
  #cursor = 0;
  #sorted: readonly ChatMessage[] | null = [];

  /** Everything after the first message held and up to this seq is held, or deleted. */
  get cursor(): number {
    return this.#cursor;
  }

  /** By ascending seq; the same array until something changes. */
  view(): readonly ChatMessage[] {
    this.#sorted ??= [...this.#bySeq.values()].sort((one, other) => one.seq - other.seq);
    return this.#sorted;
  }

  /** Takes a message that arrived by itself. Returns whether others before it may be missing. */
  take(message: ChatMessage): boolean {
    this.#set(message);
    while (this.#bySeq.has(this.#cursor + 1)) this.#cursor += 1;
    return message.seq > this.#cursor;
  }

  /** A message that is not held, such as one of an older page, stays so. */
  replace(message: ChatMessage): void {
    if (this.#bySeq.has(message.seq)) this.#set(message);
  }

  remove(seq: number): void {
    if (this.#bySeq.delete(seq)) this.#sorted = null;
    // Its number was given: nobody waits for it.
    if (seq === this.#cursor + 1) this.#cursor = seq;
  }

  /** Takes what comes right after the cursor, ascending. */
  takeNext(page: readonly ChatMessage[]): void {
    for (const message of page) this.#set(message);
    this.#cursor = Math.max(this.#cursor, page.at(-1)?.seq ?? 0);
  }

  /** Takes what comes right before the first message held. */
  takeOlder(page: readonly ChatMessage[]): void {
    for (const message of page) this.#set(message);
  }

  /**
   * Takes the newest page for the truth: what it does not have in its reach is deleted.
   *
   * @param reachesStart there is nothing before the page
   * @param cursorBefore the cursor when the page was asked for: what arrived since may be missing in it
   */
  review(page: readonly ChatMessage[], reachesStart: boolean, cursorBefore: number): void {
    const from = reachesStart ? 1 : (page[0]?.seq ?? 1);
    const to = Math.max(page.at(-1)?.seq ?? 0, cursorBefore);
    const held = new Set(page.map(({ seq }) => seq));
    for (const seq of this.#bySeq.keys()) {
      if (seq >= from && seq <= to && !held.has(seq)) this.#bySeq.delete(seq);
    }
    for (const message of page) this.#set(message);
    if (from <= this.#cursor + 1) this.#cursor = Math.max(this.#cursor, to);
    this.#sorted = null;
  }

  #set(message: ChatMessage): void {
    this.#bySeq.set(message.seq, message);
    this.#sorted = null;
  }
}
