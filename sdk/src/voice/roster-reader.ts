import { backoffMs } from '../backoff.ts';
import { asGuildhallError, type GuildhallError } from '../errors.ts';
import { isRefusal } from './refusal.ts';
import type { VoiceRoster } from './voice-roster.ts';
import type { VoiceRoomRow } from './voice-source.ts';

interface RosterReaderHandlers {
  /** The channel that we are in; null while we are in none, and its roster is nothing to us. */
  channelId(): string | null;
  fetch(channelId: string): Promise<VoiceRoomRow>;
  /** The roster has taken this. */
  onRead(room: VoiceRoomRow): void;
  /** The server refuses to tell. It is not asked again by itself. */
  onRefused(): void;
  /** Nothing is being read any more, whether or not it came to anything. */
  onSettled(): void;
}

const RETRY_BACKOFF = { baseMs: 500, capMs: 10_000 };
/** Questions after which a broadcast that the roster does not know is taken for a phantom. */
const MAX_PHANTOM_READS = 3;

/** Reads the roster of the channel that we are in, one question at a time, until nothing is known to be missing. */
export class RosterReader {
  readonly #roster: VoiceRoster;
  readonly #handlers: RosterReaderHandlers;
  #isReading = false;
  #isReadWanted = false;
  #failures = 0;
  #phantomReads = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(roster: VoiceRoster, handlers: RosterReaderHandlers) {
    this.#roster = roster;
    this.#handlers = handlers;
  }

  /** Something may be missing: asks now, or once more after what is being asked. */
  read(): void {
    if (this.#handlers.channelId() === null) return;
    this.#isReadWanted = true;
    if (!this.#isReading) void this.#read();
  }

  /** The roster was reset, and what was heard before with it. */
  reset(): void {
    this.#phantomReads = 0;
  }

  stop(): void {
    clearTimeout(this.#retryTimer);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    clearTimeout(this.#retryTimer);
    try {
      while (this.#isReadWanted) {
        this.#isReadWanted = false;
        const channelId = this.#handlers.channelId();
        if (channelId === null) return;
        const room = await this.#handlers.fetch(channelId);
        if (this.#handlers.channelId() !== channelId) {
          this.#isReadWanted = true;
          continue;
        }
        this.#roster.replace(room);
        this.#handlers.onRead(room);
        this.#doubtWhatWasHeard();
      }
      this.#failures = 0;
    } catch (cause) {
      if (this.#handlers.channelId() !== null) this.#onFailed(asGuildhallError(cause));
    } finally {
      this.#isReading = false;
      this.#handlers.onSettled();
    }
  }

  /** A broadcast told of a change that the roster, read afterwards, does not have. The roster is right. */
  #doubtWhatWasHeard(): void {
    if (!this.#roster.isBehind) {
      this.#phantomReads = 0;
      return;
    }
    this.#phantomReads += 1;
    if (this.#phantomReads < MAX_PHANTOM_READS) {
      this.#isReadWanted = true;
    } else {
      this.#phantomReads = 0;
      this.#roster.doubt();
    }
  }

  #onFailed(error: GuildhallError): void {
    if (isRefusal(error)) {
      this.#handlers.onRefused();
      return;
    }
    const waitMs = (error.retryAfter ?? 0) * 1_000 + 250 + backoffMs(this.#failures, RETRY_BACKOFF);
    this.#failures += 1;
    this.#retryTimer = setTimeout(() => this.read(), waitMs);
  }
}
