import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { GrantDefault } from '../local/platform/apply-platform.ts';
import { projectRoot } from '../project-root.ts';
import { cacheFolder } from './fresh-pglite.ts';
import { type OpenedDatabase, openPglite } from './open-database.ts';
import { prepareDatabase } from './prepare-database.ts';

/** What a prepared database is made of, and by. */
const madeOf = ['supabase/migrations', 'scripts/local/platform', 'scripts/database'];

/**
 * A database in memory with the platform's shape and the migrations. Making one takes several times as long as loading it, and a
 * run of the tests opens several, so the first is kept, for as long as nothing that it was made of changes, and for the day: a day's
 * broadcasts have partitions of their own.
 */
export async function openPreparedPglite(grantDefault: GrantDefault): Promise<OpenedDatabase> {
  const file = imageFile(grantDefault);
  if (existsSync(file)) return openPglite({ prepared: new Blob([await readFile(file)]) });
  return (await makeImage(grantDefault)).opened;
}

/** The files of such a database, for a folder that is to begin as one. */
export async function preparedImage(grantDefault: GrantDefault): Promise<Blob> {
  const file = imageFile(grantDefault);
  if (existsSync(file)) return new Blob([await readFile(file)]);
  const { opened, image } = await makeImage(grantDefault);
  await opened.database.close();
  return image;
}

const kindOf = (grantDefault: GrantDefault) => `prepared-${grantDefault}-`;
const imageFile = (grantDefault: GrantDefault) =>
  join(cacheFolder, `${kindOf(grantDefault)}${madeFrom()}.tar`);

/** Makes one, and keeps what it is like. */
async function makeImage(grantDefault: GrantDefault) {
  const file = imageFile(grantDefault);
  const opened = await openPglite();
  await prepareDatabase(opened, { grantDefault });
  const image = await (opened.connection.driver as PGlite).dumpDataDir('none');
  await mkdir(cacheFolder, { recursive: true });
  for (const name of readdirSync(cacheFolder)) {
    // Not what another process is writing now.
    const isOlder = name.startsWith(kindOf(grantDefault)) && name.endsWith('.tar');
    if (isOlder) rmSync(join(cacheFolder, name), { force: true });
  }
  // Renamed when complete: several processes may be doing this at once.
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, Buffer.from(await image.arrayBuffer()));
  renameSync(unfinished, file);
  return { opened, image };
}

function madeFrom(): string {
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 10));
  // The versions of what is not ours.
  hash.update(readFileSync(join(projectRoot, 'package-lock.json')));
  for (const folder of madeOf) {
    const entries = readdirSync(join(projectRoot, folder), { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isFile())) {
      hash.update(name).update(readFileSync(join(projectRoot, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
