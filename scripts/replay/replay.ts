import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GuildhallError } from '../../sdk/src/index.ts';
import { readStatus } from '../local/state-folder.ts';
import { readLog } from './irc-log.ts';
import { ReplayRefusal, type StackAddress } from './participant.ts';
import { assignPeople } from './people.ts';
import { readReplyLinks } from './reply-links.ts';
import { type ReplayResult, runReplay } from './run-replay.ts';

const usage = `npm run replay -- LOG [options]

  LOG                an IRC log: [HH:MM] <nick> text, [HH:MM]  * nick text, === OLD is now known as NEW
  --replies FILE     which line answers which: "998 1000 -" says that line 1000 (from 0) answers line 998
  --url URL          a stack other than the one that runs here, with --key
  --key KEY          its publishable key
  --patience SECONDS how long to go on trying when the stack does not answer (default 30)`;

function parseCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        replies: { type: 'string' },
        url: { type: 'string' },
        key: { type: 'string' },
        patience: { type: 'string', default: '30' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ReplayRefusal(`${(error as Error).message}\n\n${usage}`);
  }
}

function readOptions() {
  const { values, positionals } = parseCommandLine();
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const [log, ...rest] = positionals;
  const patience = Number(values.patience);
  if (log === undefined || rest.length > 0) throw new ReplayRefusal(`Give one log.\n\n${usage}`);
  if (!(patience > 0 && patience <= 3_600)) {
    throw new ReplayRefusal('--patience takes seconds, up to 3600.');
  }
  if ((values.url === undefined) !== (values.key === undefined)) {
    throw new ReplayRefusal('--url and --key go together.');
  }
  return { ...values, log, patience };
}

/** Paths count from where the command was called, not from the package's folder, into which npm goes first. */
function readGivenFile(path: string): Buffer {
  try {
    return readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), path));
  } catch (error) {
    throw new ReplayRefusal(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function findStack({ url, key }: { url?: string; key?: string }): StackAddress {
  if (url !== undefined && key !== undefined) return { url, key };
  const status = readStatus();
  if (status === null) {
    throw new ReplayRefusal(
      'Guildhall does not run here: start it with npm start, or give --url and --key.',
    );
  }
  return { url: status.apiUrl, key: status.publishableKey };
}

function printResult(result: ReplayResult): void {
  const { messages, seconds, follower, cutOff, troubles, transcripts, differences } = result;
  const line = (name: string, value: string) => console.log(`${name.padEnd(22)}${value}`);
  line('messages', String(messages));
  line('seconds', seconds.toFixed(1));
  line('messages per second', (messages / seconds).toFixed(1));
  line(
    'losses healed',
    `follower ${follower.messagesHealed} messages in ${follower.gapsHealed} gaps, ` +
      `cut off ${cutOff.messagesHealed} messages in ${cutOff.gapsHealed} gaps`,
  );
  line('reconnects', `follower ${follower.reconnects}, cut off ${cutOff.reconnects}`);
  if (troubles.rateLimited > 0) line('waits for rate limits', String(troubles.rateLimited));
  if (troubles.unanswered > 0) line('requests unanswered', String(troubles.unanswered));
  if (differences.length === 0) {
    console.log(
      `${transcripts.length} transcripts identical: ${transcripts.map(({ name }) => name).join(', ')}`,
    );
    return;
  }
  for (const difference of differences) console.error(`DIFFERENT  ${difference}`);
  process.exitCode = 1;
}

try {
  const options = readOptions();
  const address = findStack({
    ...(options.url === undefined ? {} : { url: options.url }),
    ...(options.key === undefined ? {} : { key: options.key }),
  });
  const lines = readLog(readGivenFile(options.log));
  for (const line of lines) {
    if (line.kind === 'unreadable') console.log(`line ${line.number} ${line.reason}: not sent`);
  }
  const { people, speeches } = assignPeople(lines);
  if (speeches.length === 0) throw new ReplayRefusal(`${options.log} holds no message.`);
  const renames = lines.filter(({ kind }) => kind === 'rename').length;
  console.log(
    `${lines.length} lines: ${speeches.length} to send by ${people.length} people, ${renames} renames`,
  );
  const { links, leftOut } =
    options.replies === undefined
      ? { links: new Map<number, number>(), leftOut: new Map<string, number>() }
      : readReplyLinks(readGivenFile(options.replies).toString('utf8'), lines);
  if (options.replies !== undefined) console.log(`${links.size} of them answer another`);
  for (const [reason, count] of leftOut) console.log(`${count} links left out: ${reason}`);

  printResult(
    await runReplay({
      address,
      title: `Replay of ${basename(options.log)}`,
      people,
      speeches,
      links,
      patience: options.patience,
      print: (line) => console.log(`  ${line}`),
    }),
  );
} catch (error) {
  if (error instanceof GuildhallError) {
    console.error(`${error.message} (${error.code})`);
  } else if (error instanceof ReplayRefusal) {
    console.error(error.message);
  } else {
    console.error(error);
  }
  process.exitCode = 1;
}
// Whatever a client still waits for must not keep a finished or failed replay open.
process.exit();
