// A send in a community of 10 against one in a community of 100,000 members: its cost must not follow the audience.
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl, type Session } from './bench-database.ts';
import { callAs } from './caller.ts';
import { type BenchCommunity, createBenchCommunity } from './community.ts';
import { Timings, verdict } from './timings.ts';

const goal = 1.1;
/** As many people take turns in either community, so that both have the same rate limits, caches and authors. */
const senders = 10;
const warmUpRounds = 200;
const send = 'select * from public.send_message($1, $2, $3)';

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    rounds: { type: 'string', default: '2000' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds + warmUpRounds > senders * 300) {
  console.error(
    `--rounds takes 1 to ${senders * 300 - warmUpRounds}: more would meet the rate limit.`,
  );
  process.exit(1);
}

/** The community of this size from an earlier run, or a new one. */
async function prepareCommunity(session: Session, memberCount: number): Promise<BenchCommunity> {
  const name = `bench/send ${memberCount}`;
  const [known] = await session`
    select c.id, c.owner_id, ch.id as channel_id,
      array(select m.user_id from public.community_members m
        where m.community_id = c.id and m.user_id <> c.owner_id order by m.user_id limit ${senders}::int) as members
    from public.communities c
    join public.channels ch on ch.community_id = c.id
    where c.name = ${name}
    limit 1`;
  const community =
    known === undefined
      ? await createBenchCommunity(session, name, memberCount)
      : {
          communityId: known.id,
          channelId: known.channel_id,
          ownerId: known.owner_id,
          memberIds: known.members,
        };
  const authors = [community.ownerId, ...community.memberIds].slice(0, senders);
  // What an earlier run has used up of these people's limit.
  await session`
    delete from private.rate_limits where limit_key = 'message_send' and subject = any (${authors})`;
  return { ...community, memberIds: authors };
}

/** Of feeds: the jobs tell of activity meanwhile, on topics of their own. */
async function countBroadcasts(session: Session): Promise<number> {
  const [row] =
    await session`select count(*)::int as rows from realtime.messages where topic like 'channel:%'`;
  return row?.rows as number;
}

/** Rows of realtime.messages at the start of the measurement. */
const broadcastsToday = 200_000;

const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']));
try {
  const communities = [];
  for (const memberCount of [10, 100_000]) {
    const community = await prepareCommunity(session, memberCount);
    communities.push({ memberCount, community, whole: new Timings(), alone: new Timings() });
  }
  // A busy day: every send looks for its own broadcast among all that today's partition holds.
  await session.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into realtime.messages (topic, extension, event, payload, private)
      select 'bench:' || n, 'broadcast', 'happened', '{}', true
      from generate_series(1, ${broadcastsToday} - (select count(*)::int from realtime.messages)) as n`;
  });
  await session.unsafe('vacuum (analyze)');

  const broadcastsBefore = await countBroadcasts(session);
  let sends = 0;
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const { community, whole, alone } of communities) {
      const userId = community.memberIds[(round + warmUpRounds) % senders] ?? '';
      const { wholeMs, statementMs, rows } = await callAs(
        session,
        { role: 'authenticated', userId },
        send,
        [
          community.channelId,
          `Round ${round} of the bench, as long as people write`,
          crypto.randomUUID(),
        ],
      );
      if (rows[0]?.author_id !== userId) throw new Error('A send did not return its message.');
      sends += 1;
      if (round < 0) continue;
      whole.add(wholeMs);
      alone.add(statementMs);
    }
  }
  const broadcasts = (await countBroadcasts(session)) - broadcastsBefore;

  const [server] = await session`
    select current_setting('server_version') as version, current_setting('fsync') as fsync`;
  console.log(
    `PostgreSQL ${server?.version}, fsync ${server?.fsync}, ${rounds} rounds, one client, ${broadcastsToday} broadcasts stored today`,
  );
  console.log('milliseconds of whole transactions   median     p95   statement alone');
  for (const { memberCount, whole, alone } of communities) {
    console.log(
      `  send among ${String(memberCount).padEnd(22)} ${whole.median.toFixed(3).padStart(7)} ${whole.p95.toFixed(3).padStart(7)}   ${alone.median.toFixed(3).padStart(7)}`,
    );
  }
  const [small, large] = communities;
  if (small === undefined || large === undefined) throw new Error('Two communities are compared.');
  console.log(
    `ratio whole transaction   ${verdict(large.whole.median / small.whole.median, goal)}`,
  );
  console.log(
    `ratio statement alone     ${verdict(large.alone.median / small.alone.median, goal)}`,
  );
  const perSend = broadcasts / sends;
  console.log(
    `rows in realtime.messages per send  ${perSend} (goal 1: ${perSend === 1 ? 'met' : 'MISSED'})`,
  );
} finally {
  await session.end();
}
