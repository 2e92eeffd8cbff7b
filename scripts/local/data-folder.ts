import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GrantDefault } from './platform/apply-platform.ts';

/**
 * Makes a PGlite data folder where there is none, with the platform's shape and the migrations. A process of its own does it, because
 * that leaves behind some 200 MB that WebAssembly memory never gives back, and the stack that goes on to use the folder should not carry
 * them.
 */
export async function ensureDataFolder(
  folder: string,
  options: {
    grantDefault: GrantDefault;
    onStep: (step: string) => void;
    signal?: AbortSignal;
  },
): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  options.onStep('new database (takes a few seconds)');
  // Under another name until it is complete: a start that is broken off leaves nothing half made.
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const script = fileURLToPath(new URL('make-data-folder.ts', import.meta.url));
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', script, unfinished, options.grantDefault],
    {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  renameSync(unfinished, folder);
}
