import type { Change, FeedMessage, HiddenMessages } from './channel-feed.ts';
import type { DescribedMessage } from './generated/rows.ts';

/** A message that the database has confirmed. */
export type SentMessage = DescribedMessage & { readonly status: 'sent' };

type Reply = NonNullable<DescribedMessage['reply']>;

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
  /** Messages that one of those held answers; some of them may be answered no longer. */
  #answered = new Set<number>();
  /** The window holds every message from this seq on, also when the message with this seq is gone. */
  #startSeq = 0;
  /** Beyond this many the oldest make room for new ones. */
  #limit: number;
  readonly #maxMessages: number;
  /** Whose reactions are "mine". */
  #userId: string | null = null;

  /** @param maxMessages how many are kept as new ones come, besides what `prepend` has brought */
  constructor(maxMessages = Number.POSITIVE_INFINITY) {
    this.#maxMessages = maxMessages;
    this.#limit = maxMessages;
  }

  /** How often the window was replaced or cut; a page asked for before the last time no longer fits. */
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
  replace(rows: readonly FeedMessage[]): void {
    this.#messages = rows.map((row) => asSent(row));
    this.#answered = answeredBy(rows);
    this.#replacements += 1;
    this.#beforeWindow = null;
    this.#startSeq = rows[0]?.seq ?? 0;
    this.#limit = Math.max(this.#maxMessages, rows.length);
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
  prepend(rows: readonly FeedMessage[]): number {
    const added = rows.filter((row) => row.seq < this.#startSeq).map((row) => asSent(row));
    const missed = this.#beforeWindow;
    this.#beforeWindow = null;
    this.#messages = [...added, ...this.#messages];
    for (const seq of answeredBy(added)) this.#answered.add(seq);
    this.#startSeq = added[0]?.seq ?? 0;
    this.#limit = Math.max(this.#limit, this.#messages.length);
    this.#view = null;
    for (const change of missed?.values() ?? []) this.apply(change);
    return added.length;
  }

  /** Whose window it is: their reactions are `my_reactions`. */
  belongTo(userId: string | null): void {
    this.#userId = userId;
  }

  /** Takes out what a ban has hidden, and does not let it in again when a late change tells of it. */
  hide(hidden: readonly HiddenMessages[]): void {
    this.#hidden = hidden;
    const shown = this.#messages.filter((message) => !this.#isHidden(message));
    if (shown.length !== this.#messages.length) {
      this.#messages = shown;
      this.#view = null;
    }
    this.#updateReplies((reply) => (this.#isHidden(reply) ? gone(reply.seq) : reply));
  }

  #isHidden({ author_id, created_at }: Pick<Reply, 'author_id' | 'created_at'>): boolean {
    if (created_at === null) return false;
    const at = Date.parse(created_at);
    return this.#hidden.some(
      ({ authorId, since, until }) => authorId === author_id && at >= since && at <= until,
    );
  }

  /** Brings one change of the feed into the window. */
  apply(change: Change): void {
    const { message } = change;
    if (change.kind === 'anonymised') {
      for (const seq of change.seqs) this.#anonymise(seq, change);
      if (change.seqs.some((seq) => this.#answered.has(seq))) {
        this.#updateReplies((reply) =>
          change.seqs.includes(reply.seq) && reply.author_id !== null
            ? { ...reply, author_id: null, author_name: null }
            : reply,
        );
      }
      return;
    }
    if (message === undefined) return;
    if (message !== null && this.#isHidden(message)) return;
    if (message === null) {
      for (const seq of change.seqs) this.#remove(seq, change);
      if (change.seqs.some((seq) => this.#answered.has(seq))) {
        this.#updateReplies((reply) => (change.seqs.includes(reply.seq) ? gone(reply.seq) : reply));
      }
      return;
    }
    if (change.kind === 'edited' && this.#answered.has(message.seq)) {
      this.#updateReplies((reply) => (reply.seq === message.seq ? replyTo(message) : reply));
    }
    if (change.seq < this.#startSeq) {
      this.#beforeWindow?.set(change.seq, change);
      return;
    }
    const index = this.#indexOf(change.seq);
    const held = this.#messages[index];
    if (held?.seq !== change.seq) {
      this.#messages.splice(index, 0, asSent(message));
      if (message.reply_to_seq !== null) this.#answered.add(message.reply_to_seq);
      this.#cut();
    } else if (message.revision > held.revision) {
      this.#messages[index] = asSent(message, this.#myReactions(held, change));
    } else {
      return;
    }
    this.#view = null;
  }

  /** Lets the oldest go: a tenth more than the limit at once, so that not every message moves all the others. */
  #cut(): void {
    const surplus = this.#messages.length - this.#limit;
    if (surplus <= this.#limit / 10) return;
    this.#messages = this.#messages.slice(surplus);
    this.#answered = answeredBy(this.#messages);
    this.#startSeq = this.#messages[0]?.seq ?? 0;
    this.#replacements += 1;
    this.#beforeWindow = null;
  }

  #remove(seq: number, change: Change): void {
    if (seq < this.#startSeq) {
      this.#beforeWindow?.set(seq, { ...change, seq, seqs: [seq] });
      return;
    }
    const index = this.#indexOf(seq);
    if (this.#messages[index]?.seq !== seq) return;
    this.#messages.splice(index, 1);
    this.#view = null;
  }

  /** The author's account has ended: the change names the messages and says nothing else of them. */
  #anonymise(seq: number, change: Change): void {
    if (seq < this.#startSeq) {
      const missed = this.#beforeWindow?.get(seq);
      if (missed?.message === null) return;
      const { revision } = change;
      this.#beforeWindow?.set(
        seq,
        missed?.message
          ? { ...missed, revision, message: anonymous(missed.message, revision) }
          : { ...change, seq, seqs: [seq] },
      );
      return;
    }
    const index = this.#indexOf(seq);
    const held = this.#messages[index];
    if (held?.seq !== seq || held.revision >= change.revision) return;
    this.#messages[index] = anonymous(held, change.revision);
    this.#view = null;
  }

  /** A broadcast tells what changed for everybody; what of it is one's own follows from what was. */
  #myReactions(held: SentMessage, { reaction, message }: Change): string[] {
    const mine = new Set(held.my_reactions);
    if (reaction !== null && reaction.userId === this.#userId) {
      if (reaction.isAdded) mine.add(reaction.emoji);
      else mine.delete(reaction.emoji);
    }
    return (message?.reactions ?? []).map(({ emoji }) => emoji).filter((emoji) => mine.has(emoji));
  }

  #updateReplies(update: (reply: Reply) => Reply): void {
    for (const [index, message] of this.#messages.entries()) {
      if (message.reply === null) continue;
      const reply = update(message.reply);
      if (reply === message.reply) continue;
      this.#messages[index] = { ...message, reply };
      this.#view = null;
    }
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

function asSent(row: FeedMessage, myReactions: string[] = []): SentMessage {
  return { ...row, my_reactions: row.my_reactions ?? myReactions, status: 'sent' };
}

function anonymous<Message extends FeedMessage>(message: Message, revision: number): Message {
  return { ...message, author_id: null, author_name: null, client_nonce: null, revision };
}

function answeredBy(rows: readonly FeedMessage[]): Set<number> {
  return new Set(rows.flatMap(({ reply_to_seq: seq }) => (seq === null ? [] : [seq])));
}

/** What is shown of an answered message; the database cuts it at the same place. */
function replyTo({ seq, author_id, author_name, body, created_at }: FeedMessage): Reply {
  const excerpt = Array.from(body).slice(0, 100).join('');
  return { seq, author_id, author_name, excerpt, created_at };
}

function gone(seq: number): Reply {
  return { seq, author_id: null, author_name: null, excerpt: null, created_at: null };
}
