import type { VoiceParticipantRow, VoiceRoomRow } from './voice-source.ts';

interface RosterChange {
  readonly revision: number;
  readonly present: readonly VoiceParticipantRow[];
  readonly left: readonly string[];
}

/** Changes kept while the one before them is missing. */
const MAX_EARLY = 200;

/**
 * Who is in the channel. Each change has the number after the one before it; where one is missing, `isBehind` says so until the
 * whole roster was read again.
 */
export class VoiceRoster {
  readonly #participants = new Map<string, VoiceParticipantRow>();
  /** Heard before what comes before them. */
  readonly #early = new Map<number, RosterChange>();
  #channelId = '';
  /** -1: nothing was read yet. */
  #revision = -1;
  #heardRevision = -1;

  get revision(): number {
    return this.#revision;
  }

  /** Whether something is known to be missing. */
  get isBehind(): boolean {
    return this.#revision < 0 || this.#heardRevision > this.#revision;
  }

  get participants(): readonly VoiceParticipantRow[] {
    return [...this.#participants.values()];
  }

  find(sessionId: string): VoiceParticipantRow | undefined {
    return this.#participants.get(sessionId);
  }

  /** Forgets everything, for another channel. */
  reset(channelId: string): void {
    this.#channelId = channelId;
    this.#participants.clear();
    this.#early.clear();
    this.#revision = -1;
    this.#heardRevision = -1;
  }

  /** The whole roster. An answer older than what is known is left aside. */
  replace(room: VoiceRoomRow): void {
    if (room.channel_id !== this.#channelId || room.revision < this.#revision) return;
    this.#participants.clear();
    for (const row of room.participants) this.#participants.set(row.session_id, row);
    this.#revision = room.revision;
    this.#heardRevision = Math.max(this.#heardRevision, room.revision);
    this.#applyEarly();
  }

  /** A broadcast. False: it is none that could be understood, so the roster must be read again. */
  hear(payload: unknown): boolean {
    const change = readChange(payload, this.#channelId);
    if (change === null) return false;
    this.#heardRevision = Math.max(this.#heardRevision, change.revision);
    if (change.revision > this.#revision && this.#early.size < MAX_EARLY) {
      this.#early.set(change.revision, change);
    }
    this.#applyEarly();
    return true;
  }

  /** What was heard of and is not in the roster as it was read afterwards was no change of this channel. */
  doubt(): void {
    this.#early.clear();
    this.#heardRevision = this.#revision;
  }

  #applyEarly(): void {
    if (this.#revision < 0) return;
    for (const revision of this.#early.keys()) {
      if (revision <= this.#revision) this.#early.delete(revision);
    }
    for (;;) {
      const next = this.#early.get(this.#revision + 1);
      if (next === undefined) return;
      this.#early.delete(next.revision);
      for (const sessionId of next.left) this.#participants.delete(sessionId);
      for (const row of next.present) this.#participants.set(row.session_id, row);
      this.#revision = next.revision;
    }
  }
}

function readChange(payload: unknown, channelId: string): RosterChange | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { channel_id, revision, present, left } = payload as Record<string, unknown>;
  const isChange =
    channel_id === channelId &&
    Number.isSafeInteger(revision) &&
    Array.isArray(present) &&
    present.every(
      (row) => typeof row?.session_id === 'string' && typeof row.user_id === 'string',
    ) &&
    Array.isArray(left);
  return isChange ? { revision: revision as number, present, left } : null;
}
