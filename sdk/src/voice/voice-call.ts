import { backoffMs } from '../backoff.ts';
import { asGuildhallError, type GuildhallError } from '../errors.ts';
import { FollowedTopic } from '../followed-topic.ts';
import type { TopicSource } from '../topic-hub.ts';
import { IceKeeper } from './ice-keeper.ts';
import { OwnMedia } from './own-media.ts';
import { whenPageIsLeft } from './page-leaving.ts';
import type { RtcConstructor } from './peer-link.ts';
import { callEnded, isRefusal, joinAborted, wrongTransport } from './refusal.ts';
import { RosterReader } from './roster-reader.ts';
import { SelfState } from './self-state.ts';
import { SnapshotStore } from './snapshot-store.ts';
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

const REJOIN_BACKOFF = { baseMs: 1_000, capMs: 15_000 };
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
  readonly #snapshots = new SnapshotStore(() => this.#view());
  readonly #roster = new VoiceRoster();
  readonly #rosterReader: RosterReader;
  readonly #lease: VoiceLease;
  readonly #ice: IceKeeper | null;
  readonly #media: OwnMedia;
  readonly #selfState: SelfState;
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

  /** Both topics were joined once. */
  #hasBeenConnected = false;
  /** Our own topic was joined once. Before, nobody is called: the answer would be lost. */
  #isReachable = false;
  #isLeaseLost = false;
  /** Nothing was opened since the lease was lost: what this device has now, another call of it began. */
  #mayBeReplaced = false;
  #endReason: VoiceEndReason | null = null;
  #error: GuildhallError | null = null;

  #rejoinTimer: Timer | undefined;
  #moveTimer: Timer | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  #hasOpened = false;
  #leaving: Promise<void> | null = null;
  #stopWatchingPage = () => {};

  /** Made by `guildhall.voice.join(channelId, …)`. */
  constructor(channelId: string, parts: VoiceCallParts) {
    this.#channelId = channelId;
    this.#parts = parts;
    this.#media = new OwnMedia(parts.media);
    this.#selfState = new SelfState(parts.isSelfMuted, parts.isSelfDeafened, {
      onMuted: () => this.#applyMedia(),
      onDeafened: () => this.#followRoster(),
      onChange: () => this.#snapshots.publish(),
      send: (change) => {
        if (this.#endReason !== null) throw callEnded();
        return this.#isLeaseLost ? null : parts.source.setState({ ...this.#place, ...change });
      },
      onTold: (session) => {
        const isOurs = session.session_id === this.#session?.session_id;
        if (isOurs && this.#endReason === null) this.#takeSession(session);
      },
      onExpired: () => this.#lease.check(),
    });
    this.#rosterReader = new RosterReader(this.#roster, {
      channelId: () => (this.#heldSession === null ? null : this.#channelId),
      fetch: (channelId) => parts.source.get({ channelId }, { signal: this.#stopper.signal }),
      onRead: (room) => {
        this.#roomTopic.follow(room.topic);
        this.#followRoster();
      },
      // Whether that ends the call is for the lease to say.
      onRefused: () => this.#lease.check(),
      onSettled: () => this.#snapshots.publish(),
    });
    this.#lease = new VoiceLease(parts.source, {
      onRenewed: (session) => {
        this.#error = null;
        this.#takeSession(session);
      },
      onMoved: (session) => this.#onMoved(session),
      onFailed: (error) => {
        this.#error = error;
        this.#snapshots.publish();
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
              this.#snapshots.publish();
            },
            onRefused: (error) => {
              this.#end('refused', error);
              void this.#close();
            },
          });
    this.#roomTopic = new FollowedTopic(parts.topics, {
      onBroadcast: (event, payload) => this.#onRoomBroadcast(event, payload),
      onJoined: () => this.#onTopicJoined(),
      onDown: () => this.#snapshots.publish(),
    });
    this.#userTopic = new FollowedTopic(parts.topics, {
      onBroadcast: (event, payload) => this.#onUserBroadcast(event, payload),
      onJoined: () => {
        this.#isReachable = true;
        this.#followRoster();
        this.#onTopicJoined();
        this.#mesh?.nudge();
      },
      onDown: () => this.#snapshots.publish(),
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
    this.#snapshots.publish();
  }

  /**
   * Calls the listener after every change of the snapshot. Returns the function that ends it.
   *
   * @example
   * const snapshot = useSyncExternalStore(call.subscribe, call.getSnapshot);
   */
  readonly subscribe = (listener: () => void): (() => void) => this.#snapshots.subscribe(listener);

  /**
   * What the call is now; the same object until something changes.
   *
   * @example
   * const { status, participants } = call.getSnapshot();
   */
  readonly getSnapshot = (): VoiceSnapshot => this.#snapshots.current;

  /**
   * Switches one's own microphone off or on, at once, and tells the others. Rejects with a GuildhallError when the server refuses: on, it is as before
   * then; off, it stays off. Where the server cannot be reached it stays as wished, and is told with the next renewal.
   *
   * @example
   * await call.setMuted(true);
   */
  setMuted(isSelfMuted: boolean): Promise<void> {
    return this.#selfState.setMuted(isSelfMuted);
  }

  /**
   * Stops or starts hearing everybody, at once, and tells the others. Rejects as `setMuted` does.
   *
   * @example
   * await call.setDeafened(true);
   */
  setDeafened(isSelfDeafened: boolean): Promise<void> {
    return this.#selfState.setDeafened(isSelfDeafened);
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
    // It may be another one than when the call began.
    if (!this.#fits(session)) throw wrongTransport(session.transport);
    const room = await source.get(
      { channelId: session.channel_id },
      { signal: this.#stopper.signal },
    );
    this.#mustGoOn();
    this.#begin(session, heldAt, room);
    // A listener may have left.
    this.#mustGoOn();
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
    this.#rosterReader.reset();
    this.#roster.reset(session.channel_id);
    if (room !== null) this.#roster.replace(room);
    if (this.#parts.rtc !== null) {
      this.#mesh ??= this.#newMesh(this.#parts.rtc);
      this.#mesh.enter(session.channel_id, session.session_id);
      // A rejoin may have brought other servers.
      this.#mesh.setConfiguration(this.#configuration());
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
        onChange: () => this.#snapshots.publish(),
        onDoubt: () => {
          this.#rosterReader.read();
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
    this.#selfState.reconcile(session);
    // A broadcast may have been the last one, and lost.
    if (session.revision > this.#roster.revision) this.#rosterReader.read();
    this.#snapshots.publish();
  }

  #onMoved(session: VoiceSessionRow): void {
    if (!this.#fits(session)) {
      this.#channelId = session.channel_id;
      this.#openId = session.session_id;
      this.#end('refused', wrongTransport(session.transport));
      void this.#close();
      return;
    }
    this.#begin(session, null, null);
    // A listener may have left.
    if (this.#endReason !== null) return;
    this.#roomTopic.follow(session.topic);
    this.#rosterReader.read();
  }

  #onLapsed(): void {
    this.#isLeaseLost = true;
    this.#mayBeReplaced = true;
    this.#mesh?.closeAll();
    this.#roster.reset(this.#channelId);
    this.#snapshots.publish();
    void this.#rejoin(0);
  }

  /** For as long as the application wants to be in the channel, and the server does not say no. */
  async #rejoin(attempt: number): Promise<void> {
    if (this.#endReason !== null) return;
    try {
      if (this.#mayBeReplaced) {
        const successor = await this.#lease.findSuccessor(this.#place, this.#stopper.signal);
        if (this.#endReason !== null) return;
        if (successor !== null) {
          this.#end(successor, null);
          return;
        }
        this.#mayBeReplaced = false;
      }
      await this.#enter();
      // What was told between the answer and now was not for us yet.
      this.#rosterReader.read();
      this.#snapshots.publish();
    } catch (cause) {
      if (this.#endReason !== null) return;
      const error = asGuildhallError(cause);
      if (isRefusal(error)) {
        this.#end('refused', error);
        void this.#close();
        return;
      }
      this.#error = error;
      this.#snapshots.publish();
      const waitMs = (error.retryAfter ?? 0) * 1_000 + 250 + backoffMs(attempt, REJOIN_BACKOFF);
      clearTimeout(this.#rejoinTimer);
      this.#rejoinTimer = setTimeout(() => void this.#rejoin(attempt + 1), waitMs);
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
    for (const timer of [this.#rejoinTimer, this.#moveTimer]) clearTimeout(timer);
    this.#rosterReader.stop();
    this.#lease.stop();
    this.#ice?.stop();
    this.#mesh?.closeAll();
    this.#roomTopic.leave();
    this.#userTopic.leave();
    this.#roster.reset(this.#channelId);
    this.#stopper.abort();
    this.#snapshots.publish();
  }

  /** Whether the channel's media goes the way that the call was made for. */
  #fits({ transport }: VoiceSessionRow): boolean {
    return (transport === 'sfu') === (this.#parts.rtc === null);
  }

  #mustGoOn(): void {
    if (this.#endReason !== null) throw callEnded();
  }

  /** Our session, until it is over or its lease is lost. */
  get #heldSession(): VoiceSessionRow | null {
    return this.#endReason === null && !this.#isLeaseLost ? this.#session : null;
  }

  get #place(): VoicePlace {
    const { deviceId } = this.#parts;
    return { channelId: this.#channelId, ...(deviceId !== undefined && { deviceId }) };
  }

  // What comes in -------------------------------------------------------------------------------------------

  #onTopicJoined(): void {
    if (this.#userTopic.isJoined && this.#roomTopic.isJoined) this.#hasBeenConnected = true;
    this.#rosterReader.read();
    this.#snapshots.publish();
  }

  #onRoomBroadcast(event: string, payload: unknown): void {
    if (this.#endReason !== null || this.#isLeaseLost) return;
    if (event === 'moved') {
      // All who are in the channel hear this at once.
      this.#moveTimer ??= setTimeout(() => {
        this.#moveTimer = undefined;
        this.#rosterReader.read();
        this.#lease.check();
      }, Math.random() * MOVE_JITTER_MS);
    } else if (event === 'roster_changed') {
      const isUnderstood = this.#roster.hear(payload);
      this.#followRoster();
      if (!isUnderstood || this.#roster.isBehind) this.#rosterReader.read();
      this.#snapshots.publish();
    }
  }

  #onUserBroadcast(event: string, payload: unknown): void {
    if (this.#endReason !== null || this.#isLeaseLost) return;
    const said = (typeof payload === 'object' && payload !== null ? payload : {}) as {
      session_ids?: unknown;
      session_id?: unknown;
    };
    const own = this.#session?.session_id;
    if (event === 'webrtc-signal') {
      this.#mesh?.hear(payload);
      return;
    }
    const isOurs =
      (event === 'voice_session_moved' && said.session_id === own) ||
      (event === 'voice_session_ended' &&
        Array.isArray(said.session_ids) &&
        said.session_ids.includes(own));
    // The broadcast is a hint as all are; the server says whether it is so.
    if (isOurs) this.#lease.check();
  }

  // The roster ----------------------------------------------------------------------------------------------

  /** What follows from who is there, and from what they and we may do. */
  #followRoster(): void {
    const session = this.#heldSession;
    if (session === null) return;
    const own = this.#roster.find(session.session_id);
    if (own !== undefined) this.#takeOwn(own);
    else if (!this.#roster.isBehind && this.#roster.revision >= session.revision) {
      // Everybody else takes us for gone.
      this.#lease.check();
    }
    const { isDeafened } = this.#selfState;
    if (this.#isReachable) this.#mesh?.follow(this.#roster.participants, isDeafened);
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
    const { isMuted } = this.#selfState;
    const outgoing = this.#media.outgoing({ canSpeak, canStream, isMuted });
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
      isSelfMuted: this.#selfState.isMuted,
      isSelfDeafened: this.#selfState.isDeafened,
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
}
