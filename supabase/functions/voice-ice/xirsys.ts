import { askProvider } from './ask-provider.ts';
import { type IceProvider, ProviderFailure } from './ice-provider.ts';
import { readIceServers } from './ice-servers.ts';

interface XirsysSettings {
  /** Where its API is. */
  readonly apiUrl: URL;
  readonly ident: string;
  readonly secret: string;
  /** May be a path of several parts. */
  readonly channel: string;
}

/** Xirsys: credentials for a while, made by its API for a channel of the operator's account. */
export function xirsysProvider({ apiUrl, ident, secret, channel }: XirsysSettings): IceProvider {
  const path = `/_turn/${channel.split('/').map(encodeURIComponent).join('/')}`;
  return {
    name: 'xirsys',
    async issue({ ttlSeconds, signal }) {
      // Before it is asked: it counts from later on, so its credentials outlast what we say.
      const askedAt = Date.now();
      const answer = await askProvider(new URL(path, apiUrl), {
        method: 'PUT',
        authorization: `Basic ${base64(`${ident}:${secret}`)}`,
        body: { format: 'urls', expire: ttlSeconds },
        signal,
      });
      // It says so in the body, also with status 200.
      const { s: status, v: value } = (answer ?? {}) as { s?: unknown; v?: unknown };
      if (status !== 'ok') throw new ProviderFailure('the provider answered that it failed');
      const { iceServers } = (value ?? {}) as { iceServers?: unknown };
      return {
        iceServers: readIceServers(iceServers),
        expiresAt: new Date(askedAt + ttlSeconds * 1_000),
      };
    },
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
