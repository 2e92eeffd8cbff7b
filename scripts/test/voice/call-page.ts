// What the pages of the call tests run: the SDK as an application uses it, and instruments that listen to what it hands out.
import { createClient } from '@supabase/supabase-js';
import {
  createGuildhall,
  type Guildhall,
  GuildhallError,
  type VoiceCall,
  type VoiceSnapshot,
} from '../../../sdk/src/index.ts';

/** How to reach the stack, as somebody who has signed in. */
export interface PageSession {
  readonly apiUrl: string;
  readonly publishableKey: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface PageJoin {
  readonly channelId: string;
  /** Without: only listens. */
  readonly speaks: boolean;
  readonly deviceId?: string;
}

/** A snapshot without its tracks, which are on the page. */
export interface PlainSnapshot
  extends Omit<VoiceSnapshot, 'participants' | 'error' | 'endReason' | 'status'> {
  readonly status: string;
  readonly endReason: string | null;
  readonly error: string | null;
  readonly participants: readonly {
    readonly userId: string;
    readonly sessionId: string;
    readonly isMuted: boolean;
    readonly isSelfMuted: boolean;
    readonly connection: string;
    readonly hasAudio: boolean;
    readonly hasVideo: boolean;
  }[];
}

/** Of one connection that is open: how its packets go, and how much sound has come over it. */
export interface PlainConnection {
  readonly state: string;
  readonly localType: string | undefined;
  readonly remoteType: string | undefined;
  readonly url: string | undefined;
  /** As whom the TURN server was last asked, and the round of ICE that the packets go by. */
  readonly username: string | undefined;
  readonly round: string | undefined;
  readonly energy: number;
  readonly audioBytes: number;
  readonly framesDecoded: number;
}

/** What the tests ask of a page. */
export interface CallPage {
  signIn(session: PageSession): Promise<void>;
  /** The code of a refusal, or null. */
  join(options: PageJoin): Promise<string | null>;
  snapshot(): PlainSnapshot | null;
  leave(): Promise<void>;
  setMuted(isMuted: boolean): Promise<void>;
  setDeafened(isDeafened: boolean): Promise<void>;
  /** Speaks into a device that makes a steady tone, instead of the browser's, which beeps once a second. */
  switchToTone(): void;
  showCamera(): Promise<void>;
  hideCamera(): void;
  /**
   * For so many milliseconds: the loudest and the softest moment (root mean square) of everybody whose sound is handed out. Ends when
   * somebody has been louder than a level, if one is given.
   */
  listen(
    ms: number,
    until?: { userId: string; level: number },
  ): Promise<Record<string, { loudest: number; softest: number }>>;
  connections(): Promise<PlainConnection[]>;
  /** Connections ever made, and how often descriptions were agreed on. */
  made(): { connections: number; agreements: number };
}

declare global {
  interface Window {
    callPage: CallPage;
  }
}

const made: RTCPeerConnection[] = [];
let agreements = 0;

/** The browser's own, and a list of them. */
class ListedConnection extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    made.push(this);
    this.addEventListener('signalingstatechange', () => {
      if (this.signalingState === 'stable') agreements += 1;
    });
  }
}

let guildhall: Guildhall | null = null;
let call: VoiceCall | null = null;
const sound = new AudioContext();
const heard = new Map<MediaStreamTrack, AnalyserNode>();

function analyser(track: MediaStreamTrack): AnalyserNode {
  const known = heard.get(track);
  if (known !== undefined) return known;
  const stream = new MediaStream([track]);
  // Chromium decodes what comes from afar only while an element plays it.
  const element = new Audio();
  element.srcObject = stream;
  void element.play();
  const made = sound.createAnalyser();
  made.fftSize = 2048;
  sound.createMediaStreamSource(stream).connect(made);
  heard.set(track, made);
  return made;
}

