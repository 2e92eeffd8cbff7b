import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Coturn } from './coturn.ts';

/** Of one server, as an `RTCIceServer` has them. */
export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/** `relayed`: two allocations sent each other every packet. `refused`: the server answered 401 to the signed allocation. */
export type TurnOutcome = 'relayed' | 'refused';

/** Names another client than Debian's. */
const PROGRAM_VARIABLE = 'GUILDHALL_TURNUTILS_UCLIENT';
const TIMEOUT_MS = 25_000;
/** To each side. */
const PACKETS = 3;

/**
 * Allocates twice at a TURN server with these credentials and lets the two relays talk to each other, by coturn's own client. What
 * is neither a relay that works nor a refusal throws, with what the client said: no test shall take a dead server for a strict one.
 */
export async function tryTurn(
  server: Coturn,
  credentials: TurnCredentials,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<TurnOutcome> {
  const program = process.env[PROGRAM_VARIABLE] ?? '/usr/bin/turnutils_uclient';
  if (!existsSync(program)) {
    throw new Error(
      `There is no ${program}: apt-get install coturn, or name another in ${PROGRAM_VARIABLE}.`,
    );
  }
  const before = (await server.log()).length;
  const said = await run(program, [
    ...(transport === 'tcp' ? ['-t'] : []),
    // Its peers are clients of its own, without a second port for RTCP.
    ...['-y', '-c'],
    ...['-n', String(PACKETS)],
    ...['-u', credentials.username],
    ...['-w', credentials.credential],
    ...['-p', String(server.port)],
    server.host,
  ]);
  const [, sent, received] = /tot_send_msgs=(\d+), tot_recv_msgs=(\d+)\s*$/m.exec(said) ?? [];
  if (Number(sent) === 2 * PACKETS && received === sent) return 'relayed';
  const failed = /Cannot complete Allocation/.test(said);
  if (failed && (await saysRefused(server, before, credentials.username))) return 'refused';
  throw new Error(`turnutils_uclient neither relayed nor was refused: ${said.slice(-2_000)}`);
}

/** The client does not say why it got no allocation; the server does, with the name, which only a signed request has. */
async function saysRefused(server: Coturn, from: number, username: string): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const lines = (await server.log()).slice(from).split('\n');
    const isOurs = (line: string) => line.includes(`user <${username}>`);
    if (lines.some((line) => isOurs(line) && line.includes('error 401'))) return true;
    await delay(50);
  }
  return false;
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TIMEOUT_MS, maxBuffer: 16 << 20 }, (error, out, err) => {
      // Its exit code is told by its words; what it could not even begin is ours.
      if (error !== null && typeof error.code !== 'number') {
        reject(new Error(`${program} did not end: ${error.message.slice(0, 500)}`));
      } else {
        resolve(out + err);
      }
    });
  });
}
