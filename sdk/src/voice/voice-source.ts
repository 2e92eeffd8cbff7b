import type { CallOptions } from '../call.ts';

/** Who is in a voice channel, as the server tells it. */
export interface VoiceParticipantRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly is_self_muted: boolean;
  readonly is_self_deafened: boolean;
  readonly is_muted: boolean;
  readonly can_speak: boolean;
  readonly can_stream: boolean;
  /** ISO 8601. */
  readonly joined_at: string;
}

/** A voice channel and who is in it, oldest first. */
export interface VoiceRoomRow {
  readonly community_id: string;
  readonly channel_id: string;
  readonly transport: string;
  readonly topic: string;
  readonly revision: number;
  readonly participants: readonly VoiceParticipantRow[];
}

/** Our own session: a lease of 45 seconds from its last renewal. */
export interface VoiceSessionRow {
  readonly session_id: string;
  /** What it was before moderators moved it. */
  readonly former_ids: readonly string[];
  readonly community_id: string;
  readonly channel_id: string;
  readonly transport: string;
  readonly topic: string;
  readonly revision: number;
  readonly is_self_muted: boolean;
  readonly is_self_deafened: boolean;
  readonly is_muted: boolean;
  readonly can_speak: boolean;
  readonly can_stream: boolean;
}

export type SignalKind = 'offer' | 'answer' | 'ice' | 'renegotiate';

/** A channel, and the device that is in it. */
export interface VoicePlace {
  readonly channelId: string;
  /** A uuid; left out: the user's only device. */
  readonly deviceId?: string;
}

/** A session of ours, so that nothing but it is closed. */
export interface VoiceSeat extends VoicePlace {
  readonly sessionId: string;
}

/** What a call says to another session. */
export interface OutgoingSignal extends VoicePlace {
  readonly toUserId: string;
  readonly toSessionId: string;
  readonly kind: SignalKind;
  readonly payload: object;
}

/** Where a call reads and writes: functions of the database's API. All of them reject with a GuildhallError. */
export interface VoiceSource {
  get(request: { readonly channelId: string }, options?: CallOptions): Promise<VoiceRoomRow>;
  openSession(request: VoicePlace, options?: CallOptions): Promise<VoiceSessionRow>;
  renewSession(request: VoicePlace, options?: CallOptions): Promise<VoiceSessionRow>;
  closeSession(request: VoiceSeat, options?: CallOptions): Promise<unknown>;
  setState(
    request: VoicePlace & {
      readonly isSelfMuted?: boolean;
      readonly isSelfDeafened?: boolean;
    },
    options?: CallOptions,
  ): Promise<VoiceSessionRow>;
  sendSignal(request: OutgoingSignal, options?: CallOptions): Promise<void>;
  /** Closes the session with a request that outlives the page. Never throws, and nobody hears what became of it. */
  farewell(request: VoiceSeat): void;
}
