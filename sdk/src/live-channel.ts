import type { OutgoingAttachment } from './attachments.ts';
import { backoffMs } from './backoff.ts';
import {
  type Change,
  type FeedMessage,
  movedChannels,
  readChange,
  type SyncAnswer,
} from './channel-feed.ts';
import { ChannelReader, type ChannelSource } from './channel-source.ts';
import { asGuildhallError, GuildhallError } from './errors.ts';
import { FeedCursor } from './feed-cursor.ts';
import { FollowedTopic } from './followed-topic.ts';
import type { DescribedMessage } from './generated/rows.ts';
import { Listeners } from './listeners.ts';
import type { LiveChannelOptions, LiveSnapshot, LiveStats, LiveStatus } from './live-snapshot.ts';
import { MessageWindow } from './message-window.ts';
import { Outbox } from './outbox.ts';
import type { TopicSource } from './topic-hub.ts';

type Timer = ReturnType<typeof setTimeout>;

/** One stretch between open() and close(). */
interface Session {
  readonly stopper: AbortController;
  /** Settles what open() returned; null once it has. */
  opened: { resolve(): void; reject(error: GuildhallError): void } | null;
}

/** What of a page's `document` is needed to know whether anybody looks. */
interface VisibleDocument {
  readonly visibilityState: string;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

const RETRY_BACKOFF = { baseMs: 500, capMs: 15_000 };
/** Events of the community after which names have changed, or messages are hidden. */
const MOVING_EVENTS = new Set(['moved', 'member_banned']);
/** The last events that a thread's own topic carries under its name. */
const LAST_EVENTS = new Set(['moved', 'thread_deleted']);
/** Pages fetched again, at most, when the feed no longer reaches back. */
const MAX_RELOADED_PAGES = 10;
/** Catch-ups after which a broadcast that the feed does not know is taken for a phantom. */
const MAX_PHANTOM_SYNCS = 3;

/**
 * One channel, live: its messages in order and without gaps, and one's own messages before the server has
 * answered.
 *
 * Broadcasts are hints and the change feed is the truth. Every change has a number (`revision`); a broadcast
 * with the next number is applied, an older one is ignored, and a later one means that something was lost,
 * which is then fetched. After every reconnect, every move of the topic, and every quiet period the store asks
 * whether it has missed something.
 *
 * It needs no framework: `subscribe` and `getSnapshot` fit React's `useSyncExternalStore` and any signal library.
 *
 * @example
 * const channel = guildhall.channel(channelId);
 * const unsubscribe = channel.subscribe(() => render(channel.getSnapshot()));
 * await channel.open();
 * await channel.send('Hello');
 * channel.close();
 */
export class LiveChannel {
  readonly channelId: string;
  readonly #reader: ChannelReader;
  readonly #options: Required<LiveChannelOptions>;
  readonly #topic: FollowedTopic;
  readonly #communityTopic: FollowedTopic;
  readonly #window: MessageWindow;
  readonly #cursor = new FeedCursor((change) => this.#apply(change));
  readonly #outbox: Outbox;
  readonly #listeners = new Listeners();

  #session: Session | null = null;
  #opening: Promise<void> = Promise.resolve();
  /** Whether the window holds what the cursor says; not before the first page, nor while reloading. */
  #isLoaded = false;
  #hasLostAccess = false;
  /** Of a thread, its channel. */
  #parentId: string | null = null;
  /** Something is known, or likely, to be missing. */
  #isBehind = false;
  #lastSeq = 0;
  #error: GuildhallError | null = null;

  #isLoading = false;
  #isSyncing = false;
  #isSyncWanted = false;
  #failures = 0;
  #phantomSyncs = 0;
  #olderPage: Promise<number> | null = null;

  #retryTimer: Timer | undefined;
  #pollTimer: Timer | undefined;
  #moveTimer: Timer | undefined;
  #graceTimer: Timer | undefined;
  #offlinePolls = 0;
  /** Polls in a row that found something while no broadcast came: the topic is joined, but deaf. */
  #deafPolls = 0;
  /** When something was last heard: a timer for each broadcast would cost more than what it brings. */
  #heardAt = 0;
  #isDown = false;
  #isPaused = false;
  #hiddenTimer: Timer | undefined;

