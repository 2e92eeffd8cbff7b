import { backoffMs } from '../backoff.ts';
import { asGuildhallError, GuildhallError } from '../errors.ts';
import { Listeners } from '../listeners.ts';
import type { Subscription, TopicSource } from '../topic-hub.ts';
import { type ChatMessage, readChatEvent } from './chat-message.ts';
import { ChatSends } from './chat-sends.ts';
import type { ChatBubble, ChatSnapshot, ChatThreadOptions } from './chat-snapshot.ts';
import type { EnsuredThread, Gateway } from './gateway.ts';
import { ThreadMessages } from './thread-messages.ts';

const MAX_PAGE = 100;
const FAILURE_BACKOFF = { baseMs: 2_000, capMs: 30_000 };

/**
 * A conversation with one other person: what was said, in order, and one's own messages before the server has answered.
 *
 * Broadcasts are hints: a message that follows the last one is shown, a gap is fetched, and after each time that the topic
 * was joined again the thread asks for what it missed. While Realtime does not work it asks by itself.
 *
 * @example
 * const thread = await chat.openThread(otherUserMongoId);
 * thread.subscribe(() => render(thread.getSnapshot()));
 * await thread.send('Hello');
 */
export class ChatThread {
  readonly threadId: string;
  /** External id of the other person. */
  readonly otherUserMongoId: string;
  readonly #gateway: Gateway;
  readonly #topics: TopicSource | null;
  readonly #options: Required<ChatThreadOptions>;
  readonly #messages = new ThreadMessages();
  readonly #sends: ChatSends;
  readonly #listeners = new Listeners();

  #subscription: Subscription | null = null;
  #isJoined = false;
  #hasBeenDown = false;
  #isClosed = false;
  #hasOlder = false;
  #readError: GuildhallError | null = null;
  #realtimeWarning: GuildhallError | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reviewedAt = 0;
  #reading: Promise<void> | null = null;
  #isReadWanted = false;
  #isReviewWanted = false;
  #olderPage: Promise<number> | null = null;
  #snapshot: ChatSnapshot | null = null;

