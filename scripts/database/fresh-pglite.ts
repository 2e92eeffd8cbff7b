import { existsSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { projectRoot } from '../project-root.ts';

const packageFolder = join(projectRoot, 'node_modules', '@electric-sql', 'pglite');
/** Beside the packages, so that it goes with them. */
export const cacheFolder = join(projectRoot, 'node_modules', '.cache', 'guildhall');

/**
 * The files of an empty PGlite, as initdb leaves them. initdb takes five times as long as loading its result, and the
 * tests open dozens of empty databases, so the result is kept beside the package it came from.
 */
export async function freshPglite(): Promise<Blob> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const file = join(cacheFolder, `pglite-${version}.tar`);
  if (!existsSync(file)) {
    const pglite = await PGlite.create();
    const image = await pglite.dumpDataDir('none');
    await pglite.close();
    await mkdir(cacheFolder, { recursive: true });
    // Renamed when complete: several processes may be doing this at once.
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, Buffer.from(await image.arrayBuffer()));
    renameSync(unfinished, file);
  }
  return new Blob([await readFile(file)]);
}
