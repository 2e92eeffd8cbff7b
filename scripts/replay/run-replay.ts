import { randomUUID } from 'node:crypto';
import { GuildhallError, type LiveStats, type Message } from '../../sdk/src/index.ts';
import { type CuttableTransport, createCuttableTransport } from './cuttable-transport.ts';
import { Follower } from './follower.ts';
import { inTurns } from './in-turns.ts';
import {
  leave,
  type NetworkTroubles,
  type Participant,
  ReplayRefusal,
  type StackAddress,
  signUp,
} from './participant.ts';
import type { Person, Speech } from './people.ts';
import { Progress } from './progress.ts';
import {
  firstDifference,
  type Transcript,
  type TranscriptEntry,
  transcriptOf,
} from './transcript.ts';

export interface ReplayOptions {
  address: StackAddress;
  /** Name of the community, cut to what a community may be called. */
  title: string;
  people: readonly Person[];
  speeches: readonly Speech[];
  /** The line of an answer to the line it answers. */
  links: ReadonlyMap<number, number>;
  /** Seconds to go on trying when the stack does not answer. */
  patience: number;
  print: (line: string) => void;
}

export interface ReplayResult {
  messages: number;
  seconds: number;
  transcripts: readonly Transcript[];
  /** The first thing of each transcript that is not as it was said. */
  differences: readonly string[];
  follower: LiveStats;
  cutOff: LiveStats;
  troubles: NetworkTroubles;
}

/** Milliseconds, at least, until a client that follows must be live or have caught up. */
const livelyMs = 60_000;

const whiteSpace =
  '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';

/** A text as the database keeps it: without white space around it, in normal form C. Not trim(), which takes more. */
function asKept(body: string): string {
  return body.replace(new RegExp(`^${whiteSpace}|${whiteSpace}$`, 'g'), '').normalize('NFC');
}

