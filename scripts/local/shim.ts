/**
 * `npm run shim`: gives a bare PostgreSQL the shape of a hosted project and nothing more, so that `supabase db push` can
 * be tried on it as an operator would run it. Prints the URL of the role that pushes.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openPostgres } from '../database/open-database.ts';
import { preparePlatform } from '../database/prepare-database.ts';

const usage = 'npm run -s shim -- --database-url URL [--grants open|closed]';

try {
  const { values } = parseArgs({
    options: { 'database-url': { type: 'string' }, grants: { type: 'string', default: 'closed' } },
  });
  const { grants } = values;
  if (grants !== 'open' && grants !== 'closed') throw new Error('--grants takes open or closed.');
  if (values['database-url'] === undefined) throw new Error(usage);
  const url = new URL(values['database-url']);
  const opened = await openPostgres(url.href);
  try {
    url.username = 'postgres';
    url.password = randomBytes(24).toString('base64url');
    await preparePlatform(opened, { grantDefault: grants, migrationPassword: url.password });
  } finally {
    await opened.database.close();
  }
  console.log(url.href);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
