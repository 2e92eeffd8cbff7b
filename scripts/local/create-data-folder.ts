/**
 * Makes a new PGlite data folder and ends. It runs as a process of its own, because initdb leaves behind some 200 MB that
 * WebAssembly memory never gives back, and the stack that goes on to use the folder should not carry them.
 */
import { openPglite } from './open-database.ts';

const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error('usage: create-data-folder FOLDER');
const { database } = await openPglite({ dataDir });
await database.close();
