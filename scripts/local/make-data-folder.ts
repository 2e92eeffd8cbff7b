/** The process that ensureDataFolder starts. */
import { openPglite } from '../database/open-database.ts';

const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error('usage: make-data-folder FOLDER');
const { database } = await openPglite({ dataDir });
await database.close();
