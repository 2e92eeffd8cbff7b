import type { IceProvider, IceServer } from './ice-provider.ts';

/** The servers that tell a client its public address. They relay nothing and ask for no credentials. */
export function stunServers(urls: readonly string[]): IceServer[] {
  return urls.length === 0 ? [] : [{ urls }];
}

/** STUN alone: enough where the networks of two people let their packets through to each other. */
export function stunProvider(urls: readonly string[]): IceProvider {
  return {
    name: 'stun',
    issue: ({ ttlSeconds }) =>
      Promise.resolve({
        iceServers: stunServers(urls),
        // Nothing in it ends; it is when to ask again.
        expiresAt: new Date(Date.now() + ttlSeconds * 1_000),
      }),
  };
}
