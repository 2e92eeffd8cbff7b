import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSchemaSources } from './schema-sources.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-schemas-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text = `-- ${path}\n`): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A supabase folder with these files, all of them real, and with this list of them. */
function project(files: string[], listed = files.map((file) => `./${file}`)): () => unknown {
  for (const file of files) write(file);
  write('config.toml', `[db.migrations]\nschema_paths = ${JSON.stringify(listed)}\n`);
  return () => readSchemaSources(folder);
}

const fail = 'schemas/platform/fail.sql';
const topics = 'schemas/platform/topics.sql';
const profiles = 'schemas/identity/profiles.sql';

describe('readSchemaSources', () => {
  it('returns the files in the order of the list, with their domains', () => {
    expect(project([topics, fail, profiles])()).toEqual([
      { domain: 'platform', path: topics, text: `-- ${topics}\n` },
      { domain: 'platform', path: fail, text: `-- ${fail}\n` },
      { domain: 'identity', path: profiles, text: `-- ${profiles}\n` },
    ]);
  });

  it('refuses a file that is not listed', () => {
    expect(project([fail, topics, profiles], [`./${fail}`, `./${profiles}`])).toThrow(
      `./${topics} is not listed in schema_paths of supabase/config.toml, so nothing would create it.`,
    );
  });

  it('refuses a listed file that does not exist', () => {
    expect(project([fail], [`./${fail}`, `./${topics}`])).toThrow(
      `schema_paths lists ./${topics}, which does not exist.`,
    );
  });

  it('refuses a file listed twice', () => {
    expect(project([fail], [`./${fail}`, fail])).toThrow(`schema_paths lists ./${fail} twice.`);
  });

  it('refuses a domain whose files do not stand together', () => {
    expect(project([fail, profiles, topics])).toThrow(
      `schema_paths goes back to platform with ./${topics} after ./${profiles}: a domain's files must stand together.`,
    );
  });

  it('refuses domains in another order than that of their migrations', () => {
    expect(project([profiles, fail])).toThrow(
      /^schema_paths lists platform after identity, but the order of the domains is platform, identity, access,/,
    );
  });

  it('refuses a folder that is no domain', () => {
    expect(project(['schemas/misc/x.sql'])).toThrow(
      /^\.\/schemas\/misc\/x\.sql is in the folder misc, which is no domain; the domains are platform,/,
    );
  });

  it('refuses a pattern in place of names', () => {
    expect(project([fail], ['./schemas/platform/*.sql'])).toThrow(
      'schema_paths lists the pattern ./schemas/platform/*.sql: name each file, because their order is the order of creation.',
    );
  });

  it.each([
    ['[db]\nport = 1\n', /no list of files under \[db\.migrations\] schema_paths/],
    ['[db.migrations]\nschema_paths = "all"\n', /no list of files/],
    ['[db\n', /^supabase\/config\.toml is not TOML, line 1: /],
  ])('refuses the config %j', (config, message) => {
    write('config.toml', config);
    expect(() => readSchemaSources(folder)).toThrow(message);
  });

  it('refuses a folder without config.toml', () => {
    expect(() => readSchemaSources(folder)).toThrow('supabase/config.toml is missing.');
  });
});
