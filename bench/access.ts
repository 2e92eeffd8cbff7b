// What changing and asking rights costs: by the size of the community, and against bare index lookups of the same rows.
// The figures of one run: compare the ratios, not milliseconds of two machines.
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl, type Session } from './bench-database.ts';
import { callAs } from './caller.ts';
import { createBenchCommunity } from './community.ts';
import { Timings, verdict } from './timings.ts';

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    rounds: { type: 'string', default: '300' },
    changes: { type: 'string', default: '50000' },
    plan: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const changeCount = Number(values.changes);
const classCount = 60;

interface Community {
  communityId: string;
  channelId: string;
  ownerId: string;
  memberIds: string[];
  roleIds: string[];
  channelIds: string[];
}

type Parameter = string | number | null;

/** A community whose members hold one of 58 roles each or none, so that there are 60 classes, the owner's included. */
async function createCommunity(
  session: Session,
  name: string,
  memberCount: number,
  channelCount: number,
): Promise<Community> {
  const made = await createBenchCommunity(session, name, memberCount);
  const { communityId, ownerId, memberIds } = made;
  const roleCount = classCount - 2;
  return (await session.begin(async (tx) => {
    const roles = await tx`
      insert into public.roles (community_id, name, position, permissions)
      select ${communityId}, 'role ' || n, n, private.permission_mask('add_reactions')
      from generate_series(1, ${roleCount}::int) as n
      returning id`;
    const roleIds = roles.map((row) => row.id as string);
    await tx`
      insert into public.channels (community_id, kind, name, position)
      select ${communityId}, 'text', 'channel ' || n, n from generate_series(2, ${channelCount}::int) as n`;
    const channels = await tx`
      select id from public.channels where community_id = ${communityId} order by id`;
    const channelIds = channels.map((row) => row.id as string);
    // Every third channel is closed to everybody but two roles.
    await tx`
      insert into public.channel_overwrites (community_id, channel_id, role_id, allow, deny)
      select ${communityId}, c.id, r.id,
        case when r.is_default then 0 else private.permission_mask('view_channel') end,
        case when r.is_default then private.permission_mask('view_channel') else 0 end
      from (
        select id, row_number() over (order by id) as n from public.channels where community_id = ${communityId}
      ) c
      join public.roles r on r.community_id = ${communityId}
        and (r.is_default or r.position in (1 + c.n % ${roleCount}, 1 + (c.n * 7) % ${roleCount}))
      where c.n % 3 = 0
      on conflict do nothing`;
    await tx`
      insert into public.member_roles (community_id, user_id, role_id)
      select ${communityId}, m.id, (${roleIds}::uuid[])[m.n % ${roleCount + 1}::int]
      from unnest(${memberIds}::uuid[]) with ordinality as m (id, n)
      where m.n % ${roleCount + 1}::int > 0`;
    await tx`select private.assign_access_classes(${communityId}, ${[ownerId, ...memberIds]}::uuid[])`;
    await tx`select private.resolve_access(${communityId})`;
    return { ...made, roleIds, channelIds };
  })) as Community;
}

const call = (session: Session, userId: string, statement: string, parameters: Parameter[]) =>
  callAs(session, { role: 'authenticated', userId }, statement, parameters);

async function count(session: Session, statement: string, parameters: Parameter[]) {
  const [row] = await session.unsafe(statement, parameters);
  return Number(row?.count);
}

const eventsOf = (session: Session, communityId: string) =>
  count(
    session,
    "select count(*) from realtime.messages where topic like 'community:' || $1 || ':%' and extension = 'broadcast'",
    [communityId],
  );

/** Saves a role of each community in turn, with a permission more or less. */
async function benchRoleSave(session: Session, small: Community, large: Community) {
  const timings = new Map([small, large].map((community) => [community, new Timings()]));
  const events = await eventsOf(session, large.communityId);
  for (let round = -10; round < rounds; round += 1) {
    for (const community of [small, large]) {
      const keys = round % 2 === 0 ? '{add_reactions,pin_messages}' : '{add_reactions}';
      const { wholeMs } = await call(
        session,
        community.ownerId,
        'select public.set_role_permissions($1, $2::text[])',
        [community.roleIds[0] ?? '', keys],
      );
      if (round >= 0) timings.get(community)?.add(wholeMs);
    }
  }
  const [fast, slow] = [small, large].map((community) => timings.get(community)?.median ?? 0);
  const sent = (await eventsOf(session, large.communityId)) - events;
  console.log(
    `role save: ${fast?.toFixed(2)} ms with ${small.memberIds.length + 1} members, ${slow?.toFixed(2)} ms with ${large.memberIds.length + 1}; ` +
      `broadcast rows per save ${(sent / (rounds + 10)).toFixed(2)}`,
  );
  console.log(`ratio role save, 10,000 / 100 members ${verdict((slow ?? 0) / (fast ?? 1), 3)}`);
}

