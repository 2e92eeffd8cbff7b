import type { SignalLine } from './signal-line.ts';
import type { SignalKind } from './voice-source.ts';

/** `RTCPeerConnection`, or what stands for it where there is none (react-native-webrtc). */
export type RtcConstructor = new (configuration?: RTCConfiguration) => RTCPeerConnection;

/** What is sent to the others; null: nothing. */
export interface OutgoingTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

export type PeerState = 'connecting' | 'connected' | 'reconnecting';

interface PeerLinkOptions {
  readonly rtc: RtcConstructor;
  readonly configuration: RTCConfiguration;
  /** Makes the first offer: one of the two, so that both know the same two media sections from the start. */
  readonly isCaller: boolean;
  /** Gives way when both offer at once. */
  readonly isPolite: boolean;
  readonly line: Pick<SignalLine, 'say' | 'candidate' | 'close'>;
  readonly tracks: OutgoingTracks;
  onChange(): void;
}

/** An offer or an answer may be lost on the way; whoever waits for an answer says the offer again. */
const ANSWER_WAIT = { baseMs: 4_000, factor: 1.5, capMs: 30_000 };
const DISCONNECTED_MS = 4_000;
const RESTART_BACKOFF = { baseMs: 1_000, capMs: 30_000 };
/** The polite one leaves the first restart to the other: both at once only make one of them void. */
const POLITE_DELAY_MS = 2_500;
const MAX_CANDIDATES = 100;
/**
 * Offers and wishes for one that are followed at once, and one more each second. Each makes us answer, out of the same limit as what
 * we say to everybody else, and may make us gather relays. An honest one who is over it says it again.
 */
const MAX_ASKED = 20;

/**
 * The connection to one other session. One audio and one video section are agreed on once; who speaks, and with which device, is
 * a matter of replacing tracks. Offers that meet follow "perfect negotiation"; what happens is done one after the other, so
 * that a signal never meets half of another.
 */
export class PeerLink {
  readonly #options: PeerLinkOptions;
  readonly #connection: RTCPeerConnection;
  #tracks: OutgoingTracks;
  #mayHear = false;
  #maySee = false;
  #audio: RTCRtpTransceiver | null = null;
  #video: RTCRtpTransceiver | null = null;
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;
  #wasConnected = false;
  #isOfferWanted = false;

