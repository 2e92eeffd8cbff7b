import { type Domain, migrationVersion } from './domains.ts';
import type { GeneratedFile } from './generated-files.ts';
import type { SchemaSource } from './schema-sources.ts';

export const migrationHeader = '-- Generated from supabase/schemas/';

/** One migration per domain, in order: its files one after the other, each under a line with its name. */
export function migrationsOf(sources: SchemaSource[]): GeneratedFile[] {
  const byDomain = new Map<Domain, SchemaSource[]>();
  for (const source of sources) {
    byDomain.set(source.domain, [...(byDomain.get(source.domain) ?? []), source]);
  }
  return [...byDomain].map(([domain, files]) => ({
    path: `supabase/migrations/${migrationVersion(domain)}_${domain}.sql`,
    text: [
      `${migrationHeader}${domain} by npm run generate; do not edit.\n`,
      ...files.map((file) => `\n-- ${file.path}\n\n${file.text.trim()}\n`),
    ].join(''),
  }));
}