/** Bans members with 10,000 messages and without any in turn, and lets them in again. */
async function benchBan(
  session: Session,
  { communityId, channelId, ownerId, memberIds }: Community,
) {
  const [writer = '', silent = ''] = memberIds;
  await session.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into public.messages (channel_id, seq, author_id, body, revision, created_at)
      select ${channelId}, n, ${writer}, 'Message number ' || n, n, now() - interval '1 hour'
      from generate_series(1, 10000) as n`;
    await tx`update private.channel_heads set last_seq = 10000, revision = 10000 where channel_id = ${channelId}`;
  });
  await session.unsafe('vacuum (analyze) public.messages');
  const timings = new Map([writer, silent].map((userId) => [userId, new Timings()]));
  const bans = Math.min(rounds, 50);
  let events = 0;
  for (let round = -5; round < bans; round += 1) {
    for (const userId of [writer, silent]) {
      const before = await eventsOf(session, communityId);
      const { wholeMs } = await call(
        session,
        ownerId,
        "select public.ban_member($1, $2, 'spam', null, now() - interval '1 day')",
        [communityId, userId],
      );
      events += (await eventsOf(session, communityId)) - before;
      if (round >= 0) timings.get(userId)?.add(wholeMs);
      await call(session, ownerId, 'select public.unban_member($1, $2)', [communityId, userId]);
      await session`select private.add_member(${communityId}, ${userId})`;
    }
  }
  const rewritten = await count(
    session,
    'select count(*) from public.messages where channel_id = $1 and author_id = $2 and revision <> seq',
    [channelId, writer],
  );
  const [of10000, of0] = [writer, silent].map((userId) => timings.get(userId)?.median ?? 0);
  console.log(
    `ban: ${of10000?.toFixed(2)} ms of a member with 10,000 messages, ${of0?.toFixed(2)} ms without; ` +
      `structure events per ban ${(events / (2 * (bans + 5))).toFixed(2)}, messages rewritten ${rewritten}`,
  );
  console.log(`ratio ban, 10,000 messages / none ${verdict((of10000 ?? 0) / (of0 ?? 1), 1.5)}`);
}

interface Question {
  name: string;
  goal: number;
  bare: string;
  gated: string;
  parameters: Parameter[];
  rows: number;
}

/** A question through its function, against a lookup of the same rows by their index without any check. */
async function benchQuestion(session: Session, memberId: string, question: Question) {
  const [bare, gated] = [new Timings(), new Timings()];
  for (let round = -50; round < rounds; round += 1) {
    for (const [timings, role, statement] of [
      [bare, 'postgres', question.bare],
      [gated, 'authenticated', question.gated],
    ] as const) {
      const { wholeMs, rows } = await callAs(
        session,
        { role, userId: memberId },
        statement,
        question.parameters,
      );
      if (rows.length !== question.rows) {
        throw new Error(`${question.name}: ${rows.length} rows, ${question.rows} expected.`);
      }
      if (round >= 0) timings.add(wholeMs);
    }
  }
  console.log(`${question.name}: ${gated.median.toFixed(3)} ms, bare ${bare.median.toFixed(3)} ms`);
  console.log(`ratio ${question.name} ${verdict(gated.median / bare.median, question.goal)}`);
}

/**
 * 20,000 rows of one channel as the superuser, a member, and a member who may not view it; then the member again, after
 * bans have hidden what a thousand others wrote.
 */
async function benchRowSecurity(session: Session, small: Community, large: Community) {
  const { communityId, channelId, memberIds } = small;
  const [memberId = '', deniedId = ''] = memberIds;
  await session.begin(async (tx) => {
    await tx`
      insert into public.channel_overwrites (community_id, channel_id, user_id, deny)
      values (${communityId}, ${channelId}, ${deniedId}, private.permission_mask('view_channel'))`;
    await tx`select private.assign_access_classes(${communityId}, ${[deniedId]}::uuid[])`;
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into public.messages (channel_id, seq, author_id, body, revision, created_at)
      select ${channelId}, n, (${memberIds}::uuid[])[1 + n % ${memberIds.length}::int], 'Message number ' || n, n, now()
      from generate_series(1, 20000) as n`;
  });
  await session.unsafe('vacuum (analyze) public.messages');
  const statement = 'select * from public.messages where channel_id = $1 order by seq';
  const readers = [
    { name: 'superuser', role: 'postgres', userId: memberId, rows: 20_000 },
    { name: 'member', role: 'authenticated', userId: memberId, rows: 20_000 },
    { name: 'denied', role: 'authenticated', userId: deniedId, rows: 0 },
  ];
  const medians = async () => {
    const timings = new Map(readers.map((reader) => [reader.name, new Timings()]));
    for (let round = -5; round < Math.min(rounds, 60); round += 1) {
      for (const reader of readers) {
        const { wholeMs, rows } = await callAs(session, reader, statement, [channelId]);
        if (rows.length !== reader.rows) throw new Error(`${reader.name}: ${rows.length} rows.`);
        if (round >= 0) timings.get(reader.name)?.add(wholeMs);
      }
    }
    const [free = 1, member = 0, denied = 0] = readers.map(({ name }) => timings.get(name)?.median);
    console.log(
      `20,000 rows: superuser ${free.toFixed(1)} ms, member ${member.toFixed(1)} ms, denied ${denied.toFixed(1)} ms`,
    );
    return { free, member, denied };
  };
  const { free, member, denied } = await medians();
  console.log(`ratio 20,000 rows under row-level security ${verdict(member / free, 1.5)}`);
  console.log(`ratio denied / member ${verdict(denied / member, 1)}`);

  await session`
    insert into private.hidden_messages (community_id, author_id, since, until)
    select ${communityId}, id, now() - interval '1 day', now()
    from unnest(${large.memberIds.slice(0, 1000)}::uuid[]) as id`;
  await session.unsafe('analyze private.hidden_messages');
  const afterBans = await medians();
  console.log(
    `ratio the same after 1,000 bans that hid messages ${verdict(afterBans.member / afterBans.free, 1.5)}`,
  );
}

