// What reading costs among a million messages of one community: a search of words and filters, a page, a catch-up, what is
// unread; asked by a member and by one who may view nothing. Each answer's plans are looked at, too: whatever reads messages, the
// feed or mentions from end to end fails the run. (All reactions are this community's, and a search for them reads them.)
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl } from './bench-database.ts';
import { callAs } from './caller.ts';
import { createBenchCommunity } from './community.ts';
import { Timings } from './timings.ts';

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    messages: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '30' },
  },
});
const messageCount = Number(values.messages);
const rounds = Number(values.rounds);
const channelCount = 50;
const name = `bench/reads ${messageCount}`;

const plans: string[] = [];
const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']), (notice) =>
  plans.push(notice),
);

interface Stage {
  communityId: string;
  channelId: string;
  memberId: string;
  deniedId: string;
}

/** A community of some years: text of words as frequent as words are, in channels as busy as channels are. */
async function prepare(): Promise<Stage> {
  const { communityId, channelId, memberIds } = await createBenchCommunity(session, name, 200);
  const [deniedId = '', memberId = ''] = memberIds;
  console.log(`Preparing ${messageCount} messages …`);
  const [index] = await session`
    select pg_get_indexdef('public.messages_lexemes'::regclass) as definition`;
  await session.begin(async (tx) => {
    await tx`
      insert into public.channels (community_id, kind, name, position)
      select ${communityId}, 'text', 'channel ' || n, n from generate_series(1, ${channelCount}::int - 1) as n`;
    await tx`
      insert into public.channel_overwrites (community_id, channel_id, user_id, deny)
      select community_id, id, ${deniedId}, private.permission_mask('view_channel')
      from public.channels where community_id = ${communityId}`;
    await tx`select private.assign_access_classes(${communityId}, ${[deniedId]}::uuid[])`;
    await tx`select private.resolve_access(${communityId})`;
    // Only the load: no foreign key checks, no triggers.
    await tx`set local session_replication_role = replica`;
    await tx`drop index public.messages_lexemes`;
    await tx`
      insert into public.messages (channel_id, seq, author_id, author_name, body, reply_to_seq, revision, created_at, pinned_at, reactions)
      select c.id, pg_catalog.row_number() over (partition by c.id order by m.n), (${memberIds}::uuid[])[1 + m.n % ${memberIds.length}::int],
        'Somebody', m.body, null, pg_catalog.row_number() over (partition by c.id order by m.n),
        now() - interval '3 years' * (1 - m.n / ${messageCount}::float),
        case when m.n % 20000 = 0 then now() end,
        case when m.n % 50 = 0 then '[{"emoji": "👍", "count": 1}]'::jsonb else '[]' end
      from (
        select n, 'the ' || string_agg('w' || floor(exp(random() * ln(30000))), ' ') as body,
          1 + (power(random(), 2) * (${channelCount}::int - 1))::int as place
        from generate_series(1, ${messageCount}::int) as n, generate_series(1, 6 + n % 5) as word
        group by n
      ) m
      join (
        select id, pg_catalog.row_number() over (order by id) as place
        from public.channels where community_id = ${communityId}
      ) c on c.place = m.place`;
    await tx`
      insert into private.reactions (channel_id, seq, emoji, user_id)
      select channel_id, seq, '👍', ${memberId} from public.messages where reactions <> '[]'`;
    await tx`
      insert into private.message_mentions (channel_id, subject_id, seq)
      select channel_id, (${memberIds}::uuid[])[1 + seq % ${memberIds.length}::int], seq
      from public.messages where seq % 20 = 0`;
    await tx`
      insert into private.channel_events (channel_id, revision, kind, seq)
      select channel_id, revision, 'created', seq from public.messages`;
    await tx`
      update private.channel_heads h
      set last_seq = m.seq, revision = m.seq, last_mention_seq = m.seq, last_message_at = m.at
      from (select channel_id, max(seq) as seq, max(created_at) as at from public.messages group by 1) m
      where h.channel_id = m.channel_id`;
    await tx`
      insert into private.channel_reads (community_id, user_id, channel_id, last_read_seq)
      select ${communityId}, ${memberId}, channel_id, greatest(last_seq - 500, 0)
      from private.channel_heads where community_id = ${communityId}`;
  });
  await session.unsafe(index?.definition as string);
  await session.unsafe('vacuum (analyze)');
  return { communityId, channelId, memberId, deniedId };
}

try {
  const { communityId, channelId, memberId, deniedId } = await prepare();
  const [head] = await session`
    select revision::int from private.channel_heads where channel_id = ${channelId}`;
  const search = 'select * from public.search_messages($1, $2)';
  const questions: [string, string, (string | number)[]][] = [
    ['search: a common word', search, ['w1', communityId]],
    ['search: a rare word', search, ['w29000', communityId]],
    ['search: two words', search, ['w10 w20', communityId]],
    ['search: words in order', search, ['"the w7"', communityId]],
    ['search: a word of somebody', search, [`w3 from:${memberId}`, communityId]],
    ['search: a word in a channel', search, ['w3 in:general', communityId]],
    ['search: a word of long ago', search, ['w3 before:2025-01-01', communityId]],
    ['search: no such word', search, ['nowhere', communityId]],
    ['search: has:pin', search, ['has:pin', communityId]],
    ['search: has:reaction', search, ['has:reaction', communityId]],
    ['a page', 'select * from public.list_messages($1)', [channelId]],
    ['a page before', 'select * from public.list_messages($1, 50, 1000)', [channelId]],
    ['a catch-up of 100', 'select public.sync_channel($1, $2)', [channelId, head?.revision - 100]],
    ['what is unread', 'select * from public.list_unread($1)', [communityId]],
  ];
  await session.unsafe(
    `load 'auto_explain'; set auto_explain.log_min_duration = -1; set auto_explain.log_nested_statements = on;
     set auto_explain.log_analyze = on; set auto_explain.log_timing = off;
     set auto_explain.log_level = notice`,
  );
  await session`update private.rate_limit_catalog set capacity = 1000000000`;
  const fromEndToEnd: string[] = [];
  console.log('milliseconds of whole transactions     member   denied');
  for (const [what, statement, parameters] of questions) {
    const medians: string[] = [];
    for (const userId of [memberId, deniedId]) {
      const timings = new Timings();
      for (let round = -1; round < rounds; round += 1) {
        // The plans of the first time; what comes after is timed without them.
        await session.unsafe(`set auto_explain.log_min_duration = ${round < 0 ? 0 : -1}`);
        plans.length = 0;
        const startedAt = performance.now();
        await callAs(session, { role: 'authenticated', userId }, statement, parameters).catch(
          (error: { code?: string }) => {
            if (error.code !== 'PT404') throw error;
          },
        );
        if (round >= 0) timings.add(performance.now() - startedAt);
        for (const plan of round < 0 ? plans : []) {
          // A way of looking that was not taken is in the plan as well.
          const [, table] =
            /Seq Scan on (messages|channel_events|message_mentions)\b(?!.*never executed)/.exec(
              plan,
            ) ?? [];
          if (table) fromEndToEnd.push(`${what}: ${table}\n${plan}`);
        }
      }
      medians.push(timings.median.toFixed(2).padStart(8));
    }
    console.log(`  ${what.padEnd(35)} ${medians.join(' ')}`);
  }
  console.log(
    fromEndToEnd.length === 0
      ? 'Every answer was found by an index.'
      : `Read from end to end:\n${fromEndToEnd.join('\n')}`,
  );
  if (fromEndToEnd.length > 0) process.exitCode = 1;
} finally {
  await session.end();
}
