import { backoffMs } from '../backoff.ts';
import { asGuildhallError, type GuildhallError } from '../errors.ts';
import { isRefusal } from './refusal.ts';
import type { VoicePlace, VoiceSessionRow, VoiceSource } from './voice-source.ts';

type TakenReason = 'disconnected' | 'replaced';

interface VoiceLeaseHandlers {
  /** The lease holds, and this is how the session is now. */
  onRenewed(session: VoiceSessionRow): void;
  /** A moderator moved us: the session is another one, in another channel. */
  onMoved(session: VoiceSessionRow): void;
  /** Could not be renewed this time. */
  onFailed(error: GuildhallError): void;
  /** For certain it is over, because it could not be renewed in time: everybody takes us for gone. */
  onLapsed(): void;
  /** It was ended while it should have held: by a moderator, or because this device joined anew, here or elsewhere. */
  onTaken(reason: TakenReason): void;
  /** The server refuses to renew it. */
  onRefused(error: GuildhallError): void;
}

/** The server's: so long after it was renewed a session is gone. */
export const LEASE_MS = 45_000;
/** The server's: a renewal that comes so soon after the last one is answered and not written. */
const UNWRITTEN_MS = 5_000;
const RENEW_MS = 15_000;
const ATTEMPT_MS = 15_000;
const RETRY_BACKOFF = { baseMs: 1_000, capMs: 4_000 };

/** Keeps one session alive, and says how it ended. */
export class VoiceLease {
  readonly #source: Pick<VoiceSource, 'renewSession'>;
  readonly #handlers: VoiceLeaseHandlers;
  #place: VoicePlace | null = null;
  #sessionId = '';
  /** When the last request that renewed it left: it held at least from then, or from `UNWRITTEN_MS` before. */
  #heldAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRenewing = false;
  #isCheckWanted = false;
  #failures = 0;

  constructor(source: Pick<VoiceSource, 'renewSession'>, handlers: VoiceLeaseHandlers) {
    this.#source = source;
    this.#handlers = handlers;
  }

  /** A session that was opened by a request which left at this time. */
  hold(place: VoicePlace, session: VoiceSessionRow, heldAt: number): void {
    this.#place = place;
    this.#sessionId = session.session_id;
    this.#heldAt = heldAt;
    this.#failures = 0;
    this.#renewInTime();
  }

  /** Something says that the session may have ended or moved: asks now. */
  check(): void {
    if (this.#isRenewing) this.#isCheckWanted = true;
    else if (this.#place !== null) void this.#renew(this.#place);
  }

  /**
   * After the lease has lapsed: whether this device has begun another call since, and how this one ended by it. A laptop that wakes is
   * not to take the seat from the phone that its owner went on with.
   */
  async findSuccessor(place: VoicePlace, signal: AbortSignal): Promise<TakenReason | null> {
    try {
      const session = await this.#source.renewSession(place, { deadlineMs: ATTEMPT_MS, signal });
      const isOther = session.channel_id === place.channelId && !this.#isOurs(session);
      return isOther ? 'replaced' : null;
    } catch (cause) {
      const error = asGuildhallError(cause);
      if (error.code !== 'expired') throw error;
      return isElsewhere(error) ? 'disconnected' : null;
    }
  }

  /** Whether it is the session that we hold, or what became of it by being moved. */
  #isOurs(session: VoiceSessionRow): boolean {
    return session.session_id === this.#sessionId || session.former_ids.includes(this.#sessionId);
  }

  stop(): void {
    this.#place = null;
    this.#isCheckWanted = false;
    clearTimeout(this.#timer);
  }

  /** The lease runs from when it was asked for, and not from when the answer came. */
  #renewInTime(): void {
    const ageMs = Math.max(0, Date.now() - this.#heldAt);
    this.#renewIn(Math.max(0, jittered(RENEW_MS) - ageMs));
  }

  #renewIn(delayMs: number): void {
    clearTimeout(this.#timer);
    const place = this.#place;
    if (place !== null) this.#timer = setTimeout(() => void this.#renew(place), delayMs);
  }

  async #renew(place: VoicePlace): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    this.#isCheckWanted = false;
    clearTimeout(this.#timer);
    const leftAt = Date.now();
    try {
      const session = await this.#source.renewSession(place, { deadlineMs: ATTEMPT_MS });
      this.#isRenewing = false;
      if (place === this.#place) this.#onAnswer(place, session, leftAt);
    } catch (cause) {
      this.#isRenewing = false;
      if (place === this.#place) this.#onError(asGuildhallError(cause));
    }
    // What asked meanwhile, for this session or for the one that came after it.
    if (this.#isCheckWanted) this.check();
  }

  #onAnswer(place: VoicePlace, session: VoiceSessionRow, leftAt: number): void {
    if (session.session_id === this.#sessionId) {
      this.#heldAt = leftAt;
      this.#failures = 0;
      this.#renewInTime();
      this.#handlers.onRenewed(session);
    } else if (this.#isOurs(session)) {
      this.hold({ ...place, channelId: session.channel_id }, session, leftAt);
      this.#handlers.onMoved(session);
    } else {
      // Another call of this device, in this very channel.
      this.stop();
      this.#handlers.onTaken('replaced');
    }
  }

  #onError(error: GuildhallError): void {
    // Date and not a monotonic clock: those may stand still while the machine sleeps, and the lease does not.
    const heldMs = Date.now() - this.#heldAt;
    const isLapsed = heldMs >= LEASE_MS;
    if (error.code === 'expired') {
      const hasLapsed = heldMs >= LEASE_MS - UNWRITTEN_MS && !isElsewhere(error);
      this.stop();
      if (hasLapsed) this.#handlers.onLapsed();
      else this.#handlers.onTaken('disconnected');
    } else if (isRefusal(error) && error.code !== 'conflict') {
      this.stop();
      this.#handlers.onRefused(error);
    } else if (isLapsed) {
      this.stop();
      this.#handlers.onLapsed();
    } else {
      // A conflict is a session that moderators move at this very moment: it is still ours.
      const leftMs = this.#heldAt + LEASE_MS - Date.now();
      const waitMs =
        (error.retryAfter ?? 0) * 1_000 + 250 + backoffMs(this.#failures, RETRY_BACKOFF);
      this.#renewIn(Math.min(waitMs, leftMs));
      this.#failures += 1;
      this.#handlers.onFailed(error);
    }
  }
}

/** Whether this device has a session in another channel. */
function isElsewhere(error: GuildhallError): boolean {
  return error.details.elsewhere === true;
}

function jittered(ms: number): number {
  return ms * (0.9 + Math.random() * 0.2);
}
