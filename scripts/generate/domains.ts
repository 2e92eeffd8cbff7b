/**
 * The domains in dependency order. A domain's place decides its migration version for good, so all twelve are listed
 * from the first day: one that gets its first file later never renumbers another.
 */
export const domains = [
  'platform',
  'identity',
  'access',
  'communities',
  'messages',
  'direct',
  'moderation',
  'notifications',
  'voice',
  'ranked',
  'placement',
  'builds',
] as const;

export type Domain = (typeof domains)[number];

export function isDomain(name: string): name is Domain {
  return (domains as readonly string[]).includes(name);
}

/** `20260101000100` for the first domain, then a minute apart. */
export function migrationVersion(domain: Domain): string {
  return String(20260101000100 + 100 * domains.indexOf(domain));
}
