import { isPublicAddress } from './public-address.ts';
import { resolveHost } from './resolve-host.ts';

/** Where names lead and what may be connected to. */
export interface Network {
  /** Every address of a host, IPv4 and IPv6. */
  resolve(host: string, signal: AbortSignal): Promise<string[]>;
  isAllowedAddress(address: string): boolean;
  isAllowedPort(port: number): boolean;
}

/** What the Edge Function uses; there is no setting that widens it. */
export const publicInternet: Network = {
  resolve: resolveHost,
  isAllowedAddress: isPublicAddress,
  isAllowedPort: (port) => port === 80 || port === 443,
};