/** Random changes of roles, grants and overwrites by the owner; then every class must have a member. */
async function workload(session: Session, community: Community) {
  const { communityId, ownerId, memberIds, roleIds, channelIds } = community;
  const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T;
  const keys = ['{add_reactions}', '{view_channel,pin_messages}', '{}', '{send_messages}'];
  const changes: (() => [string, Parameter[]])[] = [
    () => ['select public.grant_role($1, $2, $3)', [communityId, any(memberIds), any(roleIds)]],
    () => ['select public.revoke_role($1, $2, $3)', [communityId, any(memberIds), any(roleIds)]],
    () => [
      'select public.set_member_roles($1, $2, $3::uuid[])',
      [communityId, any(memberIds), `{${any(roleIds)}}`],
    ],
    () => [
      'select public.set_member_roles($1, $2, $3::uuid[])',
      [communityId, any(memberIds), '{}'],
    ],
    () => [
      'select public.set_channel_overwrite($1, $2, $3, $4::text[])',
      [any(channelIds), 'member', any(memberIds), any(keys)],
    ],
    () => [
      'select public.clear_channel_overwrite($1, $2, $3)',
      [any(channelIds), 'member', any(memberIds)],
    ],
  ];
  const startedAt = performance.now();
  for (let change = 0; change < changeCount; change += 1) {
    const [statement, parameters] = any(changes)();
    await call(session, ownerId, statement, parameters);
    if (change % 5_000 === 4_999) console.log(`  ${change + 1} of ${changeCount} changes`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await session`select private.sweep_access()`;
  const classes = await count(
    session,
    'select count(*) from private.access_classes where community_id = $1',
    [communityId],
  );
  const unused = await count(
    session,
    `select count(*) from private.access_classes a where a.community_id = $1
       and not exists (select from public.community_members m where m.access_class_id = a.id)`,
    [communityId],
  );
  console.log(
    `${changeCount} access changes: ${(changeCount / seconds).toFixed(0)} a second, ${classes} classes left, ${unused} unused`,
  );
}

const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']));
try {
  await session`update private.rate_limit_catalog set capacity = 2000000000 where key = 'community_change'`;
  console.log('Preparing communities …');
  const run = Date.now();
  const small = await createCommunity(session, `bench/access small ${run}`, 100, 100);
  const large = await createCommunity(session, `bench/access large ${run}`, 10_000, 100);
  const wide = await createCommunity(session, `bench/access wide ${run}`, 100, 500);
  await session.unsafe('vacuum (analyze)');
  const [version] = await session`select current_setting('server_version') as server`;
  console.log(
    `PostgreSQL ${version?.server}, ${rounds} rounds, one client, medians of whole transactions`,
  );

  await benchRoleSave(session, small, large);
  await benchBan(session, large);

  // Who holds no role sees two thirds of the channels, so the 500 are opened first.
  await session`delete from public.channel_overwrites where community_id = ${wide.communityId}`;
  await session`select private.resolve_access(${wide.communityId})`;
  await session.unsafe('vacuum (analyze)');
  const memberId = wide.memberIds[0] ?? '';
  await benchQuestion(session, memberId, {
    name: 'list_channels of 500',
    goal: 2,
    bare: 'select * from public.channels where community_id = $1',
    gated: 'select * from public.list_channels($1)',
    parameters: [wide.communityId],
    rows: wide.channelIds.length,
  });
  await benchQuestion(session, memberId, {
    name: 'my_permissions',
    goal: 2,
    bare: `select ca.permissions from private.channel_access ca
      join public.community_members m on m.access_class_id = ca.access_class_id
      where m.community_id = $1 and m.user_id = auth.uid() and ca.channel_id = $2`,
    gated: 'select public.my_permissions($1, $2)',
    parameters: [wide.communityId, wide.channelIds[7] ?? ''],
    rows: 1,
  });
  await benchRowSecurity(session, small, large);
  await workload(session, small);
} finally {
  await session.end();
}
