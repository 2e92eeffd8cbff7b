import { asGuildhallError } from '../errors.ts';
import { isRefusal } from './refusal.ts';
import type { VoiceSessionRow } from './voice-source.ts';

interface SelfStateChange {
  readonly isSelfMuted?: boolean;
  readonly isSelfDeafened?: boolean;
}

interface SelfStateHandlers {
  onMuted(): void;
  onDeafened(): void;
  /** After one of them, or both. */
  onChange(): void;
  /** Null: there is no session to tell it of. Throws when there will be none any more. */
  send(change: SelfStateChange): Promise<VoiceSessionRow> | null;
  /** The server has taken a change, and this is how the session is now. */
  onTold(session: VoiceSessionRow): void;
  /** The session has expired, as the server says. */
  onExpired(): void;
}

/** Whether we have muted or deafened ourselves: here at once, and then on the server. */
export class SelfState {
  readonly #handlers: SelfStateHandlers;
  #isMuted: boolean;
  #isDeafened: boolean;
  /** Changes on their way to the server, one after the other. */
  #telling: Promise<unknown> = Promise.resolve();
  #tellings = 0;

  constructor(isMuted: boolean, isDeafened: boolean, handlers: SelfStateHandlers) {
    this.#isMuted = isMuted;
    this.#isDeafened = isDeafened;
    this.#handlers = handlers;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isDeafened(): boolean {
    return this.#isDeafened;
  }

  /** Rejects with a GuildhallError when the server refuses. */
  setMuted(isMuted: boolean): Promise<void> {
    const before = this.#isMuted;
    this.#isMuted = isMuted;
    this.#handlers.onMuted();
    return this.#tell({ isSelfMuted: isMuted }, () => {
      // Whoever wished to be silent stays so.
      if (!isMuted && !this.#isMuted) this.#isMuted = before;
    });
  }

  /** Rejects with a GuildhallError when the server refuses. */
  setDeafened(isDeafened: boolean): Promise<void> {
    const before = this.#isDeafened;
    this.#isDeafened = isDeafened;
    this.#handlers.onDeafened();
    return this.#tell({ isSelfDeafened: isDeafened }, () => {
      if (this.#isDeafened === isDeafened) this.#isDeafened = before;
    });
  }

  /** Tells the server what its session does not have yet. */
  reconcile(session: VoiceSessionRow): void {
    const isTold =
      session.is_self_muted === this.#isMuted && session.is_self_deafened === this.#isDeafened;
    if (isTold || this.#tellings > 0) return;
    const change = { isSelfMuted: this.#isMuted, isSelfDeafened: this.#isDeafened };
    this.#tell(change, () => {}).catch(() => {});
  }

  #tell(change: SelfStateChange, undo: () => void): Promise<void> {
    this.#handlers.onChange();
    this.#tellings += 1;
    const telling = this.#telling.then(async () => {
      let told: VoiceSessionRow | null = null;
      try {
        const answer = this.#handlers.send(change);
        // The next session is told.
        if (answer === null) return;
        told = await answer;
      } catch (cause) {
        const error = asGuildhallError(cause);
        if (error.code === 'expired') {
          this.#handlers.onExpired();
        } else if (isRefusal(error) || error.code === 'closed') {
          undo();
          this.#handlers.onMuted();
          this.#handlers.onDeafened();
          this.#handlers.onChange();
          throw error;
        }
      } finally {
        this.#tellings -= 1;
      }
      if (told !== null) this.#handlers.onTold(told);
    });
    this.#telling = telling.catch(() => {});
    return telling;
  }
}
