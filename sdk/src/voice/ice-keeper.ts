import { backoffMs } from '../backoff.ts';
import { asGuildhallError, GuildhallError } from '../errors.ts';
import { isRefusal } from './refusal.ts';
import { readIceServers, type VoiceIceBackend, type VoiceIceServers } from './voice-ice-backend.ts';

interface IceKeeperHandlers {
  /** Other servers, or other credentials, than before. */
  onServers(servers: VoiceIceServers): void;
  /** The backend gives none to this caller any more. */
  onRefused(error: GuildhallError): void;
}

/** Before they expire, so that what is being set up when they do has time to end. */
const AHEAD_MS = 60_000;
/** A client's clock may be wrong by any amount, and credentials hold for ten minutes at most. */
const SOONEST_MS = 60_000;
const LATEST_MS = 540_000;
/** A backend is the application's, and may never answer, nor look at its signal. */
const ANSWER_MS = 20_000;
const RETRY_BACKOFF = { baseMs: 2_000, capMs: 30_000 };

/** Has ICE servers at hand whose credentials are still good, for as long as a call lasts. */
export class IceKeeper {
  readonly #backend: VoiceIceBackend;
  readonly #handlers: IceKeeperHandlers;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #current: VoiceIceServers | null = null;
  #fetchedAt = 0;
  #isStopped = false;

  constructor(backend: VoiceIceBackend, handlers: IceKeeperHandlers) {
    this.#backend = backend;
    this.#handlers = handlers;
  }

  get current(): VoiceIceServers | null {
    return this.#current;
  }

  /** Asks now, and keeps the answer without telling the handlers. Rejects with a GuildhallError, whatever went wrong. */
  async fetch(
    place: { communityId: string; channelId: string },
    signal: AbortSignal,
  ): Promise<VoiceIceServers> {
    try {
      const answer = await inTime(signal, () =>
        this.#backend.fetchIceServers({ ...place, signal }),
      );
      this.#current = readIceServers(answer);
      this.#fetchedAt = Date.now();
      return this.#current;
    } catch (cause) {
      throw asGuildhallError(cause);
    }
  }

  /** Whether what is at hand has expired, or will before anything could be set up with it. */
  get isStale(): boolean {
    return this.#current === null || Date.now() >= this.#fetchedAt + this.#lifetimeMs();
  }

  /** From now on asks again in time. `place` is asked each time: a call may have moved. */
  keep(place: () => { communityId: string; channelId: string }, signal: AbortSignal): void {
    const renewIn = (delayMs: number, attempt: number) => {
      clearTimeout(this.#timer);
      if (this.#isStopped) return;
      this.#timer = setTimeout(() => void renew(attempt), delayMs);
    };
    const renew = async (attempt: number) => {
      const before = this.#current;
      try {
        const servers = await this.fetch(place(), signal);
        if (this.#isStopped) return;
        if (!isSame(before, servers)) this.#handlers.onServers(servers);
        renewIn(this.#lifetimeMs(), 0);
      } catch (cause) {
        if (this.#isStopped) return;
        const error = asGuildhallError(cause);
        if (isRefusal(error)) this.#handlers.onRefused(error);
        else {
          const waitMs = (error.retryAfter ?? 0) * 1_000 + backoffMs(attempt, RETRY_BACKOFF);
          renewIn(Math.max(1_000, waitMs), attempt + 1);
        }
      }
    };
    renewIn(this.#lifetimeMs(), 0);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Milliseconds after the fetch at which to ask again; soon where the provider was only away. */
  #lifetimeMs(): number {
    if (this.#current === null) return 0;
    if (this.#current.degraded) return SOONEST_MS;
    const leftMs = Date.parse(this.#current.expiresAt) - this.#fetchedAt - AHEAD_MS;
    return Math.min(LATEST_MS, Math.max(SOONEST_MS, leftMs));
  }
}

/** What is asked for; rejects when it does not come in time, or is not wanted any more. */
function inTime<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (code: string, message: string) => {
      settle();
      reject(new GuildhallError({ code, message }));
    };
    const onAbort = () => fail('aborted', 'The call was left.');
    const timer = setTimeout(() => fail('timeout', 'No ICE servers came in time.'), ANSWER_MS);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    // In a promise of its own, so that what is thrown at once is a rejection, too.
    new Promise<T>((answer) => answer(ask())).finally(settle).then(resolve, reject);
  });
}

function isSame(one: VoiceIceServers | null, other: VoiceIceServers): boolean {
  return JSON.stringify(one?.iceServers) === JSON.stringify(other.iceServers);
}
