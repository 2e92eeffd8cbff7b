// What a message costs beside the bare row: sending it, a page of them with all that is shown, and what is unread. The
// figures of one run: compare the ratios, not milliseconds of two machines.
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { openBenchDatabase, requireDatabaseUrl } from './bench-database.ts';
import { callAs } from './caller.ts';
import { createBenchCommunity } from './community.ts';
import { Timings, verdict } from './timings.ts';

const { values } = parseArgs({
  options: { 'database-url': { type: 'string' }, rounds: { type: 'string', default: '1000' } },
});
const rounds = Number(values.rounds);
const clients = 8;
const clientSeconds = 6;
const unreadChannels = 500;

const databaseUrl = requireDatabaseUrl(values['database-url']);
const session = await openBenchDatabase(databaseUrl);
// What is compared is work, and not how long this machine's disk takes to say that it has it.
await session`set synchronous_commit = off`;

/** No one is refused: what is measured is the work. */
async function liftLimits() {
  await session`update private.rate_limit_catalog set capacity = 1000000000`;
}

const asUser = (userId: string) => ({ role: 'authenticated', userId });

/** A copy of the table with the same columns and indexes, and nothing else. */
async function createBareTable() {
  await session.unsafe(`
    drop schema if exists bench cascade;
    create schema bench;
    create table bench.messages (like public.messages including defaults including indexes including constraints);
    grant usage on schema bench to postgres;
    grant insert on bench.messages to postgres`);
}

async function compareSends() {
  const { channelId, ownerId, memberIds } = await createBenchCommunity(
    session,
    'bench/messages',
    50,
  );
  await createBareTable();
  await session.unsafe('vacuum (analyze)');
  const people = [ownerId, ...memberIds];
  const [whole, bare] = [new Timings(), new Timings()];
  for (let round = -200; round < rounds; round += 1) {
    const userId = people[(round + 200) % people.length] as string;
    const body = `Round ${round} of the bench, as long as people write`;
    const nonce = crypto.randomUUID();
    const inserted = await callAs(
      session,
      { role: 'postgres', userId },
      `insert into bench.messages (channel_id, seq, author_id, author_name, body, client_nonce, revision)
       values ($1, $2, $3, 'Somebody', $4, $5, $2)`,
      [channelId, round + 201, userId, body, nonce],
    );
    const sent = await callAs(
      session,
      asUser(userId),
      'select * from public.send_message($1, $2, $3)',
      [channelId, body, nonce],
    );
    if (round < 0) continue;
    whole.add(sent.wholeMs);
    bare.add(inserted.wholeMs);
  }
  console.log(`send ${whole.median.toFixed(3)} ms, bare insert ${bare.median.toFixed(3)} ms`);
  console.log(`ratio send / bare insert ${verdict(whole.median / bare.median, 2.5)}`);
}

