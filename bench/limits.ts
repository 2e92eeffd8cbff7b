// What a call costs that its limit refuses, beside the same call that is served: whoever hammers must cost the database less than whoever
// is let through. Both in turns, by two people who stand in the same relation to everything. The figures of one run: compare the
// ratios, not milliseconds of two machines.
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl } from './bench-database.ts';
import { callAs } from './caller.ts';
import { createBenchCommunity } from './community.ts';
import { Timings } from './timings.ts';

const { values } = parseArgs({
  options: { 'database-url': { type: 'string' }, rounds: { type: 'string', default: '500' } },
});
const rounds = Number(values.rounds);
const warmUpRounds = 50;
const turns = rounds + warmUpRounds;
/** A request for friendship that waits counts, and at most 100 of them may. */
const askers = Math.ceil(turns / 90);

const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']));
// What is compared is work, and not how long this machine's disk takes to say that it has it.
await session`set synchronous_commit = off`;
await session`update private.rate_limit_catalog set capacity = 1000000000`;

/** Uses up these limits of somebody's, for longer than the bench takes. */
const exhaust = (userId: string, ...keys: string[]) =>
  session`
    insert into private.rate_limits (limit_key, subject, full_at)
    select key, ${userId}, now() + interval '1 year' from unnest(${keys}::text[]) as key
    on conflict (limit_key, subject) do update set full_at = excluded.full_at`;

const timed = async (userId: string, statement: string, parameters: (string | number)[]) => {
  const startedAt = performance.now();
  const error = await callAs(
    session,
    { role: 'authenticated', userId },
    statement,
    parameters,
  ).then(
    () => undefined,
    (reason: { code?: string; detail?: string }) => reason,
  );
  return { ms: performance.now() - startedAt, error };
};

interface Comparison {
  statement: string;
  /** Who is served in this turn; each of them could be the one who is not. */
  served(turn: number): string;
  refused: string;
  parameters(turn: number): (string | number)[];
}

const { channelId, communityId, ownerId, memberIds } = await createBenchCommunity(
  session,
  'bench/limits',
  turns + askers + 10,
);
const outside = await createBenchCommunity(session, 'bench/limits outside', turns + 2);
const [hammering = '', busy = '', ...others] = memberIds;
const asking = others.slice(0, askers);
const asked = others.slice(askers);
const [outsider = '', ...outsiders] = outside.memberIds;
await exhaust(hammering, 'message_send', 'direct_open', 'friend_request', 'report');
await exhaust(outsider, 'invite_try');
for (let turn = 0; turn < turns; turn += 1) {
  await callAs(
    session,
    { role: 'authenticated', userId: ownerId },
    'select * from public.send_message($1, $2)',
    [channelId, `Message ${turn} to be reported, as long as people write`],
  );
}
const invite = await callAs(
  session,
  { role: 'authenticated', userId: ownerId },
  'select * from public.create_invite($1)',
  [communityId],
);
const code = invite.rows[0]?.code as string;
await session.unsafe('vacuum (analyze)');

const comparisons: Record<string, Comparison> = {
  send_message: {
    statement: 'select * from public.send_message($1, $2, $3)',
    served: () => busy,
    refused: hammering,
    parameters: (turn) => [
      channelId,
      `Round ${turn} of the bench, as long as people write`,
      crypto.randomUUID(),
    ],
  },
  open_direct: {
    statement: 'select * from public.open_direct($1)',
    served: () => busy,
    refused: hammering,
    parameters: (turn) => [asked[turn] as string],
  },
  request_friend: {
    statement: 'select public.request_friend($1)',
    served: (turn) => asking[turn % askers] as string,
    refused: hammering,
    parameters: (turn) => [asked[turn] as string],
  },
  report_message: {
    statement: `select * from public.report_message($1, $2, 'spam')`,
    served: () => busy,
    refused: hammering,
    parameters: (turn) => [channelId, turn + 1],
  },
  redeem_invite: {
    statement: 'select public.redeem_invite($1)',
    served: (turn) => outsiders[turn] as string,
    refused: outsider,
    parameters: () => [code],
  },
};

const [server] = await session`
  select current_setting('server_version') as version, current_setting('fsync') as fsync`;
console.log(`PostgreSQL ${server?.version}, fsync ${server?.fsync}, ${rounds} rounds, one client`);
console.log('milliseconds of whole transactions   served   refused   ratio (goal below 1)');
let isMissed = false;
try {
  for (const [name, { statement, served, refused, parameters }] of Object.entries(comparisons)) {
    const [through, stopped] = [new Timings(), new Timings()];
    for (let turn = 0; turn < turns; turn += 1) {
      const given = parameters(turn);
      const first = await timed(refused, statement, given);
      if (first.error?.code !== 'PT429') throw new Error(`${name} was not refused: ${first.error}`);
      const second = await timed(served(turn), statement, given);
      if (second.error !== undefined) {
        throw new Error(`${name} was refused: ${second.error} ${second.error.detail}`);
      }
      if (turn < warmUpRounds) continue;
      through.add(second.ms);
      stopped.add(first.ms);
    }
    const ratio = stopped.median / through.median;
    isMissed ||= ratio >= 1;
    console.log(
      `  ${name.padEnd(34)} ${through.median.toFixed(3).padStart(6)}   ${stopped.median.toFixed(3).padStart(7)}   ${ratio.toFixed(2)}: ${ratio < 1 ? 'met' : 'MISSED'}`,
    );
  }
} finally {
  await session.end();
}
if (isMissed) process.exitCode = 1;
