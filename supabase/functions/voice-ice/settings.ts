import { cloudflareProvider } from './cloudflare.ts';
import { coturnProvider } from './coturn.ts';
import { type IceProvider, ProviderFailure } from './ice-provider.ts';
import { isStunUrl, isTurnUrl } from './ice-url.ts';
import { stunProvider } from './stun.ts';
import { xirsysProvider } from './xirsys.ts';

/** Seconds. Whoever is thrown out of a channel may begin to relay for this long at most. */
const MAX_TTL_SECONDS = 600;
/** Seconds. Under it, clients would do little else than ask. */
const MIN_TTL_SECONDS = 60;

export interface IceSettings {
  /** Or why there is none, in the operator's words. */
  readonly provider: IceProvider | ProviderFailure;
  /** What is left when the provider fails. */
  readonly stunUrls: readonly string[];
  readonly ttlSeconds: number;
  /** What is set and not right, for the log: by the variable's name and never by its value. */
  readonly complaints: readonly string[];
}

/** Reads what the operator has set; `read` gives an environment variable. */
export function readSettings(read: (name: string) => string | undefined): IceSettings {
  const complaints: string[] = [];
  const textOf = (name: string) => (read(name) ?? '').trim();
  const listOf = (name: string) =>
    textOf(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');

  const stunUrls = listOf('GUILDHALL_STUN_URLS').filter(isStunUrl);
  if (stunUrls.length < listOf('GUILDHALL_STUN_URLS').length) {
    complaints.push('GUILDHALL_STUN_URLS has parts that are no stun: URL; they are left out.');
  }

  const given = textOf('GUILDHALL_ICE_TTL_SECONDS');
  const asked = given === '' ? MAX_TTL_SECONDS : /^\d{1,9}$/.test(given) ? Number(given) : 0;
  const ttlSeconds = Math.min(Math.max(asked, MIN_TTL_SECONDS), MAX_TTL_SECONDS);
  if (ttlSeconds !== asked) {
    complaints.push(
      `GUILDHALL_ICE_TTL_SECONDS is not from ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS}; it is ${ttlSeconds} now.`,
    );
  }

  return { provider: providerOf(textOf, listOf, stunUrls), stunUrls, ttlSeconds, complaints };
}

function providerOf(
  textOf: (name: string) => string,
  listOf: (name: string) => string[],
  stunUrls: readonly string[],
): IceProvider | ProviderFailure {
  const required = (name: string) => {
    const value = textOf(name);
    if (value === '') throw new ProviderFailure(`${name} is not set`);
    return value;
  };
  try {
    switch (textOf('GUILDHALL_ICE_PROVIDER') || 'stun') {
      case 'stun':
        required('GUILDHALL_STUN_URLS');
        if (stunUrls.length === 0) {
          throw new ProviderFailure('GUILDHALL_STUN_URLS has no stun: URL');
        }
        return stunProvider(stunUrls);
      case 'coturn': {
        required('GUILDHALL_TURN_URLS');
        const turnUrls = listOf('GUILDHALL_TURN_URLS');
        if (turnUrls.length === 0 || !turnUrls.every(isTurnUrl)) {
          throw new ProviderFailure('GUILDHALL_TURN_URLS has parts that are no turn: URL');
        }
        return coturnProvider({ turnUrls, stunUrls, secret: required('GUILDHALL_TURN_SECRET') });
      }
      case 'cloudflare':
        return cloudflareProvider({
          apiUrl: apiUrl(
            'GUILDHALL_CLOUDFLARE_URL',
            textOf('GUILDHALL_CLOUDFLARE_URL') || 'https://rtc.live.cloudflare.com',
          ),
          keyId: required('GUILDHALL_CLOUDFLARE_TURN_KEY_ID'),
          apiToken: required('GUILDHALL_CLOUDFLARE_TURN_API_TOKEN'),
        });
      case 'xirsys':
        return xirsysProvider({
          apiUrl: apiUrl(
            'GUILDHALL_XIRSYS_URL',
            textOf('GUILDHALL_XIRSYS_URL') || 'https://global.xirsys.net',
          ),
          ident: required('GUILDHALL_XIRSYS_IDENT'),
          secret: required('GUILDHALL_XIRSYS_SECRET'),
          channel: required('GUILDHALL_XIRSYS_CHANNEL'),
        });
      default:
        throw new ProviderFailure('GUILDHALL_ICE_PROVIDER names no provider');
    }
  } catch (cause) {
    if (cause instanceof ProviderFailure) return cause;
    throw cause;
  }
}

/** The operator's key goes there: only over TLS, or to this machine. */
function apiUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname));
  if (url === null || !isSafe) throw new ProviderFailure(`${name} is no https: URL`);
  return url;
}
