import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../project-root.ts';

/** Runs the command as npm does; never rejects. */
function check(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const tsx = join(projectRoot, 'node_modules/.bin/tsx');
  return new Promise((resolve) => {
    execFile(
      tsx,
      [join(projectRoot, 'scripts/contract/check.ts'), ...args],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const { dbUrl } = inject('stack');

describe('npm run check:contract', () => {
  it('says in one sentence that a database cannot be reached, without its password', async () => {
    // Port 9 is the discard service: nothing of PostgreSQL's listens there.
    const url = 'postgresql://postgres:hunter2@127.0.0.1:9/postgres';
    expect(await check('--database-url', url)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Cannot reach the database at 127.0.0.1:9/postgres: connect ECONNREFUSED 127.0.0.1:9.\n',
    });
  });

  it('says how it is called when the address is none', async () => {
    expect(await check('--database-url', 'localhost')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Usage: npm run check:contract -- --database-url postgresql://user@host:port/database\n',
    });
  });

  it.skipIf(dbUrl === null)('finds nothing to say about the stack’s own database', async () => {
    const { code, stdout } = await check('--database-url', dbUrl as string);
    expect(stdout).toMatch(/^The database at \S+ is contract [0-9a-f]{16}\.\n$/);
    expect(code).toBe(0);
  });
});
