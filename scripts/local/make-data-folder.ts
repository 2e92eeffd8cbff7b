/** The process that ensureDataFolder starts. */
import { openPglite } from '../database/open-database.ts';
import { preparedImage } from '../database/prepared-pglite.ts';

const [, , dataDir, grantDefault] = process.argv;
if (dataDir === undefined || (grantDefault !== 'open' && grantDefault !== 'closed')) {
  throw new Error('usage: make-data-folder FOLDER open|closed');
}
const { database } = await openPglite({ dataDir, prepared: await preparedImage(grantDefault) });
await database.close();
