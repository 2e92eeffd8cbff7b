import type { IceProvider, IssuedServers } from './ice-provider.ts';
import { stunServers } from './stun.ts';

interface CoturnSettings {
  readonly turnUrls: readonly string[];
  readonly stunUrls: readonly string[];
  /** What the server has as `static-auth-secret`. */
  readonly secret: string;
}

/**
 * A TURN server that shares a secret with this function (the TURN REST API, coturn's `use-auth-secret`): the user name says until
 * when it is good and whose it is, the password is its HMAC. The server needs to know nobody, and this function asks nobody.
 */
export function coturnProvider({ turnUrls, stunUrls, secret }: CoturnSettings): IceProvider {
  return {
    name: 'coturn',
    async issue({ userId, ttlSeconds }): Promise<IssuedServers> {
      const expiry = Math.floor(Date.now() / 1_000) + ttlSeconds;
      const username = `${expiry}:${userId}`;
      const credential = await hmacSha1(secret, username);
      return {
        iceServers: [...stunServers(stunUrls), { urls: turnUrls, username, credential }],
        expiresAt: new Date(expiry * 1_000),
      };
    },
  };
}

/** Base64. SHA-1 is what the servers know; nothing here leans on its collisions. */
async function hmacSha1(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, [
    'sign',
  ]);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
