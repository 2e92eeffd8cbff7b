import ipaddr from 'ipaddr.js';

// Which addresses are the public internet: everything but what IANA's special-purpose address registries (RFC 6890 and
// its successors) do not call globally reachable. An IPv6 address that carries an IPv4 one lies in none of the ranges
// that are left, so it is refused whatever it carries.

const notPublicIPv4 = ranges([
  '0.0.0.0/8', // this network, unspecified
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // not in the registry: the host of a virtual machine on Azure
  '169.254.0.0/16', // link-local, and most clouds' metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // once 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]);

/** All that is allocated to networks of the internet. Outside of it are loopback, mapped, NAT64, local and multicast. */
const allocatedIPv6 = range('2000::/3');

const notPublicIPv6 = ranges([
  '2001::/23', // IETF protocol assignments, with Teredo, benchmarking and ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
]);

/**
 * Whether an address is one of the public internet.
 *
 * @param address as a resolver gives it: four decimal numbers, or IPv6; anything else is not
 */
export function isPublicAddress(address: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    const parsed = ipaddr.IPv4.parse(address);
    return !notPublicIPv4.some((known) => parsed.match(known));
  }
  // A zone belongs to an address of the local link.
  if (!address.includes(':') || address.includes('%') || !ipaddr.IPv6.isValid(address)) {
    return false;
  }
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.match(allocatedIPv6) && !notPublicIPv6.some((known) => parsed.match(known));
}

function range(cidr: string) {
  return ipaddr.parseCIDR(cidr) as [ipaddr.IPv4 & ipaddr.IPv6, number];
}

function ranges(cidrs: readonly string[]) {
  return cidrs.map(range);
}
