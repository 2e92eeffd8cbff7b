import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../project-root.ts';
import type { Database } from './database.ts';

const migrationsFolder = join(projectRoot, 'supabase', 'migrations');

export interface Migration {
  /** `<version>_<name>.sql` */
  file: string;
  sql: string;
}

async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => ({
      file,
      sql: await readFile(join(migrationsFolder, file), 'utf8'),
    })),
  );
}

/**
 * Applies the migrations that an embedded database does not have yet, and returns their names.
 * It does what `supabase db push` does where no URL exists for it to connect to: as the role `postgres`, which is no
 * superuser, one transaction a file, recorded in supabase_migrations.schema_migrations.
 */
export async function applyMigrations(
  database: Database,
  migrations: Promise<Migration[]> | Migration[] = readMigrations(),
): Promise<string[]> {
  await database.transaction(async (tx) => {
    await tx.execute(`
      set local session authorization postgres;
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.schema_migrations (
        version text primary key, statements text[], name text
      );
    `);
  });
  const rows = await database.query<{ version: string }>(
    'select version from supabase_migrations.schema_migrations',
  );
  const applied = new Set(rows.map((row) => row.version));

  const names: string[] = [];
  for (const { file, sql } of await migrations) {
    const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
    if (version === undefined || name === undefined || applied.has(version)) continue;
    try {
      await database.transaction(async (tx) => {
        // The role's own settings would come with a login.
        await tx.execute(
          'set local session authorization postgres; set local search_path = "$user", public, extensions',
        );
        await tx.execute(sql);
        await tx.query(
          'insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, array[$2], $3)',
          [version, sql, name],
        );
      });
    } catch (error) {
      throw new Error(`migration ${file} failed: ${(error as Error).message}`, { cause: error });
    }
    names.push(basename(file, '.sql'));
  }
  return names;
}

/** Applies the migrations to a PostgreSQL by URL, with the same command an operator uses. */
export async function pushMigrations(url: string, signal?: AbortSignal): Promise<void> {
  const supabase = join(projectRoot, 'node_modules', '.bin', 'supabase');
  try {
    await promisify(execFile)(supabase, ['db', 'push', `--remote=${url}`, '--yes'], {
      cwd: projectRoot,
      env: { ...process.env, SUPABASE_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
      maxBuffer: 16 * 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    throw new Error(`supabase db push failed: ${(stderr || stdout).trim()}`, { cause: error });
  }
}