function loudness(node: AnalyserNode): number {
  const samples = new Float32Array(node.fftSize);
  node.getFloatTimeDomainData(samples);
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

window.callPage = {
  async signIn({ apiUrl, publishableKey, accessToken, refreshToken }) {
    const supabase = createClient(apiUrl, publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    const { error } = await supabase.auth.setSession({
      access_token: accessToken,
      refresh_token: refreshToken,
    });
    if (error !== null) throw error;
    guildhall = createGuildhall(supabase);
  },

  async join({ channelId, speaks, deviceId }) {
    if (guildhall === null) throw new Error('nobody has signed in');
    const media = speaks ? await navigator.mediaDevices.getUserMedia({ audio: true }) : [];
    try {
      call = await guildhall.voice.join(channelId, {
        rtc: ListedConnection,
        media,
        iceTransportPolicy: 'relay',
        ...(deviceId !== undefined && { deviceId }),
      });
      return null;
    } catch (error) {
      if (error instanceof GuildhallError) return error.code;
      throw error;
    }
  },

  snapshot() {
    if (call === null) return null;
    const { participants, error, ...facts } = call.getSnapshot();
    return {
      ...facts,
      error: error?.code ?? null,
      participants: participants.map((one) => ({
        userId: one.userId,
        sessionId: one.sessionId,
        isMuted: one.isMuted,
        isSelfMuted: one.isSelfMuted,
        connection: one.connection,
        hasAudio: one.audio !== null,
        hasVideo: one.video !== null,
      })),
    };
  },

  async leave() {
    await call?.leave();
  },

  async setMuted(isMuted) {
    await call?.setMuted(isMuted);
  },

  async setDeafened(isDeafened) {
    await call?.setDeafened(isDeafened);
  },

  switchToTone() {
    const [tone, device] = [sound.createOscillator(), sound.createMediaStreamDestination()];
    tone.connect(device);
    tone.start();
    call?.setMicrophone(device.stream.getAudioTracks()[0] ?? null);
  },

  async showCamera() {
    const media = await navigator.mediaDevices.getUserMedia({ video: true });
    call?.setVideo(media.getVideoTracks()[0] ?? null);
  },

  hideCamera() {
    call?.setVideo(null);
  },

  async listen(ms, until) {
    await sound.resume();
    const levels: Record<string, { loudest: number; softest: number }> = {};
    const end = performance.now() + ms;
    const isHeard = () => until !== undefined && (levels[until.userId]?.loudest ?? 0) > until.level;
    while (performance.now() < end && !isHeard()) {
      for (const { userId, audio } of call?.getSnapshot().participants ?? []) {
        if (audio === null) continue;
        const level = loudness(analyser(audio));
        const { loudest, softest } = levels[userId] ?? { loudest: level, softest: level };
        levels[userId] = {
          loudest: Math.max(loudest, level),
          softest: Math.min(softest, level),
        };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return levels;
  },

  connections() {
    const open = made.filter(({ connectionState }) => connectionState !== 'closed');
    return Promise.all(open.map(describe));
  },

  made: () => ({ connections: made.length, agreements }),
};

async function describe(connection: RTCPeerConnection): Promise<PlainConnection> {
  const stats = [...(await connection.getStats()).values()];
  const byId = new Map(stats.map((stat) => [stat.id, stat]));
  const transport = stats.find(({ type }) => type === 'transport');
  const pair = byId.get(transport?.selectedCandidatePairId);
  const local = byId.get(pair?.localCandidateId);
  const inbound = stats.filter(({ type }) => type === 'inbound-rtp');
  const audio = inbound.find(({ kind }) => kind === 'audio');
  return {
    state: connection.connectionState,
    localType: local?.candidateType,
    remoteType: byId.get(pair?.remoteCandidateId)?.candidateType,
    url: local?.url,
    username: connection.getConfiguration().iceServers?.find((server) => server.username)?.username,
    round: local?.usernameFragment,
    energy: audio?.totalAudioEnergy ?? 0,
    audioBytes: audio?.bytesReceived ?? 0,
    framesDecoded: inbound.find(({ kind }) => kind === 'video')?.framesDecoded ?? 0,
  };
}
