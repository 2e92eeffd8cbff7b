import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from './refusal.ts';

export interface GeneratedFile {
  /** Relative to the repository's root, with forward slashes. */
  path: string;
  text: string;
}

/** A folder that holds generated files and nothing else. */
export interface GeneratedFolder {
  path: string;
  /** Each generated file starts with this; one that does not was written by hand and is never deleted. */
  header: string;
}

/** What is on disk and what should be there. Paths are relative to the root. */
export interface Difference {
  path: string;
  state: 'absent' | 'different' | 'left over';
}

/** Compares byte by byte. A file in one of the folders that nothing generates any more is left over. */
export function compareFiles(
  root: string,
  files: GeneratedFile[],
  folders: GeneratedFolder[],
): Difference[] {
  const differences: Difference[] = [];
  for (const file of files) {
    const path = join(root, file.path);
    if (!existsSync(path)) differences.push({ path: file.path, state: 'absent' });
    else if (!readFileSync(path).equals(Buffer.from(file.text))) {
      differences.push({ path: file.path, state: 'different' });
    }
  }
  const wanted = new Set(files.map((file) => file.path));
  for (const folder of folders) {
    for (const path of filesIn(root, folder.path)) {
      if (!wanted.has(path)) differences.push({ path, state: 'left over' });
    }
  }
  return differences;
}

/**
 * Writes what differs and deletes what is left over.
 * @returns what was done, in the terms of compareFiles.
 * @throws Refusal when a file in a generated folder was written by hand.
 */
export function writeFiles(
  root: string,
  files: GeneratedFile[],
  folders: GeneratedFolder[],
): Difference[] {
  const differences = compareFiles(root, files, folders);
  const leftOver = differences.filter(({ state }) => state === 'left over');
  for (const { path } of leftOver) {
    const folder = folders.find((candidate) => path.startsWith(`${candidate.path}/`));
    if (folder && !readFileSync(join(root, path), 'utf8').startsWith(folder.header)) {
      throw new Refusal(
        `${path} was not generated, and ${folder.path} holds generated files only: move it or remove it.`,
      );
    }
  }
  for (const { path } of leftOver) rmSync(join(root, path));
  for (const file of files) {
    if (!differences.some(({ path }) => path === file.path)) continue;
    mkdirSync(dirname(join(root, file.path)), { recursive: true });
    writeFileSync(join(root, file.path), file.text);
  }
  return differences;
}

function filesIn(root: string, folder: string): string[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}
