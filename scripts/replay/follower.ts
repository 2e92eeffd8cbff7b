import type { LiveChannel, LiveSnapshot } from '../../sdk/src/index.ts';
import { leave, type Participant, ReplayRefusal } from './participant.ts';
import { type Transcript, transcriptOf } from './transcript.ts';

/** A member who follows the channel live. What it holds came through its own store and nowhere else. */
export class Follower {
  readonly name: string;
  readonly #participant: Participant;
  readonly #channel: LiveChannel;
  #disorder: string | null = null;

  constructor(name: string, participant: Participant, channelId: string) {
    this.name = name;
    this.#participant = participant;
    // All that is said: what a page of the past would bring back could hide that it never came live.
    this.#channel = participant.guildhall.channel(channelId, { maxMessages: 1_000_000 });
    this.#channel.subscribe(() => this.#watchOrder());
  }

  /** Starts following; resolves when the store is live. */
  async open(timeoutMs: number): Promise<void> {
    await this.#channel.open();
    await this.untilLive(timeoutMs);
  }

  get stats() {
    return this.#channel.stats();
  }

  /** How many messages the store holds now. */
  get size(): number {
    return this.#channel.getSnapshot().messages.length;
  }

  /** What the store showed out of order at any moment, as a sentence; null when it never did. */
  get disorder(): string | null {
    return this.#disorder;
  }

  untilLive(timeoutMs: number): Promise<void> {
    return this.#until((snapshot) => snapshot.status === 'live', timeoutMs, 'was not live in time');
  }

  /** Resolves when the store has every change up to this revision, or when the time is over. */
  async caughtUpWith(revision: number, timeoutMs: number): Promise<void> {
    // Too late is no error here: what is missing then is what the comparison will say.
    await this.#until((snapshot) => snapshot.revision >= revision, timeoutMs, '').catch(() => {});
  }

  async transcript(): Promise<Transcript> {
    while (this.#channel.getSnapshot().hasOlder && (await this.#channel.loadOlder()) > 0);
    return transcriptOf(this.name, this.#channel.getSnapshot().messages);
  }

  async close(): Promise<void> {
    this.#channel.close();
    await leave(this.#participant);
  }

  /** Looks at the end of every snapshot, where new messages come: a store that was wrong for a moment was wrong. */
  #watchOrder(): void {
    const { messages } = this.#channel.getSnapshot();
    const [before, last] = messages.slice(-2);
    if (before !== undefined && last !== undefined && last.seq !== before.seq + 1) {
      this.#disorder ??= `${this.name}: ${last.seq} was shown right after ${before.seq}`;
    }
  }

  #until(
    isReached: (snapshot: LiveSnapshot) => boolean,
    timeoutMs: number,
    failure: string,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!isReached(this.#channel.getSnapshot())) return;
        stop();
        resolve();
      };
      const unsubscribe = this.#channel.subscribe(check);
      const timer = setTimeout(() => {
        stop();
        const { status, error } = this.#channel.getSnapshot();
        const why = error === null ? '' : `: ${error.message}`;
        reject(new ReplayRefusal(`The client "${this.name}" ${failure} (${status}${why}).`));
      }, timeoutMs);
      const stop = () => {
        clearTimeout(timer);
        unsubscribe();
      };
      check();
    });
  }
}
