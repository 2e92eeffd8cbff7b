import type { FeedMessage } from '../channel-feed.ts';
import type { ChannelSource } from '../channel-source.ts';
import { GuildhallError } from '../errors.ts';
import type { DescribedMessage } from '../generated/rows.ts';
import type { Subscription, TopicListener, TopicSource } from '../topic-hub.ts';

/** What happens to one broadcast on its way to one listener. */
export type Delivery = 'deliver' | 'drop' | 'duplicate' | 'delay' | 'garble';

/**
 * What happens to one call: it is answered, late, it never arrives, it arrives and its answer does not, or the token it
 * was made with has run out.
 */
export type CallFate = 'answer' | 'answer_late' | 'lose_request' | 'lose_answer' | 'expired_token';

/** A message as it lies in the table, with its files as they are shown: none of the model's expires. */
type Row = Omit<DescribedMessage, 'reply' | 'my_reactions'>;

interface Entry {
  readonly revision: number;
  readonly kind: 'created' | 'edited' | 'deleted' | 'reacted' | 'previewed' | 'anonymised';
  readonly seq: number;
  readonly seqs?: readonly number[];
}

interface Joined {
  readonly topic: string;
  readonly listener: TopicListener;
  isJoined: boolean;
  isDeaf: boolean;
  hasLeft: boolean;
}

export const MODEL_CHANNEL_ID = '00000000-0000-7000-8000-000000000001';
const COMMUNITY_ID = '00000000-0000-7000-8000-000000000002';
const OWN_ID = '00000000-0000-7000-8000-00000000000a';
const OTHER_ID = '00000000-0000-7000-8000-00000000000b';

/**
 * One channel as the database and Realtime behave together, in memory and on the test's clock, so that every fault
 * of the wire can be brought about at will. It serves fault tests only; everything else is tested on the real stack.
 */
export class ModelServer implements TopicSource {
  readonly rows = new Map<number, Row>();
  /** Who reacted to what with what, in the order of the first of each. */
  readonly #reactions = new Map<number, Map<string, Set<string>>>();
  readonly #log: Entry[] = [];
  readonly #joined = new Set<Joined>();
  readonly #deliveries: Delivery[] = [];
  readonly #fates: CallFate[] = [];
  #lastSeq = 0;
  #prunedTo = 0;
  #channelEpoch = 1;
  #communityEpoch = 1;
  #isSocketUp = true;
  mayView = true;
  mayReadHistory = true;
  /** Whether broadcasts and the feed keep the nonces to themselves. */
  hidesNonces = false;
  /** How often each function was called, with lost requests. */
  readonly calls = { sync: 0, list: 0, send: 0 };
  /** How often a topic was joined. */
  joins = 0;

  get revision(): number {
    return this.#log.length;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get topic(): string {
    return `channel:${MODEL_CHANNEL_ID}:${this.#communityEpoch}-${this.#channelEpoch}`;
  }

  get communityTopic(): string {
    return `community:${COMMUNITY_ID}:${this.#communityEpoch}`;
  }

