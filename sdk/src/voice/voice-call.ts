import { backoffMs } from '../backoff.ts';
import { asGuildhallError, type GuildhallError } from '../errors.ts';
import { FollowedTopic } from '../followed-topic.ts';
import type { TopicSource } from '../topic-hub.ts';
import { IceKeeper } from './ice-keeper.ts';
import { OwnMedia } from './own-media.ts';
import { whenPageIsLeft } from './page-leaving.ts';
import type { RtcConstructor } from './peer-link.ts';
import { callEnded, isRefusal, joinAborted, wrongTransport } from './refusal.ts';
import type { VoiceIceBackend } from './voice-ice-backend.ts';
import { VoiceLease } from './voice-lease.ts';
import { VoiceMesh } from './voice-mesh.ts';
import { VoiceRoster } from './voice-roster.ts';
import type {
  VoiceEndReason,
  VoiceParticipant,
  VoiceSnapshot,
  VoiceStatus,
} from './voice-snapshot.ts';
import type {
  VoiceParticipantRow,
  VoicePlace,
  VoiceRoomRow,
  VoiceSessionRow,
  VoiceSource,
} from './voice-source.ts';

type Timer = ReturnType<typeof setTimeout>;

/** What a call is made of; `rtc` and `ice` are null where media goes through an SFU. */
export interface VoiceCallParts {
  readonly source: VoiceSource;
  readonly topics: TopicSource;
  readonly rtc: RtcConstructor | null;
  readonly ice: VoiceIceBackend | null;
  readonly media: MediaStream | readonly MediaStreamTrack[] | undefined;
  readonly deviceId: string | undefined;
  readonly iceTransportPolicy: RTCIceTransportPolicy | undefined;
  readonly isSelfMuted: boolean;
  readonly isSelfDeafened: boolean;
}

interface Rights {
  readonly revision: number;
  readonly isMuted: boolean;
  readonly canSpeak: boolean;
  readonly canStream: boolean;
}

const RETRY_BACKOFF = { baseMs: 500, capMs: 10_000 };
const REJOIN_BACKOFF = { baseMs: 1_000, capMs: 15_000 };
/** Questions after which a broadcast that the roster does not know is taken for a phantom. */
const MAX_PHANTOM_READS = 3;
const MOVE_JITTER_MS = 1_000;

/**
 * Being in a voice channel: the session on the server, who else is there, and the connections to them.
 *
 * The server decides who is in, and who may speak; this only follows. It needs no framework: `subscribe` and `getSnapshot` fit
 * React's `useSyncExternalStore` and any signal library.
 *
 * @example
 * const media = await navigator.mediaDevices.getUserMedia({ audio: true });
 * const call = await guildhall.voice.join(channelId, { rtc: RTCPeerConnection, media });
 * call.subscribe(() => render(call.getSnapshot()));
 * await call.leave();
 */
export class VoiceCall {
  readonly #parts: VoiceCallParts;
  readonly #stopper = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #roster = new VoiceRoster();
  readonly #lease: VoiceLease;
  readonly #ice: IceKeeper | null;
  readonly #media: OwnMedia;
  readonly #roomTopic: FollowedTopic;
  readonly #userTopic: FollowedTopic;
  #mesh: VoiceMesh | null = null;

  #communityId = '';
  #channelId: string;
  #session: VoiceSessionRow | null = null;
  /** The session that the server last gave us: what is ours to close, and never what came after it. */
  #openId: string | null = null;
  #ownUserId: string | null = null;
  #rights: Rights = { revision: -1, isMuted: false, canSpeak: false, canStream: false };
  #isSelfMuted: boolean;
  #isSelfDeafened: boolean;
  /** Changes of our state on their way to the server, one after the other. */
  #telling: Promise<unknown> = Promise.resolve();
  #tellings = 0;

  /** Both topics were joined once. */
  #hasBeenConnected = false;
  /** Our own topic was joined once. Before, nobody is called: the answer would be lost. */
  #isReachable = false;
  #isLeaseLost = false;
  #endReason: VoiceEndReason | null = null;
  #error: GuildhallError | null = null;

