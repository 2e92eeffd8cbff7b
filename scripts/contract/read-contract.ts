import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';
import type { Contract } from './contract.ts';

/** supabase/contract.json: what a database of this version exposes. */
export const readContract = (): Contract =>
  JSON.parse(readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8')) as Contract;