/** Says a whole log to a running stack and compares what everybody heard. */
export async function runReplay(options: ReplayOptions): Promise<ReplayResult> {
  const { people, speeches, links, patience, print } = options;
  const timeoutMs = Math.max(livelyMs, patience * 1_000);
  const progress = new Progress(print);
  const troubles: NetworkTroubles = { rateLimited: 0, unanswered: 0 };
  const transport = createCuttableTransport();
  // Names may be taken by an earlier run; addresses never are.
  const run = randomUUID().slice(0, 8);
  const enter = (name: string, mark: string, cuttable?: CuttableTransport) =>
    signUp({
      address: options.address,
      email: `replay-${run}-${mark}@example.com`,
      username: name,
      patience,
      troubles,
      ...(cuttable === undefined ? {} : { transport: cuttable.WebSocket }),
    });

  await requireStack(options.address);
  progress.say(`signing up ${people.length} people (run ${run})`);
  const founder = await enter('Founder', 'founder');
  const listeners = [
    await enter('Follower', 'follower'),
    await enter('Cut off', 'cut-off', transport),
  ] as const;
  const senders = await inTurns(people, 4, async (person, done) => {
    progress.tick(() => `signing up: ${done} of ${people.length}`);
    return enter(person.nick, String(person.index));
  });

  const { channelId, code } = await foundCommunity(founder, `${options.title} (${run})`);
  await inTurns([...listeners, ...senders], 4, async ({ guildhall }, done) => {
    progress.tick(() => `joining by invite: ${done} of ${senders.length + listeners.length}`);
    await guildhall.communities.redeemInvite({ code });
  });

  const follower = new Follower('follower', listeners[0], channelId);
  const cutOff = new Follower('cut off twice', listeners[1], channelId);
  await Promise.all([follower.open(timeoutMs), cutOff.open(timeoutMs)]);

  progress.say(`sending ${speeches.length} lines`);
  const startedAt = performance.now();
  const cuts = new Cuts(speeches.length, { cutOff, transport, timeoutMs, progress });
  const acknowledged: Message[] = [];
  const said: TranscriptEntry[] = [];
  const seqOfLine = new Map<number, number>();
  let waits = 0;
  // One after the other: what is sent side by side is numbered in the order of commits, not in that of the log.
  for (const [index, speech] of speeches.entries()) {
    await cuts.before(index);
    const sender = senders[speech.person.index] as Participant;
    const target = links.get(speech.line);
    const replyToSeq = target === undefined ? null : (seqOfLine.get(target) ?? null);
    const message = await send(sender, channelId, speech, replyToSeq, patience);
    acknowledged.push(message);
    seqOfLine.set(speech.line, message.seq);
    said.push({ seq: index + 1, authorId: sender.userId, body: asKept(speech.body), replyToSeq });
    progress.tick(() => {
      const wait =
        troubles.rateLimited > waits
          ? `; ${speech.person.nick} had to wait for the rate limit`
          : '';
      waits = troubles.rateLimited;
      return `sent ${index + 1} of ${speeches.length}, follower has ${follower.size}, cut off has ${cutOff.size}${wait}`;
    });
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  cuts.end();

  const last = acknowledged.at(-1)?.revision ?? 0;
  await Promise.all([follower, cutOff].map((listener) => listener.caughtUpWith(last, timeoutMs)));
  await cutOff.untilLive(timeoutMs);
  const transcripts = [
    transcriptOf('acknowledged', acknowledged),
    await follower.transcript(),
    await cutOff.transcript(),
    transcriptOf('read back', await readBack(founder, channelId)),
  ];
  const differences = [
    ...transcripts.map((transcript) => firstDifference(said, transcript)),
    follower.disorder,
    cutOff.disorder,
    cuts.failure,
  ].filter((difference) => difference !== null);

  const result = {
    messages: acknowledged.length,
    seconds,
    transcripts,
    differences,
    follower: follower.stats,
    cutOff: cutOff.stats,
    troubles,
  };
  await Promise.all([follower.close(), cutOff.close(), ...[founder, ...senders].map(leave)]);
  return result;
}

/** One clear sentence instead of whatever the first sign-up would say. */
async function requireStack({ url }: StackAddress): Promise<void> {
  try {
    await (await fetch(url)).body?.cancel();
  } catch {
    throw new ReplayRefusal(`Nothing answers at ${url}.`);
  }
}

async function foundCommunity(founder: Participant, title: string) {
  const { communities } = founder.guildhall;
  const community = await communities.create({ name: [...title].slice(0, 100).join('') });
  const channels = await communities.listChannels({ communityId: community.id });
  const channel = channels.find(({ kind }) => kind === 'text');
  if (channel === undefined) throw new ReplayRefusal('The new community has no text channel.');
  const invite = await communities.createInvite({ communityId: community.id });
  return { channelId: channel.id, code: invite.code };
}

async function send(
  { guildhall }: Participant,
  channelId: string,
  { body, line, person }: Speech,
  replyToSeq: number | null,
  patience: number,
): Promise<Message> {
  try {
    return await guildhall.messages.send({
      channelId,
      body,
      // The SDK repeats a send that carries a nonce until it is answered, and the same nonce is the same message.
      clientNonce: randomUUID(),
      ...(replyToSeq === null ? {} : { replyToSeq }),
    });
  } catch (error) {
    if (!(error instanceof GuildhallError)) throw error;
    throw new ReplayRefusal(
      `Line ${line} by ${person.nick} was not sent within ${patience} s: ${error.message} (${error.code})`,
      { cause: error },
    );
  }
}

async function readBack({ guildhall }: Participant, channelId: string): Promise<Message[]> {
  const pages: Message[][] = [];
  for (;;) {
    const oldest = pages[0]?.[0]?.seq;
    const page = await guildhall.messages.list({
      channelId,
      limit: 100,
      ...(oldest === undefined ? {} : { beforeSeq: oldest }),
    });
    if (page.length === 0) return pages.flat();
    pages.unshift(page);
  }
}

interface CutOptions {
  cutOff: Follower;
  transport: CuttableTransport;
  timeoutMs: number;
  progress: Progress;
}

/** When the one client is cut off, and for how many lines: from a quarter on, and again later, an eighth each. */
class Cuts {
  readonly #events: { at: number; happen: () => Promise<void> }[];
  readonly #transport: CuttableTransport;
  #destroyed = 0;

  constructor(lines: number, { cutOff, transport, timeoutMs, progress }: CutOptions) {
    this.#transport = transport;
    const cut = async () => {
      // Also after the first cut: a second one while the client is still away would cut nothing.
      await cutOff.untilLive(timeoutMs);
      if (transport.cut() > 0) this.#destroyed += 1;
      progress.say(`cut off the client that has ${cutOff.size} messages`);
    };
    const restore = async () => {
      transport.restore();
      progress.say(`let it reconnect (${transport.refused} attempts refused so far)`);
    };
    const after = (share: number) => Math.floor(lines * share);
    this.#events = [
      { at: after(1 / 4), happen: cut },
      { at: after(3 / 8), happen: restore },
      { at: after(5 / 8), happen: cut },
      { at: after(6 / 8), happen: restore },
    ];
  }

  async before(index: number): Promise<void> {
    while (this.#events[0] !== undefined && this.#events[0].at <= index) {
      await this.#events.shift()?.happen();
    }
  }

  end(): void {
    this.#transport.restore();
  }

  /** Why this run proves nothing about reconnecting; null when both cuts hit an open socket. */
  get failure(): string | null {
    return this.#destroyed === 2
      ? null
      : `cut off twice: only ${this.#destroyed} cuts hit a socket`;
  }
}
