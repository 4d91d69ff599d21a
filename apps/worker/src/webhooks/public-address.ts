/**
 * Is this IP address one of the public internet? Everything else is somebody's inside: ours, our cloud's, our neighbour's.
 *
 * The lists are the IANA special-purpose registries (IPv4 and IPv6, as of 2026). For IPv6 it is the other way round: only global unicast
 * (2000::/3) is public, less what is carved out of it. What carries an IPv4 address inside (mapped, 6to4, NAT64, Teredo) is refused
 * whatever it carries: nobody's receiver needs it.
 */
import { BlockList, isIP } from 'node:net';

const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carriers' NAT; some clouds' metadata
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local: most clouds' metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and the broadcast address
];

const CARVED_OUT_OF_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocol assignments, Teredo among them
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
];

const special4 = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special4.addSubnet(network, prefix, 'ipv4');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const carvedOut6 = new BlockList();
for (const [network, prefix] of CARVED_OUT_OF_IPV6) carvedOut6.addSubnet(network, prefix, 'ipv6');

/** @param address as a resolver gives it; anything that is no IP address is not public */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4');
    case 6:
      return global6.check(address, 'ipv6') && !carvedOut6.check(address, 'ipv6');
    default:
      return false;
  }
}
