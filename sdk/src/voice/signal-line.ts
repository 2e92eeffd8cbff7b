import { backoffMs } from '../backoff.ts';
import { asGuildhallError, type GuildhallError } from '../errors.ts';
import type { SignalKind } from './voice-source.ts';

interface SignalLineOptions {
  send(kind: SignalKind, payload: object): Promise<void>;
  /** The server does not take signals for this session, or from us. The line is closed. */
  onRefused(error: GuildhallError): void;
}

interface Waiting {
  readonly kind: SignalKind;
  readonly payload: object;
}

/** A batch of candidates leaves after this long, so that gathering is not a request for each. */
const CANDIDATES_WAIT_MS = 50;
/** About 200 bytes each; the server takes 16 KiB. */
const MAX_CANDIDATES = 30;
const MAX_ATTEMPTS = 5;
const RETRY_BACKOFF = { baseMs: 500, capMs: 5_000 };

/**
 * What one peer is told, strictly in order: each signal leaves when the one before it has arrived. A flood waits for the
 * server's limit. What does not arrive after several attempts is lost, as it may be on the way to the peer, too; whoever
 * waits for an answer says it again.
 */
export class SignalLine {
  readonly #options: SignalLineOptions;
  readonly #queue: Waiting[] = [];
  #candidates: RTCIceCandidateInit[] = [];
  #candidatesTimer: ReturnType<typeof setTimeout> | undefined;
  #isSending = false;
  #isClosed = false;
  #wake: (() => void) | null = null;

  constructor(options: SignalLineOptions) {
    this.#options = options;
  }

  say(kind: SignalKind, payload: object): void {
    if (this.#isClosed) return;
    // Candidates belong to the description before them, and so must not fall behind the next.
    this.#flushCandidates();
    this.#queue.push({ kind, payload });
    void this.#drain();
  }

  candidate(candidate: RTCIceCandidateInit): void {
    if (this.#isClosed) return;
    this.#candidates.push(candidate);
    if (this.#candidates.length >= MAX_CANDIDATES) {
      this.#flushCandidates();
      void this.#drain();
      return;
    }
    this.#candidatesTimer ??= setTimeout(() => {
      this.#flushCandidates();
      void this.#drain();
    }, CANDIDATES_WAIT_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#candidates = [];
    clearTimeout(this.#candidatesTimer);
    this.#wake?.();
  }

  #flushCandidates(): void {
    clearTimeout(this.#candidatesTimer);
    this.#candidatesTimer = undefined;
    if (this.#candidates.length === 0) return;
    this.#queue.push({ kind: 'ice', payload: { candidates: this.#candidates } });
    this.#candidates = [];
  }

  async #drain(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      await this.#sendOne(next);
    }
    this.#isSending = false;
  }

  async #sendOne({ kind, payload }: Waiting): Promise<void> {
    for (let attempt = 0; !this.#isClosed && attempt < MAX_ATTEMPTS; ) {
      try {
        await this.#options.send(kind, payload);
        return;
      } catch (cause) {
        const error = asGuildhallError(cause);
        if (this.#isClosed) return;
        if (error.status === 429) {
          // Not an attempt: the server will take it, only not now.
          await this.#pause((error.retryAfter ?? 1) * 1_000 + Math.random() * 250);
        } else if (error.status === 422 || error.status === 413) {
          // This signal will never be taken; the next one may.
          return;
        } else if (error.status >= 400 && error.status < 500) {
          this.close();
          this.#options.onRefused(error);
          return;
        } else {
          await this.#pause(backoffMs(attempt, RETRY_BACKOFF));
          attempt += 1;
        }
      }
    }
  }

  #pause(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
