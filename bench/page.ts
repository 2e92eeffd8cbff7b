// A page of 50 messages through the gated function, against the same index scan without any check; the same for a member
// who may not view the channel; and of a channel of 10,000 messages beside it. The figures of one run: compare the ratios, not milliseconds of two machines.
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl, type Session } from './bench-database.ts';
import { callAs } from './caller.ts';
import { createBenchCommunity } from './community.ts';
import { Timings, verdict } from './timings.ts';

const goal = 1.6;
/** The page of a long channel against that of a short one. */
const lengthGoal = 1.2;
const shortCount = 10_000;
const scan = `select * from (
    select * from public.messages where channel_id = $1 order by seq desc limit 50
  ) page order by seq`;
const page = 'select * from public.list_messages($1, 50)';

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    messages: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '2000' },
    plan: { type: 'boolean', default: false },
  },
});
const messageCount = Number(values.messages);
const rounds = Number(values.rounds);

interface Channel {
  channelId: string;
  memberId: string;
  deniedId: string;
}

/** A channel with its messages, a member, and a member who may not view it; made at the first run, found at the next. */
async function prepareChannel(session: Session, messageCount: number): Promise<Channel> {
  const name = `bench/page ${messageCount}`;
  const [known] = await session`
    select h.channel_id, m.user_id as member_id, w.user_id as denied_id
    from public.communities c
    join public.channels ch on ch.community_id = c.id
    join private.channel_heads h on h.channel_id = ch.id and h.last_seq = ${messageCount}
    join public.channel_overwrites w on w.channel_id = h.channel_id
    join public.community_members m
      on m.community_id = c.id and m.user_id not in (c.owner_id, w.user_id)
    where c.name = ${name}
    limit 1`;
  if (known !== undefined) {
    return {
      channelId: known.channel_id,
      memberId: known.member_id,
      deniedId: known.denied_id,
    };
  }
  console.log(`Preparing ${messageCount} messages …`);
  const { communityId, channelId, memberIds } = await createBenchCommunity(session, name, 200);
  const [deniedId = '', memberId = ''] = memberIds;
  // Search is not measured here, and its index would take most of the time of a long load.
  if (messageCount > 1_000_000) await session`drop index if exists public.messages_lexemes`;
  await session.begin(async (tx) => {
    await tx`
      insert into public.channel_overwrites (community_id, channel_id, user_id, deny)
      values (${communityId}, ${channelId}, ${deniedId}, private.permission_mask('view_channel'))`;
    await tx`select private.assign_access_classes(${communityId}, ${[deniedId]}::uuid[])`;
    // Only the load: no foreign key checks, no triggers.
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into public.messages (channel_id, seq, author_id, body, client_nonce, revision, created_at)
      select ${channelId}, n, (${memberIds}::uuid[])[1 + n % ${memberIds.length}::int],
        'Message number ' || n || ': ' || repeat('as long as people write ', (n % 7)::int),
        gen_random_uuid()::text, n, now() - make_interval(secs => ${messageCount}::int - n)
      from generate_series(1, ${messageCount}::int) as n`;
    await tx`
      update private.channel_heads set last_seq = ${messageCount}, revision = ${messageCount}
      where channel_id = ${channelId}`;
  });
  return { channelId, memberId, deniedId };
}

interface Variant {
  name: string;
  role: 'postgres' | 'authenticated';
  userId: string;
  statement: string;
  /** Rows the answer must have; null where the database must refuse with not_found. */
  expectedRows: number | null;
}

async function runOnce(session: Session, { channelId }: Channel, variant: Variant) {
  const startedAt = performance.now();
  try {
    const { wholeMs, statementMs, rows } = await callAs(session, variant, variant.statement, [
      channelId,
    ]);
    if (rows.length !== variant.expectedRows) {
      throw new Error(`${variant.name}: ${rows.length} rows, ${variant.expectedRows} expected.`);
    }
    return { wholeMs, statementMs };
  } catch (error) {
    const isRefusal = (error as { code?: string }).code === 'PT404';
    if (!isRefusal || variant.expectedRows !== null) throw error;
    return { wholeMs: performance.now() - startedAt, statementMs: Number.NaN };
  }
}

async function printPlans(
  session: Session,
  channel: Channel,
  variants: Variant[],
  plans: string[],
) {
  await session.unsafe(
    `load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
     set auto_explain.log_buffers = on; set auto_explain.log_nested_statements = on;
     set auto_explain.log_level = notice`,
  );
  for (const variant of variants) {
    plans.length = 0;
    await runOnce(session, channel, variant);
    const own = plans.filter((plan) => !/set_config|^begin|^commit/i.test(plan));
    console.log(`\n=== ${variant.name}\n${own.join('\n')}`);
  }
}

const notices: string[] = [];
const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']), (notice) => {
  if (values.plan) notices.push(notice);
});
try {
  const channel = await prepareChannel(session, messageCount);
  const short = await prepareChannel(session, shortCount);
  await session.unsafe('vacuum (analyze)');
  const { memberId, deniedId } = channel;
  const baseline: Variant = {
    name: 'index scan, no check',
    role: 'postgres',
    userId: memberId,
    statement: scan,
    expectedRows: 50,
  };
  const asMember = { role: 'authenticated', userId: memberId, expectedRows: 50 } as const;
  const asDenied = { role: 'authenticated', userId: deniedId } as const;
  const checked: Variant[] = [
    { ...asMember, name: 'member, list_messages()', statement: page },
    { ...asMember, name: 'member, table', statement: scan },
    { ...asDenied, name: 'denied, list_messages()', statement: page, expectedRows: null },
    { ...asDenied, name: 'denied, table', statement: scan, expectedRows: 0 },
  ];
  const inShort: Variant = {
    ...asMember,
    userId: short.memberId,
    name: `member, ${shortCount} messages`,
    statement: page,
  };
  const variants = [baseline, ...checked, inShort];
  const whole = new Map(variants.map((variant) => [variant, new Timings()]));
  const alone = new Map(variants.map((variant) => [variant, new Timings()]));

  for (let round = -200; round < rounds; round += 1) {
    for (const variant of variants) {
      const { wholeMs, statementMs } = await runOnce(
        session,
        variant === inShort ? short : channel,
        variant,
      );
      // The first rounds warm up: caches, prepared statements, the JavaScript engine.
      if (round < 0) continue;
      whole.get(variant)?.add(wholeMs);
      alone.get(variant)?.add(statementMs);
    }
  }

  const [version] = await session`select current_setting('server_version') as server`;
  console.log(
    `PostgreSQL ${version?.server}, ${messageCount} messages in the channel, ${rounds} rounds, one client`,
  );
  console.log('milliseconds of whole transactions   median     p95   statement alone');
  for (const variant of variants) {
    const time = whole.get(variant) as Timings;
    const statement = alone.get(variant) as Timings;
    console.log(
      `  ${variant.name.padEnd(33)} ${time.median.toFixed(3).padStart(7)} ${time.p95.toFixed(3).padStart(7)}   ${Number.isNaN(statement.median) ? '      -' : statement.median.toFixed(3).padStart(7)}`,
    );
  }
  const base = whole.get(baseline) as Timings;
  for (const variant of checked) {
    const ratio = (whole.get(variant) as Timings).median / base.median;
    console.log(`ratio ${variant.name.padEnd(25)} ${verdict(ratio, goal)}`);
  }
  const inLong = whole.get(checked[0] as Variant) as Timings;
  console.log(
    `ratio ${messageCount} / ${shortCount} messages ${verdict(inLong.median / (whole.get(inShort) as Timings).median, lengthGoal)}`,
  );
  if (values.plan) await printPlans(session, channel, [baseline, ...checked], notices);
} finally {
  await session.end();
}
