import type { Change } from './channel-feed.ts';

/** Changes kept that came before their turn; more are dropped, and fetched when their turn comes. */
const MAX_EARLY = 1_000;

/**
 * A place in a channel's change feed: every change up to `revision` has been applied, in order and once.
 *
 * Changes may be told in any order and any number of times.
 */
export class FeedCursor {
  readonly #apply: (change: Change) => void;
  readonly #early = new Map<number, Change>();
  #revision = 0;
  #heardRevision = 0;
  #isHeld = true;

  /** @param apply gets each change in its turn */
  constructor(apply: (change: Change) => void) {
    this.#apply = apply;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The highest revision that anything has told of. */
  get heardRevision(): number {
    return this.#heardRevision;
  }

  /** Whether a change is known to exist that has not been applied. */
  get isBehind(): boolean {
    return this.#revision < this.#heardRevision;
  }

  /** Whether this change is kept until its turn comes. */
  hasEarly(revision: number): boolean {
    return this.#early.has(revision);
  }

  /** Forgets everything that was told, and only keeps what comes until `startAt`. */
  hold(): void {
    this.#early.clear();
    this.#heardRevision = 0;
    this.#isHeld = true;
  }

  /** Goes on applying from where it was before `hold`. */
  release(): void {
    this.#isHeld = false;
    this.#applyEarly();
  }

  /** The state up to this revision was read whole: goes on from there. */
  startAt(revision: number): void {
    this.#revision = revision;
    this.#heardRevision = Math.max(this.#heardRevision, revision);
    for (const early of this.#early.keys()) {
      if (early <= revision) this.#early.delete(early);
    }
    this.release();
  }

  /** Takes a change from anywhere: applies it if it is the next one, keeps it if it is early, drops it if it is old. */
  hear(change: Change): void {
    if (change.revision <= this.#revision && !this.#isHeld) return;
    this.#heardRevision = Math.max(this.#heardRevision, change.revision);
    if (this.#early.size < MAX_EARLY) this.#early.set(change.revision, change);
    if (!this.#isHeld) this.#applyEarly();
  }

  /**
   * Takes a change from the feed itself. Returns false when it is not the next one, which means that the feed
   * has a hole.
   */
  follow(change: Change): boolean {
    if (change.revision <= this.#revision) return true;
    if (change.revision !== this.#revision + 1) return false;
    this.#heardRevision = Math.max(this.#heardRevision, change.revision);
    this.#step(change);
    this.#applyEarly();
    return true;
  }

  /** Applies what is kept and has its turn now. */
  #applyEarly(): void {
    for (;;) {
      const next = this.#early.get(this.#revision + 1);
      if (next === undefined) return;
      this.#step(next);
    }
  }

  /** Stops believing in changes that were told of but are not in the feed. */
  doubt(): void {
    this.#early.clear();
    this.#heardRevision = this.#revision;
  }

  #step(change: Change): void {
    this.#early.delete(change.revision);
    this.#revision = change.revision;
    this.#apply(change);
  }
}
