import { type IceServer, ProviderFailure, type ProviderName } from './ice-provider.ts';
import type { IceSettings } from './settings.ts';
import { stunServers } from './stun.ts';

/** Milliseconds for all that a provider does: nobody waits longer for a call than that. */
const PROVIDER_TIMEOUT_MS = 3_000;

/** What the function answers with. */
export interface IceAnswer {
  readonly iceServers: readonly IceServer[];
  /** ISO 8601. When to have asked again. */
  readonly expiresAt: string;
  /** Who gave the servers. */
  readonly provider: ProviderName;
  /** Whether the provider that is set gave none, and STUN is what is left. */
  readonly degraded: boolean;
}

/** What the provider did, for the telemetry. */
export interface ProviderCall {
  /** Null: it gave servers. */
  readonly failure: ProviderFailure | null;
  /** Milliseconds. */
  readonly latencyMs: number;
}

/**
 * The servers of a person who may have them. What a provider does never makes it reject: STUN alone is often enough, and no answer
 * never is. `tell` hears how it went.
 */
export async function issueServers(
  settings: IceSettings,
  userId: string,
  tell: (call: ProviderCall) => void,
): Promise<IceAnswer> {
  const { provider, ttlSeconds, stunUrls } = settings;
  const startedAt = performance.now();
  const latencyMs = () => performance.now() - startedAt;
  try {
    if (provider instanceof ProviderFailure) throw provider;
    const signal = AbortSignal.timeout(PROVIDER_TIMEOUT_MS);
    const { iceServers, expiresAt } = await provider.issue({ userId, ttlSeconds, signal });
    tell({ failure: null, latencyMs: latencyMs() });
    return {
      iceServers,
      expiresAt: expiresAt.toISOString(),
      provider: provider.name,
      degraded: false,
    };
  } catch (cause) {
    const failure =
      cause instanceof ProviderFailure ? cause : new ProviderFailure('its adapter broke');
    tell({ failure, latencyMs: latencyMs() });
    return {
      iceServers: stunServers(stunUrls),
      expiresAt: new Date(Date.now() + ttlSeconds * 1_000).toISOString(),
      provider: 'stun',
      degraded: true,
    };
  }
}
