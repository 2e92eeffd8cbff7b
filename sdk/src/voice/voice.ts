import type { SupabaseClient } from '@supabase/supabase-js';
import { GuildhallError } from '../errors.ts';
import type { TopicSource } from '../topic-hub.ts';
import { askEdgeFunction, unexpected } from './edge-function.ts';
import type { RtcConstructor } from './peer-link.ts';
import { wrongTransport } from './refusal.ts';
import { VoiceCall } from './voice-call.ts';
import { edgeFunctionIce, type VoiceIceBackend } from './voice-ice-backend.ts';
import type { VoiceSource } from './voice-source.ts';

/** How a call is made. */
export interface VoiceJoinOptions {
  /**
   * The class that makes connections: `RTCPeerConnection` of a browser, or of react-native-webrtc. Needed but with `sfu`.
   */
  readonly rtc?: RtcConstructor;
  /** The microphone, and the camera or screen, to send: the first audio and the first video track. Left out: only listens. */
  readonly media?: MediaStream | readonly MediaStreamTrack[];
  /** Who gives out ICE servers; the project's Edge Function `voice-ice` when left out. */
  readonly ice?: VoiceIceBackend;
  /**
   * A uuid of this device, the same every time: people may be in voice with several. Left out: the only device, and joining anywhere
   * ends what was joined before.
   */
  readonly deviceId?: string;
  /** `relay`: only through TURN, so that nobody learns the address of anybody. `all` when left out. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** Begins muted; false when left out. */
  readonly isSelfMuted?: boolean;
  /** Begins deaf; false when left out. */
  readonly isSelfDeafened?: boolean;
  /**
   * `true`: of a channel whose transport is `sfu`. The call keeps the session, the roster and the states; media is for an SFU's
   * client, with what `sfuToken` gives.
   */
  readonly sfu?: boolean;
  /** Gives up joining. Afterwards it has no effect; see `leave()`. */
  readonly signal?: AbortSignal;
}

/** What livekit-client's `room.connect(url, token)` takes. */
export interface VoiceSfuToken {
  readonly url: string;
  readonly token: string;
  readonly room: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What the SDK adds to the functions of the domain. */
export interface VoiceCalls {
  /**
   * Joins a voice channel. Resolves when this session is in it; connections to the others follow, and show in the snapshot.
   *
   * Rejects with a GuildhallError, and nothing is left behind: `not_found`, `missing_permission`, `timed_out`, `limit_reached` (full),
   * `session_required`, whatever refuses the ICE servers (there is no fallback without them), and `sfu_required` for a channel whose
   * media goes through an SFU. Needs `connect`; speaking needs `speak`, video `stream`.
   *
   * @example
   * const media = await navigator.mediaDevices.getUserMedia({ audio: true });
   * const call = await guildhall.voice.join(channelId, { rtc: RTCPeerConnection, media });
   * call.subscribe(() => render(call.getSnapshot()));
   */
  join(channelId: string, options: VoiceJoinOptions): Promise<VoiceCall>;

  /**
   * A token for the SFU, for the session that `join` with `sfu: true` holds. It admits for a few minutes; what it allows is what the
   * session may do now, and changes with it. Rejects with a GuildhallError: `expired` without a session, `conflict` for a channel that needs none.
   *
   * @example
   * const call = await guildhall.voice.join(channelId, { sfu: true, deviceId });
   * const { url, token } = await guildhall.voice.sfuToken({ channelId, deviceId });
   * await room.connect(url, token);
   */
  sfuToken(place: {
    readonly channelId: string;
    readonly deviceId?: string;
  }): Promise<VoiceSfuToken>;
}

export function createVoiceCalls(
  client: SupabaseClient,
  source: VoiceSource,
  topics: () => TopicSource,
): VoiceCalls {
  return {
    async join(channelId, options) {
      const { rtc, sfu = false, signal } = options;
      if (sfu === (rtc !== undefined)) {
        throw new GuildhallError({
          code: 'invalid_argument',
          message: 'join takes either `rtc`, the class RTCPeerConnection, or `sfu: true`.',
          details: { field: 'rtc' },
        });
      }
      // Also the gate: who may not connect is refused here, and asks for no ICE servers.
      const room = await source.get({ channelId }, signal === undefined ? {} : { signal });
      if ((room.transport === 'sfu') !== sfu) throw wrongTransport(room.transport);
      const call = new VoiceCall(channelId, {
        source,
        topics: topics(),
        rtc: rtc ?? null,
        ice: sfu ? null : (options.ice ?? edgeFunctionIce(client)),
        media: options.media,
        deviceId: options.deviceId,
        iceTransportPolicy: options.iceTransportPolicy,
        isSelfMuted: options.isSelfMuted ?? false,
        isSelfDeafened: options.isSelfDeafened ?? false,
      });
      await call.open(room.community_id, signal);
      return call;
    },

    async sfuToken({ channelId, deviceId }) {
      const answer = await askEdgeFunction(client, 'voice-token', {
        channelId,
        ...(deviceId !== undefined && { deviceId }),
      });
      const { url, token, room, expiresAt } = answer;
      const isWhole = [url, token, room, expiresAt].every((value) => typeof value === 'string');
      if (!isWhole) throw unexpected('voice-token');
      return { url, token, room, expiresAt } as VoiceSfuToken;
    },
  };
}
