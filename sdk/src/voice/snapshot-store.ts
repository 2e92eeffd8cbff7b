import { Listeners } from '../listeners.ts';
import type { VoiceSnapshot } from './voice-snapshot.ts';

/** The newest snapshot of a call, and who wants to hear of the next one. */
export class SnapshotStore {
  readonly #view: () => VoiceSnapshot;
  readonly #listeners = new Listeners();
  #snapshot: VoiceSnapshot | null = null;

  /** `view` says what the call is now, in a new object each time. */
  constructor(view: () => VoiceSnapshot) {
    this.#view = view;
  }

  get current(): VoiceSnapshot {
    this.#snapshot ??= this.#view();
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Something may have changed: looks, and calls the listeners if it has. */
  publish(): void {
    const last = this.#snapshot;
    const next = this.#view();
    if (last !== null && isSame(last, next)) return;
    this.#snapshot = next;
    this.#listeners.tell();
  }
}

function isSame(one: VoiceSnapshot, other: VoiceSnapshot): boolean {
  const { participants: ones, ...facts } = one;
  const { participants: others, ...otherFacts } = other;
  return (
    isShallowlySame(facts, otherFacts) &&
    ones.length === others.length &&
    ones.every((participant, index) => isShallowlySame(participant, others[index]))
  );
}

function isShallowlySame(one: object, other: object | undefined): boolean {
  return (
    other !== undefined &&
    Object.entries(one).every(([key, value]) => (other as Record<string, unknown>)[key] === value)
  );
}