  #isReading = false;
  #isReadWanted = false;
  #readFailures = 0;
  #phantomReads = 0;
  #retryTimer: Timer | undefined;
  #moveTimer: Timer | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  #hasOpened = false;
  #leaving: Promise<void> | null = null;
  #stopWatchingPage = () => {};
  #snapshot: VoiceSnapshot | null = null;

  /** Made by `guildhall.voice.join(channelId, …)`. */
  constructor(channelId: string, parts: VoiceCallParts) {
    this.#channelId = channelId;
    this.#parts = parts;
    this.#media = new OwnMedia(parts.media);
    this.#isSelfMuted = parts.isSelfMuted;
    this.#isSelfDeafened = parts.isSelfDeafened;
    this.#lease = new VoiceLease(parts.source, {
      onRenewed: (session) => {
        this.#error = null;
        this.#takeSession(session);
      },
      onMoved: (session) => this.#onMoved(session),
      onFailed: (error) => {
        this.#error = error;
        this.#publish();
      },
      onLapsed: () => this.#onLapsed(),
      onTaken: (reason) => this.#end(reason, null),
      onRefused: (error) => this.#end('refused', error),
    });
    this.#ice =
      parts.ice === null
        ? null
        : new IceKeeper(parts.ice, {
            onServers: () => {
              this.#mesh?.setConfiguration(this.#configuration());
              this.#publish();
            },
            onRefused: (error) => {
              this.#end('refused', error);
              void this.#close();
            },
          });
    this.#roomTopic = new FollowedTopic(parts.topics, {
      onBroadcast: (event, payload) => this.#onRoomBroadcast(event, payload),
      onJoined: () => this.#onTopicJoined(),
      onDown: () => this.#publish(),
    });
    this.#userTopic = new FollowedTopic(parts.topics, {
      onBroadcast: (event, payload) => this.#onUserBroadcast(event, payload),
      onJoined: () => {
        this.#isReachable = true;
        this.#followRoster();
        this.#onTopicJoined();
        this.#mesh?.nudge();
      },
      onDown: () => this.#publish(),
    });
  }

  /**
   * The way in; `join` calls it. ICE servers first: who is refused them connects to nobody, and opens no session.
   *
   * @internal
   */
  async open(communityId: string, signal: AbortSignal | undefined): Promise<void> {
    this.#communityId = communityId;
    const onAbort = () => this.#end('left', null);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#enter();
    } catch (cause) {
      const error = signal?.aborted ? joinAborted(signal) : asGuildhallError(cause);
      this.#end('refused', error);
      // Nobody is to be shown in a channel in which they hear nothing.
      if (this.#hasOpened) void this.#close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    this.#ice?.keep(
      () => ({ communityId: this.#communityId, channelId: this.#channelId }),
      this.#stopper.signal,
    );
    this.#stopWatchingPage = whenPageIsLeft(() => this.#onPageLeft());
    this.#publish();
  }

  /**
   * Calls the listener after every change of the snapshot. Returns the function that ends it.
   *
   * @example
   * const snapshot = useSyncExternalStore(call.subscribe, call.getSnapshot);
   */
  readonly subscribe = (listener: () => void): (() => void) => {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  };

  /**
   * What the call is now; the same object until something changes.
   *
   * @example
   * const { status, participants } = call.getSnapshot();
   */
  readonly getSnapshot = (): VoiceSnapshot => {
    this.#snapshot ??= this.#view();
    return this.#snapshot;
  };

  /**
   * Switches one's own microphone off or on, at once, and tells the others. Rejects with a GuildhallError when the server refuses: on, it is as before
   * then; off, it stays off. Where the server cannot be reached it stays as wished, and is told with the next renewal.
   *
   * @example
   * await call.setMuted(true);
   */
  setMuted(isSelfMuted: boolean): Promise<void> {
    const before = this.#isSelfMuted;
    this.#isSelfMuted = isSelfMuted;
    this.#applyMedia();
    return this.#tellState({ isSelfMuted }, () => {
      // Whoever wished to be silent stays so.
      if (!isSelfMuted && !this.#isSelfMuted) this.#isSelfMuted = before;
    });
  }

  /**
   * Stops or starts hearing everybody, at once, and tells the others. Rejects as `setMuted` does.
   *
   * @example
   * await call.setDeafened(true);
   */
  setDeafened(isSelfDeafened: boolean): Promise<void> {
    const before = this.#isSelfDeafened;
    this.#isSelfDeafened = isSelfDeafened;
    this.#followRoster();
    return this.#tellState({ isSelfDeafened }, () => {
      if (this.#isSelfDeafened === isSelfDeafened) this.#isSelfDeafened = before;
    });
  }

  /**
   * Speaks into another microphone from now on, or into none. The connections stay as they are. The track before is not stopped:
   * it is the application's.
   *
   * @example
   * const media = await navigator.mediaDevices.getUserMedia({ audio: { deviceId } });
   * call.setMicrophone(media.getAudioTracks()[0] ?? null);
   */
  setMicrophone(track: MediaStreamTrack | null): void {
    this.#media.setMicrophone(track);
    this.#applyMedia();
  }

  /**
   * Shows this video (a camera or a screen), or none. Sent while one may stream.
   *
   * @example
   * const screen = await navigator.mediaDevices.getDisplayMedia();
   * call.setVideo(screen.getVideoTracks()[0] ?? null);
   */
  setVideo(track: MediaStreamTrack | null): void {
    this.#media.setCamera(track);
    this.#applyMedia();
  }

  /**
   * Leaves for good: ends the connections, the session and all timers. Resolves when the server knows, or cannot be told; the
   * session then ends by itself within 45 seconds. Safe to call again. The tracks that were sent are not stopped: they are the
   * application's.
   *
   * @example
   * await call.leave();
   */
  leave(): Promise<void> {
    const wasOver = this.#endReason !== null;
    this.#end('left', null);
    if (wasOver && this.#leaving === null) return Promise.resolve();
    return this.#close();
  }

  // The session ---------------------------------------------------------------------------------------------

  /** ICE servers, then the session, then who else is there: once at the beginning, and after the lease was lost. */
  async #enter(): Promise<void> {
    const { source } = this.#parts;
    if (this.#ice?.isStale) {
      const place = { communityId: this.#communityId, channelId: this.#channelId };
      await this.#ice.fetch(place, this.#stopper.signal);
      this.#mustGoOn();
    }
    const heldAt = Date.now();
    const opening = source.openSession(this.#place);
    this.#hasOpened = true;
    this.#opening = opening.then(
      (session) => {
        this.#openId = session.session_id;
      },
      () => {},
    );
    const session = await opening;
    this.#mustGoOn();
    const room = await source.get(
      { channelId: session.channel_id },
      { signal: this.#stopper.signal },
    );
    this.#mustGoOn();
    this.#begin(session, heldAt, room);
    this.#roomTopic.follow(room.topic);
    this.#followRoster();
  }

  /** From now on this is our session. */
  #begin(session: VoiceSessionRow, heldAt: number | null, room: VoiceRoomRow | null): void {
    this.#channelId = session.channel_id;
    this.#communityId = session.community_id;
    this.#isLeaseLost = false;
    this.#error = null;
    this.#rights = { revision: -1, isMuted: false, canSpeak: false, canStream: false };
    this.#phantomReads = 0;
    this.#roster.reset(session.channel_id);
    if (room !== null) this.#roster.replace(room);
    if (this.#parts.rtc !== null) {
      this.#mesh ??= this.#newMesh(this.#parts.rtc);
      // A rejoin may have brought other servers.
      this.#mesh.closeAll();
      this.#mesh.setConfiguration(this.#configuration());
      this.#mesh.enter(session.channel_id, session.session_id);
    }
    if (heldAt !== null) this.#lease.hold(this.#place, session, heldAt);
    this.#takeSession(session);
  }

  #newMesh(rtc: RtcConstructor): VoiceMesh {
    return new VoiceMesh(
      {
        rtc,
        send: (to, kind, payload) =>
          this.#parts.source.sendSignal(
            {
              ...this.#place,
              toUserId: to.user_id,
              toSessionId: to.session_id,
              kind,
              payload,
            },
            { signal: this.#stopper.signal },
          ),
        onChange: () => this.#publish(),
        onDoubt: () => {
          this.#readRoster();
          this.#lease.check();
        },
      },
      this.#configuration(),
    );
  }

  /** Our session as the server has it now. */
  #takeSession(session: VoiceSessionRow): void {
    this.#session = session;
    this.#openId = session.session_id;
    if (session.revision >= this.#rights.revision) {
      this.#rights = {
        revision: session.revision,
        isMuted: session.is_muted,
        canSpeak: session.can_speak,
        canStream: session.can_stream,
      };
    }
    this.#applyMedia();
    const isTold =
      session.is_self_muted === this.#isSelfMuted &&
      session.is_self_deafened === this.#isSelfDeafened;
    if (!isTold && this.#tellings === 0) {
      const isSelfMuted = this.#isSelfMuted;
      const isSelfDeafened = this.#isSelfDeafened;
      this.#tellState({ isSelfMuted, isSelfDeafened }, () => {}).catch(() => {});
    }
    // A broadcast may have been the last one, and lost.
    if (session.revision > this.#roster.revision) this.#readRoster();
    this.#publish();
  }

  #tellState(
    change: { isSelfMuted?: boolean; isSelfDeafened?: boolean },
    undo: () => void,
  ): Promise<void> {
    this.#publish();
    this.#tellings += 1;
    const telling = this.#telling.then(async () => {
      let told: VoiceSessionRow | null = null;
      try {
        if (this.#endReason !== null) throw callEnded();
        // There is no session to tell it of: the next one is told.
        if (this.#isLeaseLost) return;
        told = await this.#parts.source.setState({ ...this.#place, ...change });
      } catch (cause) {
        const error = asGuildhallError(cause);
        if (error.code === 'expired') {
          this.#lease.check();
        } else if (isRefusal(error) || error.code === 'closed') {
          undo();
          this.#applyMedia();
          this.#followRoster();
          this.#publish();
          throw error;
        }
      } finally {
        this.#tellings -= 1;
      }
      const isOurs = told !== null && told.session_id === this.#session?.session_id;
      if (isOurs && told !== null && this.#endReason === null) this.#takeSession(told);
    });
    this.#telling = telling.catch(() => {});
    return telling;
  }

  #onMoved(session: VoiceSessionRow): void {
    if ((session.transport === 'sfu') !== (this.#parts.rtc === null)) {
      this.#channelId = session.channel_id;
      this.#end('refused', wrongTransport(session.transport));
      void this.#close();
      return;
    }
    this.#begin(session, null, null);
    this.#roomTopic.follow(session.topic);
    this.#readRoster();
  }

  #onLapsed(): void {
    this.#isLeaseLost = true;
    this.#mesh?.closeAll();
    this.#roster.reset(this.#channelId);
    this.#publish();
    void this.#rejoin(0);
  }

  /** For as long as the application wants to be in the channel, and the server does not say no. */
  async #rejoin(attempt: number): Promise<void> {
    if (this.#endReason !== null) return;
    try {
      await this.#enter();
      this.#publish();
    } catch (cause) {
      if (this.#endReason !== null) return;
      const error = asGuildhallError(cause);
      if (isRefusal(error)) {
        this.#end('refused', error);
        void this.#close();
        return;
      }
      this.#error = error;
      this.#publish();
      const waitMs = (error.retryAfter ?? 0) * 1_000 + 250 + backoffMs(attempt, REJOIN_BACKOFF);
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => void this.#rejoin(attempt + 1), waitMs);
    }
  }

  #onPageLeft(): void {
    if (this.#endReason !== null) return;
    if (this.#openId !== null) {
      this.#parts.source.farewell({ ...this.#place, sessionId: this.#openId });
    }
    this.#leaving = Promise.resolve();
    this.#end('left', null);
  }

  /** Tells the server that the session is over. Never rejects: what does not arrive lapses. */
  #close(): Promise<void> {
    const close = async () => {
      // What is being opened would otherwise come after its end.
      await this.#opening;
      if (this.#openId === null) return;
      await this.#parts.source
        .closeSession({ ...this.#place, sessionId: this.#openId })
        .catch(() => {});
    };
    this.#leaving ??= close();
    return this.#leaving;
  }

  #end(reason: VoiceEndReason, error: GuildhallError | null): void {
    if (this.#endReason !== null) return;
    this.#endReason = reason;
    this.#error = error;
    this.#stopWatchingPage();
    for (const timer of [this.#retryTimer, this.#moveTimer]) clearTimeout(timer);
    this.#lease.stop();
    this.#ice?.stop();
    this.#mesh?.closeAll();
    this.#roomTopic.leave();
    this.#userTopic.leave();
    this.#roster.reset(this.#channelId);
    this.#stopper.abort();
    this.#publish();
  }

  #mustGoOn(): void {
    if (this.#endReason !== null) throw callEnded();
  }

  get #place(): VoicePlace {
    const { deviceId } = this.#parts;
    return { channelId: this.#channelId, ...(deviceId !== undefined && { deviceId }) };
  }

  // What comes in -------------------------------------------------------------------------------------------

  #onTopicJoined(): void {
    if (this.#userTopic.isJoined && this.#roomTopic.isJoined) this.#hasBeenConnected = true;
    this.#readRoster();
    this.#publish();
  }

  #onRoomBroadcast(event: string, payload: unknown): void {
    if (this.#endReason !== null || this.#isLeaseLost) return;
    if (event === 'moved') {
      // All who are in the channel hear this at once.
      this.#moveTimer ??= setTimeout(() => {
        this.#moveTimer = undefined;
        this.#readRoster();
        this.#lease.check();
      }, Math.random() * MOVE_JITTER_MS);
    } else if (event === 'roster_changed') {
      const isUnderstood = this.#roster.hear(payload);
      this.#followRoster();
      if (!isUnderstood || this.#roster.isBehind) this.#readRoster();
      this.#publish();
    }
  }

  #onUserBroadcast(event: string, payload: unknown): void {
    if (this.#endReason !== null || this.#isLeaseLost) return;
    const said = (typeof payload === 'object' && payload !== null ? payload : {}) as {
      session_ids?: unknown;
      session_id?: unknown;
      to_session_id?: unknown;
    };
    const own = this.#session?.session_id;
    if (event === 'webrtc-signal') {
      this.#mesh?.hear(payload);
    } else if (event === 'voice_session_ended') {
      const isOurs = Array.isArray(said.session_ids) && said.session_ids.includes(own);
      // The broadcast is a hint as all are; the server says whether it is so.
      if (isOurs) this.#lease.check();
    } else if (event === 'voice_session_moved' && said.session_id === own) {
      if (typeof said.to_session_id === 'string') this.#lease.expectMove(said.to_session_id);
      else this.#lease.check();
    }
  }

  // The roster ----------------------------------------------------------------------------------------------

  #readRoster(): void {
    if (this.#endReason !== null || this.#isLeaseLost || this.#session === null) return;
    this.#isReadWanted = true;
    if (!this.#isReading) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    clearTimeout(this.#retryTimer);
    try {
      while (this.#isReadWanted) {
        this.#isReadWanted = false;
        const channelId = this.#channelId;
        const room = await this.#parts.source.get({ channelId }, { signal: this.#stopper.signal });
        if (this.#endReason !== null || this.#isLeaseLost) return;
        if (channelId !== this.#channelId) {
          this.#isReadWanted = true;
          continue;
        }
        this.#roster.replace(room);
        this.#roomTopic.follow(room.topic);
        this.#followRoster();
        this.#doubtWhatWasHeard();
      }
      this.#readFailures = 0;
    } catch (cause) {
      if (this.#endReason === null && !this.#isLeaseLost)
        this.#onReadFailed(asGuildhallError(cause));
    } finally {
      this.#isReading = false;
      this.#publish();
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

  #onReadFailed(error: GuildhallError): void {
    // Whether that ends the call is for the lease to say.
    if (isRefusal(error)) {
      this.#lease.check();
      return;
    }
    const waitMs =
      (error.retryAfter ?? 0) * 1_000 + 250 + backoffMs(this.#readFailures, RETRY_BACKOFF);
    this.#readFailures += 1;
    this.#retryTimer = setTimeout(() => this.#readRoster(), waitMs);
  }

  /** What follows from who is there, and from what they and we may do. */
  #followRoster(): void {
    const session = this.#session;
    if (session === null || this.#endReason !== null || this.#isLeaseLost) return;
    const own = this.#roster.find(session.session_id);
    if (own !== undefined) this.#takeOwn(own);
    else if (!this.#roster.isBehind && this.#roster.revision >= session.revision) {
      // Everybody else takes us for gone.
      this.#lease.check();
    }
    if (this.#isReachable) this.#mesh?.follow(this.#roster.participants, this.#isSelfDeafened);
  }

  #takeOwn(own: VoiceParticipantRow): void {
    if (this.#ownUserId === null) {
      this.#ownUserId = own.user_id;
      this.#userTopic.follow(`user:${own.user_id}`);
    }
    if (this.#roster.revision < this.#rights.revision) return;
    this.#rights = {
      revision: this.#roster.revision,
      isMuted: own.is_muted,
      canSpeak: own.can_speak,
      canStream: own.can_stream,
    };
    this.#applyMedia();
  }

  #applyMedia(): void {
    const { canSpeak, canStream } = this.#rights;
    const outgoing = this.#media.outgoing({ canSpeak, canStream, isMuted: this.#isSelfMuted });
    this.#mesh?.setTracks(outgoing);
  }

  #configuration(): RTCConfiguration {
    const { iceTransportPolicy } = this.#parts;
    return {
      iceServers: [...(this.#ice?.current?.iceServers ?? [])],
      // Sound and picture go one way, so only one has to be found.
      bundlePolicy: 'max-bundle',
      ...(iceTransportPolicy !== undefined && { iceTransportPolicy }),
    };
  }

  // What goes out -------------------------------------------------------------------------------------------

  #view(): VoiceSnapshot {
    const own = this.#session?.session_id ?? '';
    return {
      status: this.#status(),
      endReason: this.#endReason,
      error: this.#error,
      communityId: this.#communityId,
      channelId: this.#channelId,
      sessionId: own,
      isSelfMuted: this.#isSelfMuted,
      isSelfDeafened: this.#isSelfDeafened,
      isMuted: this.#rights.isMuted,
      canSpeak: this.#rights.canSpeak,
      canStream: this.#rights.canStream,
      participants: this.#roster.participants
        .slice()
        .sort((one, other) => Date.parse(one.joined_at) - Date.parse(other.joined_at))
        .map((row) => this.#participant(row, own)),
      iceProvider: this.#ice?.current?.provider ?? null,
      degraded: this.#ice?.current?.degraded ?? false,
    };
  }

  #participant(row: VoiceParticipantRow, own: string): VoiceParticipant {
    const link = this.#mesh?.link(row.session_id);
    const isSelf = row.user_id === this.#ownUserId;
    return {
      sessionId: row.session_id,
      userId: row.user_id,
      isOwn: row.session_id === own,
      isSelfMuted: row.is_self_muted,
      isSelfDeafened: row.is_self_deafened,
      isMuted: row.is_muted,
      canSpeak: row.can_speak,
      canStream: row.can_stream,
      joinedAt: row.joined_at,
      connection: isSelf
        ? 'self'
        : this.#parts.rtc === null
          ? 'elsewhere'
          : (link?.state ?? 'connecting'),
      audio: link?.audio ?? null,
      video: link?.video ?? null,
    };
  }

  #status(): VoiceStatus {
    if (this.#endReason !== null) return 'ended';
    if (this.#isLeaseLost) return 'reconnecting';
    const isJoined = this.#userTopic.isJoined && this.#roomTopic.isJoined;
    if (isJoined) return this.#error === null ? 'connected' : 'reconnecting';
    return this.#hasBeenConnected ? 'reconnecting' : 'joining';
  }

  #publish(): void {
    const last = this.#snapshot;
    const next = this.#view();
    if (last !== null && isSame(last, next)) return;
    this.#snapshot = next;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        // A listener's fault must neither stop the others nor vanish.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
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
