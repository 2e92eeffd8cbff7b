import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../project-root.ts';

/**
 * `.guildhall/`: what the local stack keeps between starts. Readable by its owner only: it holds keys.
 * GUILDHALL_STATE names another folder, for a second stack beside the first.
 */
export const stateFolder = resolve(process.env.GUILDHALL_STATE || join(projectRoot, '.guildhall'));
export const dataFolder = join(stateFolder, 'data');
/** What Storage keeps for the embedded database. */
export const storageFolder = join(stateFolder, 'storage');
export const keysFile = join(stateFolder, 'keys.json');
const statusFile = join(stateFolder, 'status.json');

/** What `npm run -s status` prints. */
export interface Status {
  apiUrl: string;
  /** Null with the embedded database, which has no port. */
  dbUrl: string | null;
  publishableKey: string;
  secretKey: string;
  functionsUrl: string;
  pid: number;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The running stack of this folder, or null. A file left behind by a killed stack does not count. */
export function readStatus(): Status | null {
  if (!existsSync(statusFile)) return null;
  const status = JSON.parse(readFileSync(statusFile, 'utf8')) as Status;
  return isAlive(status.pid) ? status : null;
}

export const lockFile = join(stateFolder, 'lock');

/** The process that holds this folder, or null. A lock left behind by a killed stack does not count. */
export function holderOfStateFolder(): number | null {
  if (!existsSync(lockFile)) return null;
  const holder = Number(readFileSync(lockFile, 'utf8'));
  return isAlive(holder) ? holder : null;
}

/**
 * Takes this folder for this process. PGlite does not guard its files: two processes on them destroy them.
 * @returns the process that has it, or null when it is now ours
 */
export function takeStateFolder(): number | null {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A link appears with its content or not at all, so nobody ever reads an empty lock.
    linkSync(mine, lockFile);
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine);
  }
  const holder = holderOfStateFolder();
  if (holder !== null) return holder;
  rmSync(lockFile, { force: true });
  return takeStateFolder();
}

export function releaseStateFolder(): void {
  rmSync(statusFile, { force: true });
  rmSync(lockFile, { force: true });
}

export function writeStatus(status: Omit<Status, 'pid'>): void {
  const unfinished = `${statusFile}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify({ ...status, pid: process.pid }, null, 2)}\n`, {
    mode: 0o600,
  });
  renameSync(unfinished, statusFile);
}
