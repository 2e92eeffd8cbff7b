import type { Network } from './network.ts';
import { PageRefusal } from './page-refusal.ts';

/** Addresses of one host that are tried, of each family. */
const TRIES = 2;

/**
 * Connects to the server of a URL, at an address that was checked. The name is resolved once, here, and the connection is
 * made to what that gave: who controls the name's DNS cannot answer the check with one address and the connection with
 * another. TLS is spoken with the name, by which the certificate must be.
 *
 * @throws {PageRefusal} `port`, `address`
 */
export async function connectTo(
  url: URL,
  network: Network,
  signal: AbortSignal,
): Promise<Deno.Conn> {
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  if (!network.isAllowedPort(port)) throw new PageRefusal('port', 'This port is not asked.');

  const addresses = await network.resolve(url.hostname, signal);
  if (addresses.length === 0) throw new PageRefusal('address', 'The host has no address.');
  // One that is not allowed says enough about who owns the name.
  if (!addresses.every((address) => network.isAllowedAddress(address))) {
    throw new PageRefusal('address', 'The host is not on the public internet.');
  }
  const isIPv6 = (address: string) => address.includes(':');
  const tried = [
    ...addresses.filter((address) => !isIPv6(address)).slice(0, TRIES),
    ...addresses.filter(isIPv6).slice(0, TRIES),
  ];

  let failure: unknown;
  for (const address of tried) {
    signal.throwIfAborted();
    try {
      const plain = await connectUnlessAborted(address, port, signal);
      if (!isSecure) return plain;
      return await Deno.startTls(plain, { hostname: url.hostname.replace(/\.$/, '') });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Deno's own signal for this is younger than the platform's runtime. */
async function connectUnlessAborted(
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  const connecting = Deno.connect({ hostname: address, port });
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([connecting, aborted.promise]);
  } catch (error) {
    connecting.then((late) => late.close()).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
