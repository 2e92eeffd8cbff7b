import { describe, expect, it } from 'vitest';
import { domains, migrationVersion } from './domains.ts';
import { migrationsOf } from './migrations.ts';

describe('migrationsOf', () => {
  const sources = [
    { domain: 'platform', path: 'schemas/platform/fail.sql', text: '\nselect 1;\n\n' },
    { domain: 'platform', path: 'schemas/platform/topics.sql', text: 'select 2;' },
    { domain: 'messages', path: 'schemas/messages/messages.sql', text: 'select 3;\n' },
  ] as const;

  it('writes one migration per domain, each source under its name', () => {
    expect(migrationsOf([...sources])).toEqual([
      {
        path: 'supabase/migrations/20260101000100_platform.sql',
        text: `-- Generated from supabase/schemas/platform by npm run generate; do not edit.

-- schemas/platform/fail.sql

select 1;

-- schemas/platform/topics.sql

select 2;
`,
      },
      {
        path: 'supabase/migrations/20260101000500_messages.sql',
        text: `-- Generated from supabase/schemas/messages by npm run generate; do not edit.

-- schemas/messages/messages.sql

select 3;
`,
      },
    ]);
  });

  it('keeps a migration’s version when a domain before it gets its first file', () => {
    const [, , messages] = migrationsOf([
      sources[0],
      { domain: 'access', path: 'schemas/access/roles.sql', text: 'select 4;' },
      sources[2],
    ]);
    expect(messages?.path).toBe('supabase/migrations/20260101000500_messages.sql');
  });

  it('has a version for each of the twelve domains, rising, and each a time', () => {
    const versions = domains.map(migrationVersion);
    expect(versions).toEqual([...new Set(versions)].sort());
    expect(versions).toHaveLength(12);
    for (const version of versions) expect(version).toMatch(/^2026010100[0-5]\d00$/);
  });
});
