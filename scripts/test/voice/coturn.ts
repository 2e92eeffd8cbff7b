import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../local/free-port.ts';

/** A TURN server of coturn's, for as long as a test needs it. */
export interface Coturn {
  readonly host: '127.0.0.1';
  /** Of UDP and of TCP. */
  readonly port: number;
  readonly realm: string;
  /** What it shares with whoever mints credentials for it (`use-auth-secret`). */
  readonly secret: string;
  /** `turn:` over UDP and over TCP: what GUILDHALL_TURN_URLS would name. */
  readonly turnUrls: readonly string[];
  /** `stun:`, what GUILDHALL_STUN_URLS would name. */
  readonly stunUrl: string;
  /** Everything that it has said so far. */
  log(): Promise<string>;
  /** Ends the server and removes its files. */
  close(): Promise<void>;
}

/** Names another turnserver than Debian's. */
const PROGRAM_VARIABLE = 'GUILDHALL_TURNSERVER';
const START_MS = 15_000;
const ASK_AGAIN_MS = 100;
const KILL_MS = 5_000;

/**
 * Starts coturn's turnserver on 127.0.0.1 with a secret that is made for it, and returns when it answers. It relays between
 * addresses of this machine only. Throws a sentence where the program is missing or does not start.
 */
export async function startCoturn(): Promise<Coturn> {
  const program = process.env[PROGRAM_VARIABLE] ?? '/usr/bin/turnserver';
  if (!existsSync(program)) {
    throw new Error(
      `There is no ${program}: apt-get install coturn, or name another in ${PROGRAM_VARIABLE}.`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-coturn-'));
  const logFile = join(folder, 'turnserver.log');
  const configFile = join(folder, 'turnserver.conf');
  const host = '127.0.0.1';
  const realm = 'guildhall.test';
  const port = await freePort();
  const secret = randomBytes(32).toString('hex');
  await writeFile(
    configFile,
    [
      `listening-ip=${host}`,
      `listening-port=${port}`,
      `relay-ip=${host}`,
      'min-port=49152',
      'max-port=65535',
      `realm=${realm}`,
      'fingerprint',
      'use-auth-secret',
      // In a file and not among the arguments, which everybody on the machine may list.
      `static-auth-secret=${secret}`,
      'allow-loopback-peers',
      'no-multicast-peers',
      'no-tls',
      'no-dtls',
      'no-cli',
      'no-rfc5780',
      `userdb=${join(folder, 'turndb')}`,
      `pidfile=${join(folder, 'turnserver.pid')}`,
      `log-file=${logFile}`,
      'simple-log',
      'no-stdout-log',
      'verbose',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const child = spawn(program, ['-c', configFile], { cwd: folder, stdio: 'ignore' });
  // Also where a test is ended before it closes what it opened.
  const endWithUs = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', endWithUs);
  const log = () => readFile(logFile, 'utf8').catch(() => '');
  const close = async () => {
    process.removeListener('exit', endWithUs);
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(child, host, port);
  } catch (cause) {
    const said = await log();
    await close();
    throw new Error(`${program} did not start: ${said.slice(-2_000)}`, { cause });
  }
  return {
    host,
    port,
    realm,
    secret,
    turnUrls: [`turn:${host}:${port}?transport=udp`, `turn:${host}:${port}?transport=tcp`],
    stunUrl: `stun:${host}:${port}`,
    log,
    close,
  };
}

/** Resolves when the server answers a STUN binding request over UDP. */
async function answers(child: ChildProcess, host: string, port: number): Promise<void> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (failure !== null) throw failure;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (await answersBinding(host, port)) return;
  }
  throw new Error(`no answer within ${START_MS} ms`);
}

function answersBinding(host: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  // RFC 8489: type, length, magic cookie, transaction id.
  const transaction = randomBytes(12);
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), transaction]);
  return new Promise((resolve) => {
    const finish = (isAnswered: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(isAnswered);
    };
    const timer = setTimeout(() => finish(false), ASK_AGAIN_MS);
    // A port on which nobody listens yet; asked again when the time is over.
    socket.on('error', () => undefined);
    socket.on('message', (message) => {
      const isOurs = message.subarray(8, 20).equals(transaction);
      if (isOurs && message.readUInt16BE(0) === 0x0101) finish(true);
    });
    socket.send(request, port, host);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_MS);
  await ended;
  clearTimeout(timer);
}
