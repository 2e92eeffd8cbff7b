// What voice costs: 10,000 leases that are renewed, joins and leaves by the size of the community, the sweep of what has lapsed, and what
// all these leases add to a change of a role. The figures of one run: compare the ratios, not milliseconds of two machines.
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl } from './bench-database.ts';
import { callAs } from './caller.ts';
import { type BenchCommunity, createBenchCommunity } from './community.ts';
import { Timings, verdict } from './timings.ts';

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    leases: { type: 'string', default: '10000' },
    members: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '300' },
    plan: { type: 'boolean', default: false },
  },
});
const leaseCount = Number(values.leases);
const memberCount = Number(values.members);
const rounds = Number(values.rounds);
const seats = 8;
const communityCount = 10;

const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']));

// The sweep comes when it is its turn here.
await session`delete from cron.job where jobname = 'guildhall:sweep_voice'`;

interface Seat {
  userId: string;
  channelId: string;
}

/** Voice channels made in bulk, with what each class may do in them. */
async function createVoiceChannels(
  { communityId }: BenchCommunity,
  count: number,
): Promise<string[]> {
  const rows = await session`
    insert into public.channels (community_id, kind, name, position)
    select ${communityId}, 'voice', 'voice ' || n, n from generate_series(1, ${count}::int) as n
    returning id`;
  await session`select private.resolve_access(${communityId})`;
  return rows.map(({ id }) => id as string);
}

const ask = ({ userId }: { userId: string }, statement: string, ...parameters: (string | null)[]) =>
  callAs(session, { role: 'authenticated', userId }, statement, parameters);
const join = (seat: Seat) => ask(seat, 'select public.join_voice($1)', seat.channelId);

/** What the lease table's pages saw since the last call. */
async function writes(): Promise<{ updated: number; inPlace: number }> {
  await session`select pg_stat_force_next_flush()`;
  const [row] = await session`
    select n_tup_upd::int as updated, n_tup_hot_upd::int as "inPlace"
    from pg_stat_user_tables where schemaname = 'private' and relname = 'voice_sessions'`;
  return row as unknown as { updated: number; inPlace: number };
}

// The leases: 1,250 rooms of 8 in ten communities.
const perCommunity = leaseCount / communityCount;
const leased: Seat[] = [];
const communities: BenchCommunity[] = [];
for (let n = 0; n < communityCount; n += 1) {
  const community = await createBenchCommunity(session, `Voice ${n}`, perCommunity + 1);
  communities.push(community);
  const channelIds = await createVoiceChannels(community, Math.ceil(perCommunity / seats));
  community.memberIds.forEach((userId, i) => {
    leased.push({ userId, channelId: channelIds[Math.floor(i / seats)] as string });
  });
}
await session`analyze`;
const joinedAt = performance.now();
for (const [n, seat] of leased.entries()) {
  await join(seat);
  // As autovacuum sees to it: a plan made for an empty table is not kept.
  if (n % 500 === 100) await session`analyze private.voice_sessions`;
}
const joinMs = (performance.now() - joinedAt) / leased.length;
console.log(`${leased.length} leases taken by join_voice: ${joinMs.toFixed(2)} ms each`);
await session`analyze`;

// Renewals, each beside a bare update of another lease by its key.
const due = () =>
  session`update private.voice_sessions set expires_at = clock_timestamp() + interval '39 seconds' where expires_at < clock_timestamp() + interval '39 seconds'`;
await due();
await session`vacuum private.voice_sessions`;
let before = await writes();
const written = { updated: 0, inPlace: 0 };
const count = async () => {
  const now = await writes();
  written.updated += now.updated - before.updated;
  written.inPlace += now.inPlace - before.inPlace;
  before = now;
};
let dueAt = performance.now();
const renewed = new Timings();
const bare = new Timings();
let renewals = 0;
const startedAt = performance.now();
for (const [n, seat] of leased.entries()) {
  // Long runs outlast the leases: all of them stay due, and that is not counted.
  if (performance.now() - dueAt > 25_000) {
    await count();
    await due();
    before = await writes();
    dueAt = performance.now();
  }
  if (n % 2 === 0) {
    renewed.add((await ask(seat, 'select public.renew_voice($1)', seat.channelId)).wholeMs);
    renewals += 1;
  } else {
    const update = `update private.voice_sessions set expires_at = clock_timestamp() + interval '45 seconds'
      where user_id = $1 and device_id = '00000000-0000-0000-0000-000000000000'`;
    const { wholeMs } = await callAs(session, { role: 'postgres', userId: seat.userId }, update, [
      seat.userId,
    ]);
    bare.add(wholeMs);
  }
}
const seconds = (performance.now() - startedAt) / 1000;
await count();
console.log(
  `renew_voice among ${leased.length} leases: median ${renewed.median.toFixed(2)} ms; one client, alternating with bare updates: ${(renewals / (seconds / 2)).toFixed(0)} a second`,
);
console.log(`  against a bare update of the row: ${verdict(renewed.median / bare.median, 3)}`);
console.log(
  `  rows rewritten ${written.updated}, of them in place, no index touched: ${((100 * written.inPlace) / written.updated).toFixed(1)} %`,
);

