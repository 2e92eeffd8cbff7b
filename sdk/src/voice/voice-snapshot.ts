import type { GuildhallError } from '../errors.ts';

/**
 * - `joining`: the session is open, and its topics are not all joined yet
 * - `connected`: in the channel, and hearing of what happens there
 * - `reconnecting`: the server, or its topics, cannot be reached; goes on trying
 * - `ended`: for good, see `endReason`
 */
export type VoiceStatus = 'joining' | 'connected' | 'reconnecting' | 'ended';

/**
 * - `left`: `leave()` was called, or the page was left
 * - `disconnected`: a moderator ended the session, or this device joined another channel
 * - `replaced`: this device joined the same channel once more
 * - `refused`: the right is gone (kicked, banned, timed out, a role, the channel, signed out); `error` says which
 */
export type VoiceEndReason = 'left' | 'disconnected' | 'replaced' | 'refused';

/**
 * - `self`: the session is of this user, on this device or another one; those are not connected to each other
 * - `connecting`, `connected`, `reconnecting`: the way to the other
 * - `elsewhere`: media goes through an SFU, whose client knows
 */
export type VoiceConnection = 'self' | 'connecting' | 'connected' | 'reconnecting' | 'elsewhere';

/** One session in the channel. A person with two devices has two. */
export interface VoiceParticipant {
  readonly sessionId: string;
  readonly userId: string;
  /** This very session. */
  readonly isOwn: boolean;
  readonly isSelfMuted: boolean;
  readonly isSelfDeafened: boolean;
  /** By a moderator. */
  readonly isMuted: boolean;
  readonly canSpeak: boolean;
  readonly canStream: boolean;
  /** ISO 8601. */
  readonly joinedAt: string;
  readonly connection: VoiceConnection;
  /** What they say, for an audio element: `new MediaStream([audio])`. Null until it comes, and while they may not speak. */
  readonly audio: MediaStreamTrack | null;
  /** What they show; null unless they send it, and may. */
  readonly video: MediaStreamTrack | null;
}

/** What a call is at one moment. It never changes; a change makes a new one. */
export interface VoiceSnapshot {
  readonly status: VoiceStatus;
  /** Null until `status` is `ended`. */
  readonly endReason: VoiceEndReason | null;
  /** Why the last question to the server failed, or why the call was refused; null when it succeeded. */
  readonly error: GuildhallError | null;
  readonly communityId: string;
  /** Another one than was joined, after a moderator moved this session. */
  readonly channelId: string;
  readonly sessionId: string;
  readonly isSelfMuted: boolean;
  readonly isSelfDeafened: boolean;
  /** By a moderator. */
  readonly isMuted: boolean;
  readonly canSpeak: boolean;
  readonly canStream: boolean;
  /** Everybody who is in the channel, oldest first, with oneself. */
  readonly participants: readonly VoiceParticipant[];
  /** Who gave the ICE servers; null with an SFU. */
  readonly iceProvider: string | null;
  /** The provider of ICE servers does not answer; some people may not be reached. */
  readonly degraded: boolean;
}