  /** Whether everything up to now was there once; what the wire does not bring from then on is lost. */
  #hasBeenLive = false;
  /** Lost changes that the catch-up under way has brought. */
  #healing = 0;
  readonly #stats = { gapsHealed: 0, messagesHealed: 0, reconnects: 0, moves: 0, polls: 0 };

  #snapshot: LiveSnapshot | null = null;
  #published: Omit<LiveSnapshot, 'messages' | 'pending'> | null = null;

  /** Made by `guildhall.channel(channelId)`. */
  constructor(
    channelId: string,
    source: ChannelSource,
    topics: TopicSource,
    options: LiveChannelOptions = {},
  ) {
    this.channelId = channelId;
    this.#options = {
      realtime: options.realtime ?? 'broadcast',
      maxMessages: options.maxMessages ?? 1_000,
      pauseHiddenAfterMs:
        options.pauseHiddenAfterMs === undefined ? 60_000 : options.pauseHiddenAfterMs,
      pageSize: options.pageSize ?? 50,
      syncLimit: options.syncLimit ?? 100,
      moveJitterMs: options.moveJitterMs ?? 2_000,
      pollIntervalMs: options.pollIntervalMs ?? (options.realtime === 'poll' ? 3_000 : 30_000),
      offlinePollMs: options.offlinePollMs ?? 3_000,
      answerGraceMs: options.answerGraceMs ?? 250,
    };
    this.#window = new MessageWindow(this.#options.maxMessages);
    this.#reader = new ChannelReader(channelId, source, this.#options);
    this.#topic = new FollowedTopic(topics, {
      onBroadcast: (event, payload) => this.#onBroadcast(event, payload),
      onJoined: () => this.#onJoined(),
      onDown: () => this.#onDown(),
    });
    this.#communityTopic = new FollowedTopic(topics, {
      onBroadcast: (event, payload) => {
        const moved = movedChannels(payload);
        // A thread goes with its channel.
        const isMoved = moved.includes(channelId) || moved.includes(this.#parentId);
        if (MOVING_EVENTS.has(event) || isMoved) this.#onMoved();
      },
      onJoined: () => {},
      onDown: () => {
        // Refused while the channel's own topic stands: its name is an old one, and the `moved` was missed.
        if (this.#topic.isJoined) this.#onMoved();
      },
    });
    this.#outbox = new Outbox(
      (pending) => this.#reader.send(pending),
      (row) => this.#onAnswer(row),
      () => this.#publish(),
    );
  }

  /**
   * Starts following the channel.
   *
   * Resolves when the newest page is there. Rejects when it never will be: `not_found` or `missing_permission`,
   * `session_required` when nobody is signed in, `invalid_argument` for a channel id that is none, `closed` when
   * `close()` came first. Until then it goes on
   * trying; what went wrong meanwhile is in the snapshot's `error`. Safe to call again.
   *
   * @example
   * await channel.open();
   * console.log(channel.getSnapshot().messages.length);
   */
  open(): Promise<void> {
    if (this.#session !== null) return this.#opening;
    const session: Session = { stopper: new AbortController(), opened: null };
    this.#opening = new Promise((resolve, reject) => {
      session.opened = { resolve, reject };
    });
    // The failure also shows in the snapshot, so a caller who ignores the promise must not end the process.
    this.#opening.catch(() => {});
    this.#session = session;
    this.#isLoaded = false;
    this.#hasLostAccess = false;
    this.#hasBeenLive = false;
    this.#isBehind = false;
    this.#isDown = false;
    this.#isPaused = false;
    this.#error = null;
    this.#failures = 0;
    this.#phantomSyncs = 0;
    this.#offlinePolls = 0;
    this.#deafPolls = 0;
    this.#cursor.hold();
    this.#publish();
    this.#document?.addEventListener('visibilitychange', this.#onVisibility);
    this.#onVisibility();
    void this.#load(session);
    return this.#opening;
  }

  /**
   * Stops following for a while, without letting go of what is shown: leaves the topics and asks for nothing. Happens by
   * itself when the page is hidden for `pauseHiddenAfterMs`. What is sent meanwhile still goes out.
   *
   * @example
   * appState.addEventListener('change', (state) => {
   *   if (state === 'active') channel.resume();
   *   else channel.pause();
   * });
   */
  pause(): void {
    if (this.#session === null || this.#isPaused) return;
    this.#isPaused = true;
    this.#cancelRetry();
    for (const timer of [this.#pollTimer, this.#moveTimer, this.#graceTimer]) clearTimeout(timer);
    this.#moveTimer = undefined;
    this.#graceTimer = undefined;
    this.#topic.leave();
    this.#communityTopic.leave();
    this.#publish();
  }

  /**
   * Follows again after `pause()` and catches up with what it has missed.
   *
   * @example
   * channel.resume();
   */
  resume(): void {
    const session = this.#session;
    if (session === null || !this.#isPaused) return;
    this.#isPaused = false;
    this.#isDown = false;
    if (session.opened !== null && !this.#isLoaded && !this.#isLoading) void this.#load(session);
    this.#fallBehind();
    this.#publish();
  }

  /**
   * Stops following: leaves the topics and ends all timers. Messages on their way out are still sent.
   *
   * Call it when the user signs out: Realtime lets an open socket listen until its token runs out. A script also
   * has to end supabase-js' own socket and timers, with `process.exit()`.
   *
   * @example
   * useEffect(() => {
   *   channel.open();
   *   return () => channel.close();
   * }, [channel]);
   */
  close(): void {
    this.#end(new GuildhallError({ code: 'closed', message: 'The channel was closed.' }));
    this.#error = null;
    this.#hasLostAccess = false;
    this.#publish();
  }

  /**
   * Calls the listener after every change of the snapshot. Returns the function that ends it.
   *
   * @example
   * const snapshot = useSyncExternalStore(channel.subscribe, channel.getSnapshot);
   */
  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /**
   * What the channel shows now; the same object until something changes.
   *
   * @example
   * const { messages, pending, status } = channel.getSnapshot();
   */
  readonly getSnapshot = (): LiveSnapshot => {
    this.#snapshot ??= {
      ...this.#facts(),
      messages: this.#window.view(),
      pending: this.#outbox.view(),
    };
    return this.#snapshot;
  };

  /**
   * Sends a message. It shows in `pending` at once, and in `messages` instead as soon as the channel has it.
   *
   * Resolves to the message's row when the database has it. Rejects with a GuildhallError when it could not be
   * sent; it then stays in `pending` as `failed`, for `retry` or `discard`. Messages go out one after the other,
   * in the order of the calls.
   *
   * @example
   * channel.send('Hello');
   * await channel.send('An answer', { replyToSeq: 41 });
   * await channel.send('', { attachments: [await guildhall.attachments.upload(channelId, file)] });
   */
  send(
    body: string,
    options: {
      readonly replyToSeq?: number;
      readonly attachments?: readonly OutgoingAttachment[];
    } = {},
  ): Promise<DescribedMessage> {
    if (this.#session === null) return notOpen();
    const sending = this.#outbox.add(body, options.replyToSeq ?? null, options.attachments);
    this.#publish();
    return sending;
  }

  /**
   * Sends a failed message again, under the same nonce: if it did arrive the first time, there is still only one.
   *
   * @example
   * const failed = channel.getSnapshot().pending.find((message) => message.status === 'failed');
   * if (failed) await channel.retry(failed.nonce);
   */
  retry(nonce: string): Promise<DescribedMessage> {
    if (this.#session === null) return notOpen();
    const sending = this.#outbox.retry(nonce);
    this.#publish();
    return sending;
  }

  /**
   * Forgets a failed message. Returns false when there is no failed message with this nonce.
   *
   * @example
   * channel.discard(failed.nonce);
   */
  discard(nonce: string): boolean {
    const isDiscarded = this.#outbox.discard(nonce);
    this.#publish();
    return isDiscarded;
  }

  /**
   * Loads the page before the oldest message held. Resolves to the number of messages it brought, 0 when there
   * are none; rejects with a GuildhallError. A second call while one is under way joins it.
   *
   * @example
   * if (channel.getSnapshot().hasOlder) await channel.loadOlder();
   */
  loadOlder(): Promise<number> {
    const session = this.#session;
    if (session === null || !this.#isLoaded || !this.#window.hasOlder) return Promise.resolve(0);
    this.#olderPage ??= this.#loadOlderPage(session).finally(() => {
      this.#olderPage = null;
    });
    return this.#olderPage;
  }

  /**
   * How often the store had to repair what the wire lost, since it was made.
   *
   * @example
   * console.log(`${channel.stats().messagesHealed} messages came without a broadcast.`);
   */
  stats(): LiveStats {
    return { ...this.#stats };
  }

  // Whether anybody looks ---------------------------------------------------------------------------------

  /** The page, where there is one. */
  get #document(): VisibleDocument | undefined {
    if (this.#options.pauseHiddenAfterMs === null) return undefined;
    return (globalThis as { document?: VisibleDocument }).document;
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiddenTimer);
    if (this.#document?.visibilityState !== 'hidden') {
      this.resume();
    } else if (this.#options.pauseHiddenAfterMs !== null) {
      this.#hiddenTimer = setTimeout(() => this.pause(), this.#options.pauseHiddenAfterMs);
    }
  };

  // What comes in ----------------------------------------------------------------------------------------

  #onBroadcast(event: string, payload: unknown): void {
    if (this.#session === null) return;
    this.#deafPolls = 0;
    this.#heardAt = Date.now();
    if (LAST_EVENTS.has(event)) {
      this.#onMoved();
      return;
    }
    // Only entries of the change feed carry a revision; typing and the like are not for this store.
    const isFeed =
      event.startsWith('message_') ||
      (typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'revision'));
    if (!isFeed) return;
    const change = readChange(payload, this.channelId);
    if (change === null) {
      // Whatever this was, the feed knows what it should have been.
      this.#fallBehind();
    } else {
      this.#cursor.hear(change);
      // A catch-up under way looks at its end whether it has reached everything that was heard of.
      if (this.#cursor.isBehind && !this.#isSyncing) this.#fallBehind();
    }
    this.#publish();
  }

  /** The database has taken one of our messages: that is a change like any other. */
  #onAnswer(row: DescribedMessage): void {
    const { revision, seq } = row;
    if (this.#session === null) {
      this.#outbox.settle(row);
    } else {
      this.#cursor.hear({
        revision,
        seq,
        seqs: [seq],
        kind: 'created',
        message: row,
        reaction: null,
      });
      this.#outbox.settleUpTo(this.#isLoaded ? this.#cursor.revision : 0);
      // The changes before it are most likely on their way as broadcasts.
      if (this.#cursor.isBehind) {
        this.#graceTimer ??= setTimeout(() => {
          this.#graceTimer = undefined;
          if (this.#cursor.isBehind) this.#fallBehind();
        }, this.#options.answerGraceMs);
      }
    }
    this.#publish();
  }

  #apply(change: Change): void {
    this.#lastSeq = Math.max(this.#lastSeq, change.seq);
    this.#window.apply(change);
    if (change.message) this.#outbox.settle(change.message);
    this.#outbox.settleUpTo(change.revision);
    // Everything shown was deleted, and there is more before it.
    if (this.#window.size === 0) this.loadOlder().catch(() => {});
  }

  #onJoined(): void {
    if (this.#isDown && this.#hasBeenLive) this.#stats.reconnects += 1;
    this.#isDown = false;
    this.#offlinePolls = 0;
    // The connection is back, so a catch-up that failed need not wait any longer.
    if (this.#isLoaded) this.#cancelRetry();
    this.#fallBehind();
    this.#publish();
  }

  #onDown(): void {
    // Every refused attempt to join again ends here too; it must not put off the next question.
    if (!this.#isDown) {
      this.#isDown = true;
      this.#armPoll();
    }
    this.#publish();
  }

  #onMoved(): void {
    if (this.#session === null) return;
    this.#moveTimer ??= setTimeout(() => {
      this.#moveTimer = undefined;
      this.#fallBehind();
      this.#publish();
    }, Math.random() * this.#options.moveJitterMs);
  }

  // Pages ------------------------------------------------------------------------------------------------

  /** The way in: the head, then the topics, then the newest page. Tries until it has them or may not. */
  async #load(session: Session): Promise<void> {
    this.#isLoading = true;
    try {
      const head = await this.#reader.sync(session.stopper.signal);
      if (session !== this.#session) return;
      this.#followTopics(head);
      const rows = await this.#reader.page(session.stopper.signal);
      if (session !== this.#session) return;
      this.#takeWindow(head, rows);
    } catch (cause) {
      if (session === this.#session) {
        this.#isLoading = false;
        this.#onFailure(cause, () => void this.#load(session));
      }
      return;
    }
    this.#isLoading = false;
    this.#onSuccess();
    session.opened?.resolve();
    session.opened = null;
    if (this.#topic.isJoined || this.#cursor.isBehind) this.#fallBehind();
    else this.#armPoll();
    this.#publish();
  }

  /** The feed no longer reaches back: takes the newest pages again, about as many messages as were held. */
  async #reload(session: Session, head: SyncAnswer): Promise<void> {
    const held = Math.ceil(this.#window.size / this.#options.pageSize);
    const pages = Math.min(MAX_RELOADED_PAGES, held);
    this.#isLoaded = false;
    this.#cursor.hold();
    try {
      let rows = await this.#reader.page(session.stopper.signal);
      for (let page = 1; page < pages && (rows[0]?.seq ?? 1) > 1; page += 1) {
        const older = await this.#reader.page(session.stopper.signal, rows[0]?.seq);
        if (older.length === 0) break;
        rows = [...older, ...rows];
      }
      if (session === this.#session) this.#takeWindow(head, rows);
    } catch (cause) {
      // The old window stands, and the next catch-up is told again to reload.
      if (session === this.#session) {
        this.#isLoaded = true;
        this.#cursor.release();
      }
      throw cause;
    }
  }

  #takeWindow(head: SyncAnswer, rows: readonly FeedMessage[]): void {
    this.#window.replace(rows);
    this.#window.hide(head.hidden);
    this.#lastSeq = Math.max(head.lastSeq, this.#window.newestSeq);
    for (const row of rows) this.#outbox.settle(row);
    this.#isLoaded = true;
    this.#cursor.startAt(head.revision);
    this.#outbox.settleUpTo(this.#cursor.revision);
  }

  async #loadOlderPage(session: Session): Promise<number> {
    const { replacements, startSeq } = this.#window;
    this.#window.expectPrepend();
    try {
      const rows = await this.#reader.page(session.stopper.signal, startSeq);
      if (session !== this.#session || replacements !== this.#window.replacements) return 0;
      const added = this.#window.prepend(rows);
      // A send that failed for want of an answer may have arrived after all.
      for (const row of rows) this.#outbox.settle(row);
      this.#publish();
      return added;
    } catch (error) {
      if (replacements === this.#window.replacements) this.#window.cancelPrepend();
      throw error;
    }
  }

  // Catching up ------------------------------------------------------------------------------------------

  #fallBehind(): void {
    if (this.#session === null) return;
    this.#isBehind = true;
    this.#requestSync();
  }

  #requestSync(): void {
    if (this.#session === null || !this.#isLoaded || this.#isPaused) return;
    this.#isSyncWanted = true;
    // After a failure the retry timer decides when, not the next broadcast.
    if (!this.#isSyncing && this.#retryTimer === undefined) void this.#sync(this.#session);
  }

  /** One catch-up at a time; what asks for one meanwhile is served by another round of the same. */
  async #sync(session: Session): Promise<void> {
    this.#isSyncing = true;
    this.#cancelRetry();
    clearTimeout(this.#pollTimer);
    try {
      do {
        this.#isSyncWanted = false;
        await this.#syncOnce(session);
        if (session !== this.#session) return;
        this.#publish();
      } while (this.#isSyncWanted || this.#cursor.isBehind);
      this.#isBehind = false;
      this.#hasBeenLive ||= this.#topic.isJoined;
      this.#onSuccess();
    } catch (cause) {
      if (session === this.#session) this.#onFailure(cause, () => this.#fallBehind());
    } finally {
      if (session === this.#session) {
        this.#isSyncing = false;
        if (this.#healing > 0) this.#stats.gapsHealed += 1;
        this.#healing = 0;
        this.#armPoll();
        this.#publish();
      }
    }
  }

  async #syncOnce(session: Session): Promise<void> {
    const heardBefore = this.#cursor.heardRevision;
    const answer = await this.#reader.sync(session.stopper.signal, this.#cursor.revision);
    if (session !== this.#session) return;
    this.#followTopics(answer);
    if (answer.resync) {
      await this.#reload(session, answer);
      return;
    }
    this.#followFeed(answer);
    if (answer.hasMore) this.#isSyncWanted = true;
    else if (this.#cursor.revision < heardBefore) this.#doubtWhatWasHeard();
    else this.#phantomSyncs = 0;
  }

  #followFeed(answer: SyncAnswer): void {
    if (answer.hasMore && answer.changes.length === 0) throw brokenFeed();
    for (const change of answer.changes) {
      const isNews = change.revision > this.#cursor.revision;
      const isLost = isNews && this.#hasBeenLive && !this.#cursor.hasEarly(change.revision);
      if (!this.#cursor.follow(change)) throw brokenFeed();
      if (!isLost) continue;
      this.#healing += 1;
      if (change.kind === 'created') this.#stats.messagesHealed += 1;
    }
    if (!answer.hasMore && this.#cursor.revision < answer.revision) throw brokenFeed();
    this.#window.hide(answer.hidden);
    this.#lastSeq = Math.max(this.#lastSeq, answer.lastSeq);
  }

  /** A broadcast told of a revision that the feed, asked afterwards, does not know. The feed is right. */
  #doubtWhatWasHeard(): void {
    this.#phantomSyncs += 1;
    if (this.#phantomSyncs < MAX_PHANTOM_SYNCS) throw brokenFeed();
    this.#phantomSyncs = 0;
    this.#cursor.doubt();
  }

  #followTopics({ topic, communityTopic, parentId, userId }: SyncAnswer): void {
    this.#window.belongTo(userId);
    this.#parentId = parentId;
    if (this.#isPaused || this.#options.realtime === 'poll') return;
    if (this.#topic.follow(topic)) {
      this.#stats.moves += 1;
      this.#isBehind = true;
    }
    if (communityTopic !== null) this.#communityTopic.follow(communityTopic);
  }

  // Waiting ----------------------------------------------------------------------------------------------

  /** (Re)starts the wait after which silence is taken for a possible loss. */
  #armPoll(): void {
    clearTimeout(this.#pollTimer);
    if (this.#session === null || !this.#isLoaded || this.#isSyncing || this.#isPaused) return;
    const { pollIntervalMs, offlinePollMs, realtime } = this.#options;
    const waitMs =
      this.#topic.isJoined || realtime === 'poll'
        ? pollIntervalMs
        : Math.min(pollIntervalMs, offlinePollMs * 2 ** Math.min(this.#offlinePolls, 10));
    // Clients that fell silent together must not ask together.
    const silenceMs = waitMs * (0.8 + Math.random() * 0.4);
    const armedAt = Date.now();
    const wait = (ms: number) => {
      this.#pollTimer = setTimeout(() => {
        const leftMs = Math.max(armedAt, this.#heardAt) + silenceMs - Date.now();
        if (leftMs > 0) wait(leftMs);
        else void this.#poll();
      }, ms);
    };
    wait(silenceMs);
  }

  async #poll(): Promise<void> {
    const session = this.#session;
    if (session === null || this.#isSyncing) return;
    const wasJoined = this.#topic.isJoined;
    const before = this.#cursor.revision;
    this.#stats.polls += 1;
    if (!wasJoined) this.#offlinePolls += 1;
    await this.#sync(session);
    if (session !== this.#session || !wasJoined || this.#cursor.revision === before) return;
    this.#deafPolls += 1;
    if (this.#deafPolls < 2) return;
    this.#deafPolls = 0;
    this.#topic.renew();
  }

  #onSuccess(): void {
    this.#failures = 0;
    this.#error = null;
  }

  #onFailure(cause: unknown, tryAgain: () => void): void {
    const error = asGuildhallError(cause);
    this.#error = error;
    // Once it is open, a session that has run out may come back; before, whoever opens it should hear at once.
    const isSignedOut = error.code === 'session_required' && this.#session?.opened !== null;
    if (isDenied(error) || error.code === 'invalid_argument' || isSignedOut) {
      this.#hasLostAccess = isDenied(error);
      this.#end(error);
    } else {
      this.#cancelRetry();
      if (!this.#isPaused)
        this.#retryTimer = setTimeout(
          () => {
            this.#retryTimer = undefined;
            tryAgain();
          },
          backoffMs(this.#failures, RETRY_BACKOFF),
        );
      this.#failures += 1;
    }
    this.#publish();
  }

  #cancelRetry(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  #end(reason: GuildhallError): void {
    const session = this.#session;
    if (session === null) return;
    this.#session = null;
    this.#isLoading = false;
    this.#isSyncing = false;
    this.#isSyncWanted = false;
    this.#healing = 0;
    clearTimeout(this.#hiddenTimer);
    this.#document?.removeEventListener('visibilitychange', this.#onVisibility);
    this.#cancelRetry();
    for (const timer of [this.#pollTimer, this.#moveTimer, this.#graceTimer]) clearTimeout(timer);
    this.#moveTimer = undefined;
    this.#graceTimer = undefined;
    this.#topic.leave();
    this.#communityTopic.leave();
    session.stopper.abort();
    session.opened?.reject(reason);
    session.opened = null;
  }

  // What goes out ----------------------------------------------------------------------------------------

  #facts() {
    return {
      revision: this.#cursor.revision,
      lastSeq: this.#lastSeq,
      status: this.#status(),
      hasOlder: this.#window.hasOlder,
      error: this.#error,
    };
  }

  #status(): LiveStatus {
    if (this.#hasLostAccess) return 'lost_access';
    if (this.#session === null) return 'closed';
    if (this.#session.opened !== null) return 'connecting';
    if (this.#isPaused) return 'paused';
    if (this.#options.realtime === 'poll') {
      if (this.#error !== null) return 'offline';
      return this.#isBehind ? 'catching_up' : 'live';
    }
    if (this.#topic.isMoving) return 'catching_up';
    if (!this.#topic.isJoined) return this.#isDown ? 'offline' : 'connecting';
    return this.#isBehind ? 'catching_up' : 'live';
  }

  /** Tells the listeners, if there is anything to tell. */
  #publish(): void {
    const facts = this.#facts();
    const last = this.#published;
    const isSame =
      last !== null &&
      !this.#window.isChanged &&
      !this.#outbox.isChanged &&
      last.revision === facts.revision &&
      last.lastSeq === facts.lastSeq &&
      last.status === facts.status &&
      last.hasOlder === facts.hasOlder &&
      last.error === facts.error;
    if (isSame) return;
    this.#published = facts;
    this.#snapshot = null;
    this.#listeners.tell();
  }
}

/** Whether this answer means that the caller may not view the channel (any more). */
function isDenied(error: GuildhallError): boolean {
  return error.code === 'not_found' || (error.status === 403 && error.code !== 'session_required');
}

function notOpen(): Promise<never> {
  const refused = Promise.reject(
    new GuildhallError({ code: 'closed', message: 'Open the channel before sending to it.' }),
  );
  refused.catch(() => {});
  return refused;
}

function brokenFeed(): GuildhallError {
  return new GuildhallError({
    code: 'unexpected_answer',
    message: 'The change feed has a hole, or lacks what a broadcast told of.',
  });
}
