import { askProvider } from './ask-provider.ts';
import { type IceProvider, type IceServer, ProviderFailure } from './ice-provider.ts';
import { readIceServers } from './ice-servers.ts';

interface CloudflareSettings {
  /** Where its API is. */
  readonly apiUrl: URL;
  readonly keyId: string;
  readonly apiToken: string;
}

/** Cloudflare's TURN service: credentials for a while, made by its API from a TURN key. */
export function cloudflareProvider({ apiUrl, keyId, apiToken }: CloudflareSettings): IceProvider {
  const path = `/v1/turn/keys/${encodeURIComponent(keyId)}/credentials/generate-ice-servers`;
  return {
    name: 'cloudflare',
    async issue({ ttlSeconds, signal }) {
      // Before it is asked: it counts from later on, so its credentials outlast what we say.
      const askedAt = Date.now();
      const answer = await askProvider(new URL(path, apiUrl), {
        method: 'POST',
        authorization: `Bearer ${apiToken}`,
        body: { ttl: ttlSeconds },
        signal,
      });
      const { iceServers } = (answer ?? {}) as { iceServers?: unknown };
      return {
        iceServers: withoutPort53(readIceServers(iceServers)),
        expiresAt: new Date(askedAt + ttlSeconds * 1_000),
      };
    },
  };
}

/** Browsers ask nothing at the port of DNS: each of these addresses would only cost them a timeout. */
function withoutPort53(servers: readonly IceServer[]): IceServer[] {
  const reachable = servers
    .map((server) => ({ ...server, urls: server.urls.filter((url) => !/:53(\?|$)/.test(url)) }))
    .filter(({ urls }) => urls.length > 0);
  if (reachable.some(({ username }) => username !== undefined)) return reachable;
  throw new ProviderFailure('the provider answered with no TURN server that browsers reach');
}
