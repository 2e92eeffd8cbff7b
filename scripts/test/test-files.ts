import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../project-root.ts';

const testsFolder = join(projectRoot, 'supabase', 'tests');

/**
 * The pgTAP files, as paths below supabase/tests, in the order of their names. With filters: those whose path contains
 * one of them.
 */
export function findTestFiles(filters: readonly string[]): string[] {
  return readdirSync(testsFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.sql'))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort();
}

/** A test file's statements. What it includes by `\ir`, as psql would, stands in its place. */
export function readTestFile(path: string): string {
  return readFileSync(join(testsFolder, path), 'utf8').replace(/^\\ir (.+)$/gm, (_, included) =>
    readTestFile(join(dirname(path), included)),
  );
}