  #offerId = 0;
  #offersSaid = 0;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  #restarts = 0;
  #asked = 0;
  #askedAt = 0;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#tracks = options.tracks;
    const connection = new options.rtc(options.configuration);
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate === null || candidate.candidate === '') return;
      options.line.candidate(candidate.toJSON());
    };
    connection.onnegotiationneeded = () => this.#inTurn(() => this.#offer());
    connection.onconnectionstatechange = () => this.#onState();
    connection.oniceconnectionstatechange = () => this.#onState();
    if (!options.isCaller) return;
    this.#audio = connection.addTransceiver('audio', { direction: 'sendrecv' });
    this.#video = connection.addTransceiver('video', { direction: 'recvonly' });
    this.#inTurn(() => this.#putTracks());
  }

  get state(): PeerState {
    if (this.#isUp) return 'connected';
    return this.#wasConnected ? 'reconnecting' : 'connecting';
  }

  /** What comes from the other, while it may. */
  get audio(): MediaStreamTrack | null {
    return this.#mayHear ? receivedTrack(this.#audio) : null;
  }

  get video(): MediaStreamTrack | null {
    return this.#maySee ? receivedTrack(this.#video) : null;
  }

  /** Whether the other's audio and video are let through. A track that was handed out before falls silent. */
  allow(mayHear: boolean, maySee: boolean): void {
    this.#mayHear = mayHear;
    this.#maySee = maySee;
    this.#gate();
  }

  setTracks(tracks: OutgoingTracks): void {
    this.#tracks = tracks;
    this.#inTurn(() => this.#putTracks());
  }

  /** Other servers or credentials; the connection goes over to them. */
  setConfiguration(configuration: RTCConfiguration): void {
    try {
      this.#connection.setConfiguration(configuration);
    } catch {
      // Not every runtime can; connections that are made later have them.
      return;
    }
    this.#restart();
  }

  receive(kind: SignalKind, payload: Readonly<Record<string, unknown>>): void {
    const isAsking = kind === 'offer' || kind === 'renegotiate';
    if (isAsking && !this.#mayAsk()) return;
    this.#inTurn(() => this.#take(kind, payload));
  }

  /** Signals may have been lost until now: asks for, or says again, what the connection still lacks. */
  nudge(): void {
    if (this.#isClosed || this.#isUp) return;
    if (this.#connection.signalingState === 'have-local-offer') this.#sayOffer();
    else if (!this.#options.isCaller) this.#options.line.say('renegotiate', {});
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#restartTimer);
    this.#options.line.close();
    const connection = this.#connection;
    connection.onicecandidate = null;
    connection.onnegotiationneeded = null;
    connection.onconnectionstatechange = null;
    connection.oniceconnectionstatechange = null;
    this.#mayHear = false;
    this.#maySee = false;
    this.#gate();
    connection.close();
  }

  get #isUp(): boolean {
    const { connectionState } = this.#connection;
    return connectionState === 'connected';
  }

  /**
   * Until they have been connected, the caller alone offers. The answer to its first offer may be lost; if it then gave way to an offer of
   * the other's, the two would have different sections and DTLS roles, which no later round could mend.
   */
  get #mayOffer(): boolean {
    return this.#options.isCaller || this.#wasConnected;
  }

  #mayAsk(): boolean {
    const now = Date.now();
    const passedSeconds = Math.max(0, now - this.#askedAt) / 1_000;
    this.#askedAt = now;
    this.#asked = Math.max(0, this.#asked - passedSeconds);
    if (this.#asked > MAX_ASKED - 1) return false;
    this.#asked += 1;
    return true;
  }

  // One after the other -------------------------------------------------------------------------------------

  #inTurn(action: () => Promise<void>): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#isClosed) return;
      try {
        await action();
      } catch {
        // What the other sent could not be used, or the connection was closed meanwhile. If it is needed, the
        // connection fails and is restarted.
      }
      if (!this.#isClosed) {
        this.#gate();
        this.#options.onChange();
      }
    });
  }

  async #offer(): Promise<void> {
    const connection = this.#connection;
    // The browser asks again when what is going on has ended.
    if (connection.signalingState !== 'stable') return;
    if (!this.#mayOffer) {
      this.#isOfferWanted = true;
      return;
    }
    this.#isOfferWanted = false;
    const offer = await connection.createOffer();
    await connection.setLocalDescription(offer);
    this.#offerId += 1;
    this.#offersSaid = 0;
    this.#sayOffer();
  }

  #sayOffer(): void {
    clearTimeout(this.#answerTimer);
    const sdp = this.#connection.localDescription?.sdp;
    if (this.#isClosed || sdp === undefined) return;
    this.#options.line.say('offer', { sdp, id: this.#offerId });
    const { baseMs, factor, capMs } = ANSWER_WAIT;
    const waitMs = Math.min(capMs, baseMs * factor ** Math.min(this.#offersSaid, 20));
    this.#offersSaid += 1;
    this.#answerTimer = setTimeout(
      () => {
        if (this.#connection.signalingState === 'have-local-offer') this.#sayOffer();
      },
      waitMs * (0.9 + Math.random() * 0.2),
    );
  }

  async #take(kind: SignalKind, payload: Readonly<Record<string, unknown>>): Promise<void> {
    const connection = this.#connection;
    const { sdp, id, candidates } = payload;
    if (kind === 'ice' && Array.isArray(candidates)) {
      for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
        // Of an offer that gave way, or of a round that is over: of no use, and no harm.
        await connection.addIceCandidate(candidate as RTCIceCandidateInit).catch(() => {});
      }
    } else if (kind === 'offer' && typeof sdp === 'string') {
      await this.#takeOffer(sdp, id);
    } else if (kind === 'answer' && typeof sdp === 'string') {
      // An answer to an offer that gave way, or one that was said twice.
      if (connection.signalingState !== 'have-local-offer' || id !== this.#offerId) return;
      clearTimeout(this.#answerTimer);
      await connection.setRemoteDescription({ type: 'answer', sdp });
    } else if (kind === 'renegotiate') {
      if (connection.signalingState === 'have-local-offer') this.#sayOffer();
      else if (!this.#isUp) this.#restart();
    }
  }

  async #takeOffer(sdp: string, id: unknown): Promise<void> {
    const connection = this.#connection;
    if (connection.signalingState === 'have-local-offer') {
      // The first offer gives way to nobody (see #mayOffer).
      if (!this.#options.isPolite || connection.remoteDescription === null) return;
      clearTimeout(this.#answerTimer);
      await connection.setLocalDescription({ type: 'rollback' });
    }
    await connection.setRemoteDescription({ type: 'offer', sdp });
    if (this.#audio === null) {
      this.#audio = firstOf(connection, 'audio');
      this.#video = firstOf(connection, 'video');
      if (this.#audio !== null) this.#audio.direction = 'sendrecv';
      await this.#putTracks();
    }
    const answer = await connection.createAnswer();
    await connection.setLocalDescription(answer);
    this.#options.line.say('answer', { sdp: connection.localDescription?.sdp ?? answer.sdp, id });
  }

  async #putTracks(): Promise<void> {
    const { audio, video } = this.#tracks;
    if (this.#audio !== null && this.#audio.sender.track !== audio) {
      await this.#audio.sender.replaceTrack(audio);
    }
    if (this.#video === null) return;
    // The direction says to the other whether there is a picture; audio is silence instead, which costs next to nothing.
    const direction = video === null ? 'recvonly' : 'sendrecv';
    if (this.#video.direction !== direction) this.#video.direction = direction;
    if (this.#video.sender.track !== video) await this.#video.sender.replaceTrack(video);
  }

  #gate(): void {
    for (const [transceiver, isAllowed] of [
      [this.#audio, this.#mayHear],
      [this.#video, this.#maySee],
    ] as const) {
      const track = transceiver?.receiver.track;
      if (track && track.enabled !== isAllowed) track.enabled = isAllowed;
    }
  }

  // Staying connected ---------------------------------------------------------------------------------------

  #onState(): void {
    if (this.#isClosed) return;
    const { connectionState: state } = this.#connection;
    clearTimeout(this.#restartTimer);
    if (state === 'connected') {
      this.#wasConnected = true;
      this.#restarts = 0;
      if (this.#isOfferWanted) this.#inTurn(() => this.#offer());
    } else if (state === 'failed') {
      const { baseMs, capMs } = RESTART_BACKOFF;
      const waitMs =
        this.#restarts === 0 ? 0 : Math.min(capMs, baseMs * 2 ** Math.min(this.#restarts, 10));
      this.#restartIn(waitMs * (0.5 + Math.random() / 2));
    } else if (state === 'disconnected') {
      this.#restartIn(DISCONNECTED_MS);
    }
    this.#options.onChange();
  }

  #restartIn(waitMs: number): void {
    const delayMs = waitMs + (this.#options.isPolite ? POLITE_DELAY_MS : 0);
    this.#restartTimer = setTimeout(() => {
      this.#restarts += 1;
      this.#restart();
    }, delayMs);
  }

  #restart(): void {
    // Before there was a first agreement there is nothing to restart: the first offer has what is new.
    if (this.#isClosed || this.#connection.remoteDescription === null) return;
    if (this.#mayOffer) this.#connection.restartIce();
    else this.#options.line.say('renegotiate', {});
  }
}

function firstOf(connection: RTCPeerConnection, kind: string): RTCRtpTransceiver | null {
  return (
    connection.getTransceivers().find((transceiver) => transceiver.receiver.track.kind === kind) ??
    null
  );
}

/** The track of a section in which the other has said that it sends. */
function receivedTrack(transceiver: RTCRtpTransceiver | null): MediaStreamTrack | null {
  const direction = transceiver?.currentDirection;
  const isReceived = direction === 'sendrecv' || direction === 'recvonly';
  return isReceived ? (transceiver?.receiver.track ?? null) : null;
}