/** Sends a second by 8 clients, each on a connection of its own, into these channels in turn. */
async function sendsPerSecond(channelIds: readonly string[], people: readonly string[]) {
  const connections = Array.from({ length: clients }, () =>
    postgres(databaseUrl, { max: 1, connection: { synchronous_commit: 'off' } }),
  );
  let sent = 0;
  try {
    await Promise.all(connections.map((connection) => connection`select 1`));
    const until = performance.now() + clientSeconds * 1_000;
    await Promise.all(
      connections.map(async (connection, i) => {
        const channelId = channelIds[i % channelIds.length] as string;
        while (performance.now() < until) {
          await callAs(
            connection,
            asUser(people[i % people.length] as string),
            'select * from public.send_message($1, $2, $3)',
            [channelId, 'hello from one of eight', crypto.randomUUID()],
          );
          sent += 1;
        }
      }),
    );
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
  return sent / clientSeconds;
}

async function compareChannels() {
  const { communityId, channelId, ownerId, memberIds } = await createBenchCommunity(
    session,
    'bench/messages channels',
    clients,
  );
  const channelIds = [channelId];
  for (let i = 1; i < clients; i += 1) {
    const { rows } = await callAs(
      session,
      asUser(ownerId),
      'select * from public.create_channel($1, $2)',
      [communityId, `channel ${i}`],
    );
    channelIds.push(rows[0]?.id as string);
  }
  const people = [ownerId, ...memberIds];
  await sendsPerSecond(channelIds, people);
  const one = await sendsPerSecond([channelId], people);
  const eight = await sendsPerSecond(channelIds, people);
  console.log(
    `${clients} clients: ${one.toFixed(0)}/s in one channel, ${eight.toFixed(0)}/s in ${clients}`,
  );
  console.log(`ratio one / ${clients} channels ${verdict(one / eight, 1 / 1.5)}`);
}

async function comparePages() {
  const { communityId, channelId, ownerId, memberIds } = await createBenchCommunity(
    session,
    'bench/messages pages',
    50,
  );
  const rich = await callAs(
    session,
    asUser(ownerId),
    'select * from public.create_channel($1, $2)',
    [communityId, 'rich'],
  );
  const richId = rich.rows[0]?.id as string;
  await fill(channelId, memberIds, false);
  await fill(richId, memberIds, true);
  await session.unsafe('vacuum (analyze)');
  const scan = `select * from (
      select * from public.messages where channel_id = $1 order by seq desc limit 50
    ) page order by seq`;
  const variants = {
    'bare rows': [{ role: 'postgres', userId: ownerId }, scan, richId],
    'a page': [asUser(ownerId), 'select * from public.list_messages($1)', channelId],
    'a page with all of it': [asUser(ownerId), 'select * from public.list_messages($1)', richId],
  } as const;
  const timings = Object.fromEntries(Object.keys(variants).map((name) => [name, new Timings()]));
  for (let round = -50; round < rounds; round += 1) {
    for (const [name, [who, statement, id]] of Object.entries(variants)) {
      const { wholeMs, rows } = await callAs(session, who, statement, [id]);
      if (rows.length !== 50) throw new Error(`${name}: ${rows.length} rows.`);
      if (round >= 0) timings[name]?.add(wholeMs);
    }
  }
  for (const [name, { median }] of Object.entries(timings)) {
    console.log(`${name} ${median.toFixed(3)} ms`);
  }
  const bare = timings['bare rows'] as Timings;
  const full = timings['a page with all of it'] as Timings;
  console.log(
    `ratio page with all that is shown / bare rows ${verdict(full.median / bare.median, 3)}`,
  );
}

/**
 * 10,000 messages; where they are rich, each second one has reactions, each second one answers another, each fourth has a file, each
 * twentieth one more, which expires, and each fifth has a preview.
 */
async function fill(channelId: string, memberIds: readonly string[], isRich: boolean) {
  await session.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into public.messages (channel_id, seq, author_id, author_name, body, reply_to_seq, reactions, attachments, preview, revision)
      select ${channelId}, n, (${memberIds}::uuid[])[1 + n % ${memberIds.length}::int], 'Somebody',
        'Message number ' || n || ': ' || repeat('as long as people write ', (n % 7)::int),
        case when ${isRich} and n % 2 = 1 and n > 20 then n - 20 end,
        case when ${isRich} and n % 2 = 0 then '[{"emoji": "👍", "count": 3}, {"emoji": "🎉", "count": 1}]'::jsonb else '[]' end,
        case when ${isRich} and n % 4 = 0 then jsonb_build_array(
          jsonb_build_object('id', gen_random_uuid(), 'path', 'kept ' || n, 'name', 'a.png', 'content_type', 'image/png', 'size', 1000, 'expires_at', null)
        ) else '[]' end
        || case when ${isRich} and n % 20 = 0 then jsonb_build_array(
          jsonb_build_object('id', gen_random_uuid(), 'path', ${channelId}::text || n, 'expires_at', now() + interval '1 day')
        ) else '[]' end,
        case when ${isRich} and n % 5 = 0 then '{"url": "https://example.com/", "title": "A page", "description": "What it says", "site_name": null, "image_url": null}'::jsonb end,
        n
      from generate_series(1, 10000) as n`;
    await tx`
      insert into private.reactions (channel_id, seq, emoji, user_id)
      select ${channelId}, n, e, u
      from generate_series(2, 10000, 2) as n, unnest(array['👍', '🎉']) as e, unnest((${memberIds}::uuid[])[1:3]) as u
      where ${isRich}`;
    await tx`
      insert into private.attachments (path, channel_id, user_id, seq, shown, remove_at)
      select ${channelId}::text || n, ${channelId}, (${memberIds}::uuid[])[1], n,
        jsonb_build_object('path', ${channelId}::text || n, 'name', 'b.png', 'content_type', 'image/png', 'size', 1000), now() + interval '1 day'
      from generate_series(20, 10000, 20) as n
      where ${isRich}`;
    await tx`
      update private.channel_heads set last_seq = 10000, revision = 10000 where channel_id = ${channelId}`;
  });
}

async function compareUnread() {
  const { communityId, ownerId, memberIds } = await createBenchCommunity(
    session,
    'bench/messages unread',
    2,
  );
  const memberId = memberIds[0] as string;
  await session.begin(async (tx) => {
    await tx`
      insert into public.channels (community_id, kind, name, position)
      select ${communityId}, 'text', 'channel ' || n, n from generate_series(2, ${unreadChannels}::int) as n`;
    await tx`select private.resolve_access(${communityId})`;
    await tx`
      update private.channel_heads h set last_seq = 1000, revision = 1000,
        last_mention_seq = case when c.position % 10 = 0 then 950 else 0 end
      from public.channels c where c.community_id = ${communityId} and h.channel_id = c.id`;
    await tx`
      insert into private.channel_reads (community_id, user_id, channel_id, last_read_seq)
      select c.community_id, u, c.id, 900
      from public.channels c, unnest(${[ownerId, memberId]}::uuid[]) as u where c.community_id = ${communityId}
      on conflict do nothing`;
    // In one of ten of them everybody is called.
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into private.message_mentions (channel_id, subject_id, seq)
      select c.id, r.id, 950
      from public.channels c
      join public.roles r on r.community_id = c.community_id and r.is_default
      where c.community_id = ${communityId} and c.position % 10 = 0`;
  });
  await session.unsafe('vacuum (analyze)');
  const ids = await session`select id from public.channels where community_id = ${communityId}`;
  const [bare, unread] = [new Timings(), new Timings()];
  for (let round = -50; round < rounds; round += 1) {
    const heads = await callAs(
      session,
      { role: 'postgres', userId: memberId },
      `select c.community_id, h.channel_id, h.last_seq from private.channel_heads h
       join unnest($1::uuid[]) as i (id) on i.id = h.channel_id
       join public.channels c on c.id = h.channel_id`,
      [`{${ids.map((row) => row.id).join(',')}}`],
    );
    const answer = await callAs(
      session,
      asUser(memberId),
      'select * from public.list_unread()',
      [],
    );
    if (answer.rows.length !== unreadChannels) throw new Error(`${answer.rows.length} channels.`);
    if (round < 0) continue;
    bare.add(heads.wholeMs);
    unread.add(answer.wholeMs);
  }
  console.log(`list_unread ${unread.median.toFixed(3)} ms, the heads ${bare.median.toFixed(3)} ms`);
  console.log(`ratio list_unread of ${unreadChannels} ${verdict(unread.median / bare.median, 2)}`);
}

try {
  await liftLimits();
  await compareSends();
  await compareChannels();
  await comparePages();
  await compareUnread();
} finally {
  await session.end();
}
