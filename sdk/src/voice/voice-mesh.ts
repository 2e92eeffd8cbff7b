import { type OutgoingTracks, PeerLink, type RtcConstructor } from './peer-link.ts';
import { SignalLine } from './signal-line.ts';
import type { SignalKind, VoiceParticipantRow } from './voice-source.ts';

interface VoiceMeshOptions {
  readonly rtc: RtcConstructor;
  send(to: VoiceParticipantRow, kind: SignalKind, payload: object): Promise<void>;
  onChange(): void;
  /** A signal told of somebody who is not in the roster, or was refused: the roster, or our session, may be an old one. */
  onDoubt(): void;
}

/** A signal as it comes on the user's topic. */
interface IncomingSignal {
  readonly channelId: string;
  readonly fromUserId: string;
  readonly fromSessionId: string;
  readonly toSessionId: string | null;
  readonly kind: SignalKind;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A signal may be faster than the roster that says who it is from. */
const STRANGER_WAIT_MS = 5_000;
const MAX_STRANGERS_SIGNALS = 200;
const kinds: readonly unknown[] = ['offer', 'answer', 'ice', 'renegotiate'];

/** The connections to all other sessions of a channel, one for each. Whoever is not in the roster has none. */
export class VoiceMesh {
  readonly #options: VoiceMeshOptions;
  readonly #links = new Map<string, PeerLink>();
  #configuration: RTCConfiguration;
  #tracks: OutgoingTracks = { audio: null, video: null };
  #own: { readonly channelId: string; readonly sessionId: string } | null = null;
  #roster: ReadonlyMap<string, VoiceParticipantRow> = new Map();
  #strangers: { readonly signal: IncomingSignal; readonly until: number }[] = [];

  constructor(options: VoiceMeshOptions, configuration: RTCConfiguration) {
    this.#options = options;
    this.#configuration = configuration;
  }

  link(sessionId: string): PeerLink | undefined {
    return this.#links.get(sessionId);
  }

  /** Begins for this session of ours; what was there for another one is closed. */
  enter(channelId: string, sessionId: string): void {
    this.closeAll();
    this.#own = { channelId, sessionId };
  }

  /** Who is in the channel now, and whether we listen at all. */
  follow(participants: readonly VoiceParticipantRow[], isDeafened: boolean): void {
    this.#roster = new Map(participants.map((row) => [row.session_id, row]));
    for (const [sessionId, link] of this.#links) {
      if (this.#roster.has(sessionId)) continue;
      this.#links.delete(sessionId);
      link.close();
    }
    const own = this.#own === null ? undefined : this.#roster.get(this.#own.sessionId);
    if (own === undefined) return;
    for (const row of participants) {
      // Our other devices are in the same room, or should be: a connection between them would only howl.
      if (row.user_id === own.user_id) continue;
      const link = this.#links.get(row.session_id) ?? this.#tryToConnect(own, row);
      if (link === null) continue;
      // This is what mutes somebody in a mesh: nobody lets through what the server does not allow.
      link.allow(row.can_speak && !isDeafened, row.can_stream);
    }
    this.#hearStrangers();
  }

  setTracks(tracks: OutgoingTracks): void {
    if (tracks.audio === this.#tracks.audio && tracks.video === this.#tracks.video) return;
    this.#tracks = tracks;
    for (const link of this.#links.values()) link.setTracks(tracks);
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.#configuration = configuration;
    for (const link of this.#links.values()) link.setConfiguration(configuration);
  }

  /** Signals may have been lost until now. */
  nudge(): void {
    for (const link of this.#links.values()) link.nudge();
  }

  hear(payload: unknown): void {
    const signal = readSignal(payload);
    const own = this.#own;
    if (signal === null || own === null || signal.channelId !== own.channelId) return;
    if (signal.toSessionId !== null && signal.toSessionId !== own.sessionId) return;
    if (this.#deliver(signal)) return;
    if (this.#strangers.length >= MAX_STRANGERS_SIGNALS) this.#strangers.shift();
    this.#strangers.push({ signal, until: Date.now() + STRANGER_WAIT_MS });
    this.#options.onDoubt();
  }

  closeAll(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#roster = new Map();
    this.#strangers = [];
    this.#own = null;
  }

  /** Null: the browser makes no more connections now. With the next change of the roster it is asked again. */
  #tryToConnect(own: VoiceParticipantRow, other: VoiceParticipantRow): PeerLink | null {
    try {
      return this.#connect(own, other);
    } catch {
      return null;
    }
  }

  #connect(own: VoiceParticipantRow, other: VoiceParticipantRow): PeerLink {
    const link = new PeerLink({
      rtc: this.#options.rtc,
      configuration: this.#configuration,
      // Whoever came later calls, once they hear what is said to them.
      isCaller: isLater(own, other),
      isPolite: own.session_id < other.session_id,
      line: new SignalLine({
        send: (kind, payload) => this.#options.send(other, kind, payload),
        onRefused: () => this.#options.onDoubt(),
      }),
      tracks: this.#tracks,
      onChange: () => this.#options.onChange(),
    });
    this.#links.set(other.session_id, link);
    return link;
  }

  #deliver(signal: IncomingSignal): boolean {
    const row = this.#roster.get(signal.fromSessionId);
    if (row === undefined || row.user_id !== signal.fromUserId) return false;
    this.#links.get(signal.fromSessionId)?.receive(signal.kind, signal.payload);
    return true;
  }

  #hearStrangers(): void {
    const now = Date.now();
    this.#strangers = this.#strangers.filter(
      ({ signal, until }) => until > now && !this.#deliver(signal),
    );
  }
}

/** Both sides come to the same answer, of the same rows. */
function isLater(one: VoiceParticipantRow, other: VoiceParticipantRow): boolean {
  const [ones, others] = [Date.parse(one.joined_at), Date.parse(other.joined_at)];
  return ones === others ? one.session_id > other.session_id : ones > others;
}

function readSignal(value: unknown): IncomingSignal | null {
  if (typeof value !== 'object' || value === null) return null;
  const { channel_id, from_user_id, from_session_id, to_session_id, kind, payload } =
    value as Record<string, unknown>;
  const isSignal =
    typeof channel_id === 'string' &&
    typeof from_user_id === 'string' &&
    typeof from_session_id === 'string' &&
    kinds.includes(kind) &&
    typeof payload === 'object' &&
    payload !== null;
  if (!isSignal) return null;
  return {
    channelId: channel_id,
    fromUserId: from_user_id,
    fromSessionId: from_session_id,
    toSessionId: typeof to_session_id === 'string' ? to_session_id : null,
    kind: kind as SignalKind,
    payload: payload as Record<string, unknown>,
  };
}
