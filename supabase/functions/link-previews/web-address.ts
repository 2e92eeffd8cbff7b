import { PageRefusal } from './page-refusal.ts';

/**
 * Reads an address of the public web: http or https, a host's name with a dot in it, no user. IP addresses are refused
 * in every notation, because the URL parser has made four decimal numbers or a bracket of all of them.
 *
 * @param base what a relative address is relative to
 * @throws {PageRefusal} `url`
 */
export function readWebAddress(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new PageRefusal('url', 'This is no URL.');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new PageRefusal('url', 'Only http and https are fetched.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new PageRefusal('url', 'A URL with a user is not fetched.');
  }
  const labels = url.hostname.replace(/\.$/, '').split('.');
  const isName = labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  // The last label of a name begins with a letter, that of an address never does.
  if (!isName || labels.length < 2 || !/^[a-z]/.test(labels.at(-1) ?? '')) {
    throw new PageRefusal('url', 'Only hosts with a full name are asked.');
  }
  return url;
}