// A flood of renewals writes nothing.
const flood = await writes();
const [first] = leased as [Seat];
await ask(first, 'select public.renew_voice($1)', first.channelId);
const once = await writes();
for (let n = 0; n < 100; n += 1) {
  await ask(first, 'select public.renew_voice($1)', first.channelId);
}
const many = await writes();
console.log(
  `  100 renewals of one lease at once: ${many.updated - once.updated} rows rewritten (the first: ${once.updated - flood.updated})`,
);

// Joining and leaving, by the size of the community.
const sizes = [10, memberCount];
const rooms = new Map<number, Seat>();
const bySize = new Map<number, BenchCommunity>();
for (const size of sizes) {
  const community = await createBenchCommunity(session, `Size ${size}`, size);
  bySize.set(size, community);
  const [channelId] = await createVoiceChannels(community, 1);
  rooms.set(size, { userId: community.memberIds[0] as string, channelId: channelId as string });
}
await session`analyze`;
const joining = new Map(sizes.map((size) => [size, new Timings()]));
const leaving = new Map(sizes.map((size) => [size, new Timings()]));
for (let n = 0; n < rounds; n += 1) {
  await session`delete from private.rate_limits where limit_key = 'voice_join'`;
  for (const [size, seat] of rooms) {
    joining.get(size)?.add((await join(seat)).wholeMs);
    const left = await ask(seat, 'select public.leave_voice($1)', seat.channelId);
    leaving.get(size)?.add(left.wholeMs);
  }
}
for (const [what, timings] of [
  ['join_voice', joining],
  ['leave_voice', leaving],
] as const) {
  const [small, large] = sizes.map((size) => timings.get(size)?.median ?? Number.NaN) as [
    number,
    number,
  ];
  console.log(
    `${what} among ${memberCount} members ${large.toFixed(2)} ms, among 10 ${small.toFixed(2)} ms: ${verdict(large / small, 1.2)}`,
  );
}

// A role of nearly everybody saved where a thousand of them are in voice, against where nobody is.
const quiet = bySize.get(memberCount) as BenchCommunity;
const busy = await createBenchCommunity(session, 'Busy', memberCount);
await createVoiceChannels(quiet, Math.ceil(perCommunity / seats));
const busyChannels = await createVoiceChannels(busy, Math.ceil(perCommunity / seats));
for (const [n, userId] of busy.memberIds.slice(0, perCommunity).entries()) {
  await join({ userId, channelId: busyChannels[Math.floor(n / seats)] as string });
}
await session`analyze`;
const saves = new Map([busy, quiet].map((community) => [community, new Timings()]));
for (let n = 0; n < 40; n += 1) {
  await session`delete from private.rate_limits where limit_key = 'community_change'`;
  for (const [community, timings] of saves) {
    const [role] = await session`
      select id from public.roles where community_id = ${community.communityId} and is_default`;
    const speak = n % 2 === 0 ? '' : ',speak';
    const { wholeMs } = await ask(
      { userId: community.ownerId },
      `select public.set_role_permissions($1, $2::text[])`,
      role?.id as string,
      `{view_channel,connect${speak}}`,
    );
    timings.add(wholeMs);
  }
}
console.log(
  `a role saved that mutes ${perCommunity} of ${memberCount} who are in voice, against the same where nobody is: ${(
    (saves.get(busy)?.median ?? 0) / (saves.get(quiet)?.median ?? 1)
  ).toFixed(2)} (${(saves.get(busy)?.median ?? 0).toFixed(1)} ms)`,
);

// The sweep of all of them.
await session`
  update private.voice_sessions set expires_at = clock_timestamp() - interval '1 second' where true`;
const [expired] = await session`
  select count(*)::int as leases, count(distinct channel_id)::int as rooms from private.voice_sessions`;
await session`delete from realtime.messages where event = 'roster_changed'`;
const sweptAt = performance.now();
await session`select private.sweep_voice()`;
const sweepMs = performance.now() - sweptAt;
const [swept] = await session`
  select (select count(*)::int from private.voice_sessions) as remaining,
    (select count(*)::int from realtime.messages where event = 'roster_changed') as events`;
console.log(
  `one sweep of ${expired?.leases} lapsed leases in ${expired?.rooms} channels: ${sweepMs.toFixed(0)} ms, ${swept?.events} roster events, ${swept?.remaining} leases remain`,
);

// What the sweep reads when there is nothing to do.
const idle = new Timings();
for (const seat of leased.slice(0, 1000)) await join(seat);
for (let n = 0; n < 50; n += 1) {
  const at = performance.now();
  await session`select private.sweep_voice()`;
  idle.add(performance.now() - at);
}
console.log(`a sweep that finds nothing among 1,000 leases: ${idle.median.toFixed(2)} ms`);

if (values.plan) {
  for (const statement of [
    `select * from private.live_voice_sessions s where s.channel_id = '${first.channelId}'`,
    `select * from private.voice_sessions s where s.user_id = '${first.userId}' and s.expires_at > now()`,
  ]) {
    const rows = await session.unsafe(`explain (analyze, buffers, costs off) ${statement}`);
    console.log(rows.map((row) => row['QUERY PLAN']).join('\n'));
  }
}
await session.end();
