import { type IceServer, ProviderFailure } from './ice-provider.ts';
import { isStunUrl, isTurnUrl } from './ice-url.ts';

const MAX_SERVERS = 10;
const MAX_URLS = 20;
/** What browsers take as a user name at most, in bytes (RFC 8489). */
const MAX_USERNAME = 508;
const MAX_CREDENTIAL = 1_024;

const notServers = () => new ProviderFailure('the provider answered with something else');

/**
 * The servers that a provider answered with: one or a list of them, `urls` one or a list. Nothing but what is known to be one goes
 * on, in a new object; what is wrong anywhere makes all of it worthless. At least one of them must relay.
 */
export function readIceServers(value: unknown): IceServer[] {
  const given = Array.isArray(value) ? value : [value];
  if (given.length > MAX_SERVERS) throw notServers();
  const servers = given.map(readServer);
  if (!servers.some(({ urls }) => urls.some(isTurnUrl))) {
    throw new ProviderFailure('the provider answered with no TURN server');
  }
  return servers;
}

function readServer(value: unknown): IceServer {
  if (typeof value !== 'object' || value === null) throw notServers();
  const { urls: given, username, credential } = value as Record<string, unknown>;
  const urls: unknown[] = Array.isArray(given) ? given : [given];
  if (urls.length < 1 || urls.length > MAX_URLS || !urls.every(isIceUrl)) throw notServers();
  if (!urls.some(isTurnUrl)) return { urls };
  if (!isWord(username, MAX_USERNAME) || !isWord(credential, MAX_CREDENTIAL)) throw notServers();
  return { urls, username, credential };
}

function isIceUrl(url: unknown): url is string {
  return typeof url === 'string' && (isStunUrl(url) || isTurnUrl(url));
}

/** Printable ASCII: so are all credentials, and a length in characters is one in bytes. */
function isWord(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max && /^[\x21-\x7e]+$/.test(value);
}
