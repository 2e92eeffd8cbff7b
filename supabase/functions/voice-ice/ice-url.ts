/** Characters. */
const MAX_URL = 300;

const host = String.raw`(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])`;
const port = String.raw`(?::(\d{1,5}))?`;
const stunUrl = new RegExp(`^stuns?:${host}${port}$`, 'i');
const turnUrl = new RegExp(String.raw`^turns?:${host}${port}(?:\?transport=(?:udp|tcp))?$`, 'i');

/** RFC 7064: `stun:` or `stuns:`, a host, a port. Browsers throw at anything more, and then there is no call at all. */
export function isStunUrl(url: string): boolean {
  return matches(stunUrl, url);
}

/** RFC 7065: `turn:` or `turns:`, a host, a port, a transport. */
export function isTurnUrl(url: string): boolean {
  return matches(turnUrl, url);
}

function matches(pattern: RegExp, url: string): boolean {
  if (url.length > MAX_URL) return false;
  const found = pattern.exec(url);
  if (found === null) return false;
  const number = found[1] === undefined ? 1 : Number(found[1]);
  return number >= 1 && number <= 65_535;
}
