import { askEdgeFunction, type FunctionsClient, unexpected } from './edge-function.ts';

/** Servers through which peers find each other, and for how long their credentials hold. */
export interface VoiceIceServers {
  readonly iceServers: readonly RTCIceServer[];
  /** ISO 8601: from then on the credentials are refused. */
  readonly expiresAt: string;
  /** `coturn`, `cloudflare`, `xirsys`, `stun`, or whatever a backend of your own calls itself. */
  readonly provider: string;
  /** The provider did not answer, and these are less than what it would have given: some peers may not be reached. */
  readonly degraded: boolean;
}

/**
 * Who gives out ICE servers. The default asks the Edge Function `voice-ice`; another provider is one object.
 *
 * It must reject where the caller may not join: a call then does not begin, and one that runs ends. Nothing falls back to STUN
 * behind its back.
 */
export interface VoiceIceBackend {
  fetchIceServers(request: {
    readonly communityId: string;
    readonly channelId: string;
    readonly signal: AbortSignal;
  }): Promise<VoiceIceServers>;
}

/** The project's own Edge Function, asked with the session of this client. */
export function edgeFunctionIce(client: FunctionsClient): VoiceIceBackend {
  return {
    async fetchIceServers({ communityId, channelId, signal }) {
      const answer = await askEdgeFunction(client, 'voice-ice', { communityId, channelId }, signal);
      return readIceServers(answer);
    },
  };
}

/** What a backend answered, if it is whole. Throws a GuildhallError. */
export function readIceServers(answer: unknown): VoiceIceServers {
  const { iceServers, expiresAt, provider, degraded } = (answer ?? {}) as Partial<VoiceIceServers>;
  const isWhole =
    Array.isArray(iceServers) &&
    iceServers.every(isIceServer) &&
    typeof expiresAt === 'string' &&
    !Number.isNaN(Date.parse(expiresAt)) &&
    typeof provider === 'string' &&
    typeof degraded === 'boolean';
  if (!isWhole) throw unexpected('voice-ice');
  return { iceServers, expiresAt, provider, degraded };
}

/** What a browser would throw over, in the middle of a call, when it makes a connection with it. */
function isIceServer(server: unknown): boolean {
  if (typeof server !== 'object' || server === null) return false;
  const { urls, username, credential } = server as Partial<Record<keyof RTCIceServer, unknown>>;
  const all: unknown[] = Array.isArray(urls) ? urls : [urls];
  const isAddressed =
    all.length > 0 &&
    all.every((url) => typeof url === 'string' && /^(stun|turn)s?:[^/]/i.test(url));
  const isTurn = all.some((url) => /^turns?:/i.test(String(url)));
  return (
    isAddressed && (!isTurn || (typeof username === 'string' && typeof credential === 'string'))
  );
}
