import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

export const testsFolder = join(projectRoot, 'supabase', 'tests');

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
