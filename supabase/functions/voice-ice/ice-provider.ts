/** As `RTCConfiguration.iceServers` takes it. */
export interface IceServer {
  readonly urls: readonly string[];
  /** Of a server that relays. */
  readonly username?: string;
  readonly credential?: string;
}

/** What a provider gives for one person. */
export interface IssuedServers {
  readonly iceServers: readonly IceServer[];
  /** Until when the credentials are good; never later than the provider will take them. */
  readonly expiresAt: Date;
}

/** For whom, for how long, and until when it must be there. */
export interface IceRequest {
  readonly userId: string;
  readonly ttlSeconds: number;
  readonly signal: AbortSignal;
}

export type ProviderName = 'coturn' | 'cloudflare' | 'xirsys' | 'stun';

/** Gives credentials of one service. Throws a ProviderFailure; nothing that it throws holds a secret. */
export interface IceProvider {
  readonly name: ProviderName;
  issue(request: IceRequest): Promise<IssuedServers>;
}

/** Why a provider gave nothing. The message is for the operator's log: our own words, never what the provider said. */
export class ProviderFailure extends Error {
  readonly code: 'provider_unavailable' | 'timeout';

  constructor(message: string, code: 'provider_unavailable' | 'timeout' = 'provider_unavailable') {
    super(message);
    this.code = code;
  }
}
