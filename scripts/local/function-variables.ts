/** Of an operator's own services, whose settings the Edge Functions read. */
const prefixes = [
  'GUILDHALL_CLOUDFLARE_',
  'GUILDHALL_ICE_',
  'GUILDHALL_STUN_',
  'GUILDHALL_TURN_',
  'GUILDHALL_XIRSYS_',
  'LIVEKIT_',
];

/** What of an environment goes on to the Edge Functions. Everything else in it is none of their business. */
export function functionVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const isTheirs = ([name, value]: [string, string | undefined]) =>
    value !== undefined && prefixes.some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(environment).filter(isTheirs)) as Record<string, string>;
}
