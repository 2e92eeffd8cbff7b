import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { type Domain, domains, isDomain } from './domains.ts';
import { Refusal } from './refusal.ts';

/** One file of supabase/schemas. */
export interface SchemaSource {
  domain: Domain;
  /** Relative to supabase/, with forward slashes: `schemas/platform/fail.sql`. */
  path: string;
  text: string;
}

/**
 * Reads the schema files in the order `[db.migrations] schema_paths` of config.toml gives.
 * @param supabaseFolder the folder that holds config.toml and schemas/
 * @throws Refusal when the list and the folder do not agree, or the list leaves the domains' order.
 */
export function readSchemaSources(supabaseFolder: string): SchemaSource[] {
  const listed = readSchemaPaths(join(supabaseFolder, 'config.toml')).map(plainPath);
  refuseRepeated(listed);
  refuseMissing(listed, supabaseFolder);
  refuseUnlisted(listed, supabaseFolder);
  const sources = listed.map((path) => ({
    domain: domainOf(path),
    path,
    text: readFileSync(join(supabaseFolder, path), 'utf8'),
  }));
  refuseWrongOrder(sources);
  return sources;
}

function readSchemaPaths(configPath: string): string[] {
  if (!existsSync(configPath)) throw new Refusal('supabase/config.toml is missing.');
  let config: unknown;
  try {
    config = parse(readFileSync(configPath, 'utf8'));
  } catch (error) {
    if (error instanceof TomlError) {
      throw new Refusal(
        `supabase/config.toml is not TOML, line ${error.line}: ${error.message.split('\n')[0]}`,
      );
    }
    throw error;
  }
  const paths = at(at(at(config, 'db'), 'migrations'), 'schema_paths');
  if (!Array.isArray(paths) || paths.some((path) => typeof path !== 'string')) {
    throw new Refusal(
      'supabase/config.toml has no list of files under [db.migrations] schema_paths.',
    );
  }
  return paths as string[];
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function plainPath(listed: string): string {
  if (/[*?[\]{}]/.test(listed)) {
    throw new Refusal(
      `schema_paths lists the pattern ${listed}: name each file, because their order is the order of creation.`,
    );
  }
  return listed.replace(/^\.\//, '');
}

function refuseRepeated(listed: string[]): void {
  const repeated = listed.find((path, index) => listed.indexOf(path) !== index);
  if (repeated !== undefined) throw new Refusal(`schema_paths lists ./${repeated} twice.`);
}

function refuseMissing(listed: string[], supabaseFolder: string): void {
  const missing = listed.filter((path) => !existsSync(join(supabaseFolder, path)));
  if (missing.length > 0) {
    throw new Refusal(`schema_paths lists ${sentenceList(missing)}, which does not exist.`);
  }
}

function refuseUnlisted(listed: string[], supabaseFolder: string): void {
  const schemas = join(supabaseFolder, 'schemas');
  const present = existsSync(schemas)
    ? readdirSync(schemas, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
        .map((entry) =>
          relative(supabaseFolder, join(entry.parentPath, entry.name)).split(sep).join('/'),
        )
        .sort()
    : [];
  const unlisted = present.filter((path) => !listed.includes(path));
  if (unlisted.length > 0) {
    throw new Refusal(
      `${sentenceList(unlisted)} is not listed in schema_paths of supabase/config.toml, so nothing would create it.`,
    );
  }
}

function sentenceList(paths: string[]): string {
  return paths.map((path) => `./${path}`).join(', ');
}

function domainOf(path: string): Domain {
  const folder = /^schemas\/([^/]+)\/[^/]+\.sql$/.exec(path)?.[1];
  if (folder === undefined) {
    throw new Refusal(`schema_paths lists ./${path}, which is not ./schemas/<domain>/<file>.sql.`);
  }
  if (!isDomain(folder)) {
    throw new Refusal(
      `./${path} is in the folder ${folder}, which is no domain; the domains are ${domains.join(', ')}.`,
    );
  }
  return folder;
}

function refuseWrongOrder(sources: SchemaSource[]): void {
  let previous: SchemaSource | undefined;
  const done = new Set<Domain>();
  for (const source of sources) {
    if (previous !== undefined && previous.domain !== source.domain) {
      done.add(previous.domain);
      if (done.has(source.domain)) {
        throw new Refusal(
          `schema_paths goes back to ${source.domain} with ./${source.path} after ./${previous.path}: a domain's files must stand together.`,
        );
      }
      if (domains.indexOf(source.domain) < domains.indexOf(previous.domain)) {
        throw new Refusal(
          `schema_paths lists ${source.domain} after ${previous.domain}, but the order of the domains is ${domains.join(', ')}.`,
        );
      }
    }
    previous = source;
  }
}