  /** The names of the topics that are joined now. */
  get joinedTopics(): string[] {
    return [...this.#joined].filter((place) => place.isJoined).map((place) => place.topic);
  }

  // Faults

  planDeliveries(deliveries: readonly Delivery[]): void {
    this.#deliveries.push(...deliveries);
  }

  planCalls(fates: readonly CallFate[]): void {
    this.#fates.push(...fates);
  }

  forgetFaults(): void {
    this.#deliveries.length = 0;
    this.#fates.length = 0;
  }

  cutSocket(): void {
    this.#isSocketUp = false;
    for (const place of [...this.#joined]) {
      place.isJoined = false;
      place.listener.onDown();
    }
  }

  restoreSocket(): void {
    if (this.#isSocketUp) return;
    this.#isSocketUp = true;
    for (const place of this.#joined) this.#joinLater(place);
  }

  /** The server closes one topic; the hub joins it again. */
  closeTopic(topic: string): void {
    for (const place of [...this.#joined].filter((joined) => joined.topic === topic)) {
      place.isJoined = false;
      place.listener.onDown();
      this.#joinLater(place);
    }
  }

  /** The socket stays up and its topics joined, but nothing arrives any more. */
  deafen(): void {
    for (const place of this.#joined) place.isDeaf = true;
  }

  /** The feed keeps nothing of the past. */
  prune(): void {
    this.#prunedTo = this.revision;
  }

  /** The database is restored to how it was `changes` changes ago. */
  restoreBackup(changes: number): void {
    this.#log.length = Math.max(0, this.#log.length - changes);
    this.#lastSeq = this.#log.reduce((last, entry) => Math.max(last, entry.seq), 0);
    for (const seq of this.rows.keys()) if (seq > this.#lastSeq) this.rows.delete(seq);
  }

  // What happens in the channel

  post(body: string, replyTo: number | null = null): Row {
    const isThere = replyTo !== null && this.rows.has(replyTo);
    return this.#create(OTHER_ID, body, null, isThere ? replyTo : null);
  }

  edit(seq: number, body: string): void {
    const row = this.rows.get(seq);
    if (row === undefined) return;
    this.rows.set(seq, { ...row, body, preview: null, revision: this.revision + 1 });
    this.#record('edited', seq);
  }

  remove(...seqs: readonly number[]): void {
    const gone = seqs.filter((seq) => this.rows.delete(seq)).sort((a, b) => a - b);
    const [first] = gone;
    if (first !== undefined) this.#record('deleted', first, { seqs: gone });
  }

  /** The account of the other one who writes has ended, and these of theirs are nobody's. */
  anonymise(...seqs: readonly number[]): void {
    const rows = seqs
      .flatMap((seq) => this.rows.get(seq) ?? [])
      .filter((row) => row.author_id === OTHER_ID)
      .sort((a, b) => a.seq - b.seq);
    const [first] = rows;
    if (first === undefined) return;
    const nobody = { author_id: null, author_name: null, client_nonce: null };
    for (const row of rows)
      this.rows.set(row.seq, { ...row, ...nobody, revision: this.revision + 1 });
    this.#record('anonymised', first.seq, { seqs: rows.map(({ seq }) => seq) });
  }

  /** Somebody reacts, or takes the reaction back. */
  react(seq: number, emoji: string, isOwn: boolean): void {
    const row = this.rows.get(seq);
    if (row === undefined) return;
    const userId = isOwn ? OWN_ID : OTHER_ID;
    const byEmoji = this.#reactions.get(seq) ?? new Map<string, Set<string>>();
    this.#reactions.set(seq, byEmoji);
    const users = byEmoji.get(emoji) ?? new Set();
    const isAdded = !users.has(userId);
    if (isAdded) byEmoji.set(emoji, users.add(userId));
    else users.delete(userId);
    if (users.size === 0) byEmoji.delete(emoji);
    this.#countReactions(row);
    this.#record('reacted', seq, { reaction: { emoji, user_id: userId, is_added: isAdded } });
  }

  clearReactions(seq: number): void {
    const row = this.rows.get(seq);
    if (row === undefined || !this.#reactions.delete(seq)) return;
    this.#countReactions(row);
    this.#record('reacted', seq);
  }

  #countReactions(row: Row): void {
    const byEmoji = this.#reactions.get(row.seq) ?? [];
    const reactions = [...byEmoji].map(([emoji, users]) => ({ emoji, count: users.size }));
    this.rows.set(row.seq, { ...row, reactions, revision: this.revision + 1 });
  }

  /** Somebody has looked at what its link leads to. */
  preview(seq: number, title: string): void {
    const row = this.rows.get(seq);
    if (row === undefined) return;
    const url = 'https://example.com/';
    const preview = { url, title, description: null, site_name: null, image_url: null };
    this.rows.set(seq, { ...row, preview, revision: this.revision + 1 });
    this.#record('previewed', seq);
  }

  moveChannel(): void {
    this.#channelEpoch += 1;
    this.broadcast(this.communityTopic, 'overwrites_changed', {
      id: 'm',
      moved: [MODEL_CHANNEL_ID],
    });
  }

  moveCommunity(): void {
    const old = this.communityTopic;
    this.#communityEpoch += 1;
    this.broadcast(old, 'moved', { id: 'm' });
  }

  /** Takes the right to view away, as a ban does: the topics move first. */
  revoke(): void {
    this.mayView = false;
    this.moveCommunity();
  }

  broadcast(topic: string, event: string, payload: unknown): void {
    for (const place of this.#joined) {
      if (place.topic !== topic || !place.isJoined || place.isDeaf) continue;
      const deliver = (what: unknown) => {
        if (place.isJoined && !place.hasLeft) place.listener.onBroadcast(event, what);
      };
      switch (this.#deliveries.shift() ?? 'deliver') {
        case 'deliver':
          setTimeout(deliver, 5, payload);
          break;
        case 'duplicate':
          setTimeout(deliver, 5, payload);
          setTimeout(deliver, 40, payload);
          break;
        case 'delay':
          setTimeout(deliver, 700, payload);
          break;
        case 'garble':
          setTimeout(deliver, 5, { revision: 'x' });
          break;
        case 'drop':
          break;
      }
    }
  }

  #create(authorId: string, body: string, nonce: string | null, replyTo: number | null): Row {
    this.#lastSeq += 1;
    const row: Row = {
      channel_id: MODEL_CHANNEL_ID,
      seq: this.#lastSeq,
      kind: 'text',
      author_id: authorId,
      author_name: 'Somebody',
      body,
      reply_to_seq: replyTo,
      mentions: null,
      reactions: [],
      attachments: [],
      preview: null,
      pinned_at: null,
      thread: null,
      edited_at: null,
      client_nonce: nonce,
      revision: this.revision + 1,
      created_at: '2026-01-01T00:00:00+00:00',
    };
    this.rows.set(row.seq, row);
    this.#record('created', row.seq);
    return row;
  }

  #record(kind: Entry['kind'], seq: number, more: object = {}): void {
    const entry = { revision: this.revision + 1, kind, seq, ...more };
    this.#log.push(entry);
    this.broadcast(this.topic, `message_${kind}`, {
      ...entry,
      ...(kind === 'anonymised' ? {} : { message: this.#shownRow(seq) }),
      id: 'b',
    });
  }

  /** A message as everybody sees it. */
  #shownRow(seq: number): FeedMessage | null {
    const row = this.rows.get(seq);
    if (row === undefined) return null;
    const shown = {
      ...row,
      reply: row.reply_to_seq === null ? null : this.#reply(row.reply_to_seq),
    };
    return this.hidesNonces ? { ...shown, client_nonce: null } : shown;
  }

  #reply(seq: number): DescribedMessage['reply'] {
    const row = this.rows.get(seq);
    return {
      seq,
      author_id: row?.author_id ?? null,
      author_name: row?.author_name ?? null,
      excerpt: row?.body.slice(0, 100) ?? null,
      created_at: row?.created_at ?? null,
    };
  }

  /** A message as the client's own user sees it. */
  described(seq: number): DescribedMessage | null {
    const row = this.#shownRow(seq);
    const byEmoji = [...(this.#reactions.get(seq) ?? [])];
    const mine = byEmoji.filter(([, users]) => users.has(OWN_ID)).map(([emoji]) => emoji);
    return row && { ...row, my_reactions: mine };
  }

  // What a client may ask

  readonly source: ChannelSource = {
    sync: (request) => {
      this.calls.sync += 1;
      return this.#answer(() => this.#syncChannel(request));
    },
    list: (request) => {
      this.calls.list += 1;
      return this.#answer(() => this.#listMessages(request));
    },
    send: (request) => {
      this.calls.send += 1;
      return this.#answer(() => {
        this.#requireView();
        const nonce = request.clientNonce;
        const known = [...this.rows.values()].find((row) => row.client_nonce === nonce);
        const row = known ?? this.#create(OWN_ID, request.body, nonce, request.replyToSeq ?? null);
        return { ...this.described(row.seq), client_nonce: nonce };
      });
    },
  };

  async #answer<T>(work: () => T): Promise<T> {
    const fate = this.#fates.shift() ?? 'answer';
    await wait(10);
    if (fate === 'lose_request') throw lost();
    if (fate === 'expired_token') throw signedOut();
    const answer = structuredClone(work());
    await wait(fate === 'answer_late' ? 300 : 10);
    if (fate === 'lose_answer') throw lost();
    return answer;
  }

  #requireView(): void {
    if (this.mayView) return;
    throw new GuildhallError({ code: 'not_found', message: 'No such channel.', status: 404 });
  }

  #syncChannel({ afterRevision, limit }: { afterRevision?: number; limit: number }) {
    this.#requireView();
    const head = {
      topic: this.topic,
      community_topic: this.communityTopic,
      user_id: OWN_ID,
      revision: this.revision,
      last_seq: this.#lastSeq,
      resync: false,
      has_more: false,
      changes: [] as unknown[],
    };
    if (afterRevision === undefined) return head;
    if (afterRevision > this.revision) return { ...head, resync: true };
    if (afterRevision < this.revision && afterRevision < this.#prunedTo) {
      return { ...head, resync: true, has_more: true };
    }
    const page = this.#log.slice(afterRevision, afterRevision + limit);
    return {
      ...head,
      has_more: afterRevision + page.length < this.revision,
      changes: page.map((entry) => ({
        revision: entry.revision,
        kind: entry.kind,
        seq: entry.seq,
        ...(entry.seqs && { seqs: entry.seqs }),
        at: '2026-01-01T00:00:00+00:00',
        message:
          this.mayReadHistory && entry.kind !== 'anonymised' ? this.described(entry.seq) : null,
      })),
    };
  }

  #listMessages({ limit, beforeSeq }: { limit: number; beforeSeq?: number }) {
    this.#requireView();
    if (!this.mayReadHistory) {
      throw new GuildhallError({
        code: 'missing_permission',
        message: 'You are not allowed to do this here.',
        status: 403,
        details: { permission: 'read_history' },
      });
    }
    const before = beforeSeq ?? Number.POSITIVE_INFINITY;
    return [...this.rows.values()]
      .filter((row) => row.seq < before)
      .sort((a, b) => a.seq - b.seq)
      .slice(-limit)
      .map((row) => this.described(row.seq));
  }

  // Topics

  join(topic: string, listener: TopicListener): Subscription {
    const place: Joined = { topic, listener, isJoined: false, isDeaf: false, hasLeft: false };
    this.#joined.add(place);
    this.#joinLater(place);
    return {
      renew: () => {
        place.isJoined = false;
        place.isDeaf = false;
        listener.onDown();
        this.#joinLater(place);
      },
      leave: () => {
        place.hasLeft = true;
        place.isJoined = false;
        this.#joined.delete(place);
      },
    };
  }

  #joinLater(place: Joined): void {
    setTimeout(() => {
      if (place.hasLeft || place.isJoined || !this.#isSocketUp) return;
      const isCurrent = place.topic === this.topic || place.topic === this.communityTopic;
      if (isCurrent && this.mayView) {
        place.isJoined = true;
        this.joins += 1;
        place.listener.onJoined();
      } else {
        place.listener.onDown();
        // The hub tries again for as long as somebody listens.
        setTimeout(() => this.#joinLater(place), 5_000);
      }
    }, 15);
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function signedOut(): GuildhallError {
  return new GuildhallError({ code: 'session_required', message: 'JWT expired', status: 401 });
}

function lost(): GuildhallError {
  return new GuildhallError({ code: 'network_error', message: 'fetch failed' });
}