  /** Made by `chat.openThread(otherUserMongoId)`. */
  constructor(
    thread: EnsuredThread,
    gateway: Gateway,
    topics: TopicSource | null,
    options: ChatThreadOptions,
  ) {
    this.threadId = thread.threadId;
    this.otherUserMongoId = thread.otherUserMongoId;
    this.#gateway = gateway;
    this.#topics = topics;
    this.#options = {
      realtime: options.realtime ?? 'broadcast',
      pageSize: options.pageSize ?? 50,
      pollIntervalMs: options.pollIntervalMs ?? 3_000,
      reviewIntervalMs: options.reviewIntervalMs ?? 30_000,
    };
    this.#sends = new ChatSends(
      ({ body, clientId }) =>
        gateway.send({
          threadId: this.threadId,
          recipientMongoId: this.otherUserMongoId,
          body,
          clientId,
        }),
      (message) => this.#onArrived(message),
      () => this.#changed(),
    );
  }

  /** Reads the newest page and follows the thread from there. Called by `openThread`. */
  async start(): Promise<void> {
    await this.#review();
    if (this.#isClosed) return;
    this.#follow();
    this.#schedule();
  }

  /** What there is to show; the same object until something changes. */
  getSnapshot(): ChatSnapshot {
    this.#snapshot ??= {
      messages: [
        ...this.#messages.view().map((message) => this.#bubble(message)),
        ...this.#onTheirWay(),
      ],
      hasOlder: this.#hasOlder,
      isLive: this.#isJoined,
      warning: this.#readError ?? this.#realtimeWarning,
    };
    return this.#snapshot;
  }

  /** Calls the listener after every change. Returns what ends that. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Shows the message at once and sends it. Resolves when it is sent; a failure also shows on its bubble.
   *
   * @throws {GuildhallError} `body_too_long`, `rate_limited`, `session_required`, `missing_permission`, `network_error`, …
   */
  send(body: string): Promise<ChatMessage> {
    return this.#sends.add(body);
  }

  /** Sends a failed message again. It is never there twice, also if it had arrived after all. */
  retry(clientId: string): Promise<ChatMessage> {
    return this.#sends.retry(clientId);
  }

  /** Takes a failed message away. Returns false when there is none with this client id. */
  discard(clientId: string): boolean {
    return this.#sends.discard(clientId);
  }

  /** Loads the page before the first message. Resolves to how many there were. */
  loadOlder(): Promise<number> {
    this.#olderPage ??= this.#readOlder().finally(() => {
      this.#olderPage = null;
    });
    return this.#olderPage;
  }

  /** Ends following. What is being sent is still sent. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#unfollow();
    this.#listeners.clear();
  }

  #bubble(message: ChatMessage): ChatBubble {
    const isMine = this.#isMine(message);
    return {
      key: (isMine ? message.clientId : null) ?? message.id,
      body: message.body,
      isMine,
      status: 'sent',
      error: null,
      id: message.id,
      seq: message.seq,
      clientId: message.clientId,
      createdAt: message.createdAt,
      editedAt: message.editedAt,
    };
  }

  #onTheirWay(): ChatBubble[] {
    return this.#sends.view().map((pending) => ({
      ...pending,
      key: pending.clientId,
      isMine: true,
      id: null,
      seq: null,
      editedAt: null,
    }));
  }

  #isMine(message: ChatMessage): boolean {
    return message.senderId !== this.otherUserMongoId;
  }

  #follow(): void {
    if (this.#topics === null || this.#subscription !== null || this.#isClosed) return;
    this.#subscription = this.#topics.join(`chat:${this.threadId}`, {
      onBroadcast: (_event, payload) => this.#onBroadcast(payload),
      onJoined: () => this.#onJoined(),
      onDown: () => this.#onDown(),
    });
  }

  #unfollow(): void {
    this.#subscription?.leave();
    this.#subscription = null;
    this.#isJoined = false;
  }

  #onJoined(): void {
    this.#isJoined = true;
    this.#realtimeWarning = null;
    // What was edited or deleted meanwhile is not in what comes after the last message.
    this.#isReviewWanted ||= this.#hasBeenDown;
    this.#changed();
    this.#read();
  }

  #onDown(): void {
    const wasJoined = this.#isJoined;
    this.#isJoined = false;
    this.#hasBeenDown = true;
    if (this.#isClosed || (this.#realtimeWarning !== null && !wasJoined)) return;
    this.#realtimeWarning = new GuildhallError({
      code: 'realtime_unavailable',
      message: 'Messages may arrive a few seconds late.',
    });
    this.#changed();
    this.#schedule();
  }

  #onBroadcast(payload: unknown): void {
    if (this.#isClosed) return;
    const event = readChatEvent(payload);
    if (event === null) return;
    if (event.kind === 'inserted') {
      this.#onArrived(event.message);
      return;
    }
    if (event.kind === 'updated') this.#messages.replace(event.message);
    else this.#messages.remove(event.seq);
    this.#changed();
  }

  /** A message that came by itself: as the answer to a send, or as a broadcast. */
  #onArrived(message: ChatMessage): void {
    const isGap = this.#messages.take(message);
    this.#settle([message]);
    this.#changed();
    // What works again may have been given up for a while.
    if (isGap || this.#readError !== null) this.#read();
  }

  #settle(messages: readonly ChatMessage[]): void {
    // A client id is its sender's own: another's of the same name says nothing about one's own.
    for (const message of messages) if (this.#isMine(message)) this.#sends.settle(message);
  }

  /** Asks for what is new; asked again meanwhile, once more after. */
  #read(): void {
    this.#isReadWanted = true;
    if (this.#reading !== null || this.#isClosed) return;
    this.#reading = this.#readWhileWanted().finally(() => {
      this.#reading = null;
      this.#schedule();
    });
  }

  async #readWhileWanted(): Promise<void> {
    try {
      while (this.#isReadWanted && !this.#isClosed) {
        this.#isReadWanted = false;
        await this.#catchUp();
        const isReviewDue = Date.now() - this.#reviewedAt >= this.#options.reviewIntervalMs;
        if (this.#isReviewWanted || isReviewDue) await this.#review();
      }
      this.#onRead();
    } catch (cause) {
      this.#onReadFailed(asGuildhallError(cause));
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const page = await this.#gateway.history({
        threadId: this.threadId,
        afterSeq: this.#messages.cursor,
        limit: MAX_PAGE,
      });
      if (page.length === 0) return;
      this.#messages.takeNext(page);
      this.#settle(page);
      this.#changed();
      if (page.length < MAX_PAGE) return;
    }
  }

  async #review(): Promise<void> {
    const { pageSize } = this.#options;
    const cursorBefore = this.#messages.cursor;
    const isFirst = this.#reviewedAt === 0;
    const page = await this.#gateway.history({ threadId: this.threadId, limit: pageSize });
    const reachesStart = page.length < pageSize;
    if (isFirst) this.#hasOlder = !reachesStart;
    if (isFirst) this.#messages.takeNext(page);
    else this.#messages.review(page, reachesStart, cursorBefore);
    this.#settle(page);
    this.#reviewedAt = Date.now();
    this.#isReviewWanted = false;
    this.#changed();
  }

  async #readOlder(): Promise<number> {
    const [first] = this.#messages.view();
    if (!this.#hasOlder || first === undefined) return 0;
    const { pageSize } = this.#options;
    const page = await this.#gateway.history({
      threadId: this.threadId,
      beforeSeq: first.seq,
      limit: pageSize,
    });
    this.#messages.takeOlder(page);
    this.#hasOlder = page.length === pageSize;
    this.#changed();
    return page.length;
  }

  #onRead(): void {
    this.#failures = 0;
    this.#follow();
    if (this.#readError === null) return;
    this.#readError = null;
    this.#changed();
  }

  #onReadFailed(error: GuildhallError): void {
    this.#failures += 1;
    this.#readError = error;
    this.#isReadWanted = false;
    // Whoever may not read it any more must not hear it either; it is asked for again, and followed when it is back.
    if (error.status === 403 || error.status === 404) this.#unfollow();
    this.#changed();
  }

  /** The next question: soon while nothing brings news by itself, seldom while something does. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const { pollIntervalMs, reviewIntervalMs } = this.#options;
    const waitMs =
      this.#failures > 0
        ? pollIntervalMs + backoffMs(this.#failures, FAILURE_BACKOFF)
        : this.#isJoined
          ? reviewIntervalMs
          : pollIntervalMs;
    this.#timer = setTimeout(() => this.#read(), waitMs);
  }

  #changed(): void {
    this.#snapshot = null;
    if (this.#isClosed) return;
    this.#listeners.tell();
  }
}
