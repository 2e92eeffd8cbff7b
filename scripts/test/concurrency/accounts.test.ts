import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

/** What a call ends in: 'done', or the code of its refusal. A deadlock is none of these and is thrown on. */
const outcome = (call: Promise<unknown>) => call.then(() => 'done', codeOf);

/** Ends the account as its owner does, who has signed in just now. */
async function endAccount(userId: string, messages = 'anonymise'): Promise<string> {
  const sessionId = randomUUID();
  await db.sql`
    insert into auth.sessions (id, user_id, created_at, updated_at)
    select ${sessionId}, ${userId}, now(), now() where exists (select from auth.users where id = ${userId})`;
  const claims = JSON.stringify({ sub: userId, role: 'authenticated', session_id: sessionId });
  let answered: { details: string } | null = null;
  const raised = await outcome(
    db.sql.begin(async (tx) => {
      await tx`select set_config('role', 'authenticated', true),
        set_config('request.jwt.claims', ${claims}, true),
        set_config('request.jwt.claim.sub', ${userId}, true)`;
      const [row] = await tx`select delete_my_account(${messages}) as answer`;
      answered = row!.answer;
    }),
  );
  // What was answered instead of raised.
  const refusal = answered as { details: string } | null;
  return refusal === null ? raised : JSON.parse(refusal.details).code;
}

/** Runs the job until these accounts are gone. */
async function finishEndings(userIds: string[], batch = 1000): Promise<void> {
  for (let run = 0; run < 500; run += 1) {
    const [left] = await db.sql`
      select count(*)::int from private.account_endings where user_id = any (${userIds})`;
    if (left!.count === 0) return;
    await db.sql`select private.end_accounts(${batch})`;
  }
  const errors = await db.sql`
    select error from private.account_endings where user_id = any (${userIds})`;
  throw new Error(`not gone after 500 runs: ${JSON.stringify(errors)}`);
}

async function community(size: number) {
  const people = await Promise.all(Array.from({ length: size }, () => db.createUser()));
  const [made] = await db.as<{ id: string }>(people[0]!, `select * from create_community('Ends')`);
  const id = made!.id;
  for (const person of people.slice(1)) await db.sql`select private.add_member(${id}, ${person})`;
  const [channel] = await db.sql`select id from public.channels where community_id = ${id}`;
  const [invite] = await db.as<{ code: string }>(people[0]!, 'select * from create_invite($1)', [
    id,
  ]);
  return { id, people, channelId: channel!.id as string, code: invite!.code };
}

/** Nothing gives an account that has ended a right, and nothing has it as its owner. */
async function leftOf(userIds: string[]) {
  const [left] = await db.sql`
    select
      (select count(*)::int from public.community_members where user_id = any (${userIds})) as members,
      (select count(*)::int from private.direct_members where user_id = any (${userIds})) as direct,
      (select count(*)::int from public.communities where owner_id = any (${userIds})) as owned,
      (select count(*)::int from private.direct_channels where owner_id = any (${userIds}) or low_id = any (${userIds})
        or high_id = any (${userIds})) as channels,
      (select count(*)::int from private.friendships where user_id = any (${userIds}) or friend_id = any (${userIds})) as friends,
      (select count(*)::int from private.friend_requests where from_id = any (${userIds}) or to_id = any (${userIds})) as requests`;
  return left;
}
const nothing = { members: 0, direct: 0, owned: 0, channels: 0, friends: 0, requests: 0 };

async function gapsOf(channelId: string) {
  const [{ gaps } = { gaps: -1 }] = await db.sql<{ gaps: number }[]>`
    select (h.revision - (select count(*) from private.channel_events e where e.channel_id = h.channel_id))::int as gaps
    from private.channel_heads h where h.channel_id = ${channelId}`;
  return gaps;
}

test('accounts end while their owners send, join, are added, befriended and handed a community: nothing is left of them', async () => {
  const seen = new Map<string, number>();
  for (let round = 0; round < 6; round += 1) {
    const [one, other] = await Promise.all([community(8), community(2)]);
    const [owner, ...members] = one.people as [string, ...string[]];
    const mortals = members.slice(0, 4);
    const stays = members[4]!;
    const [group] = await db.as<{ id: string }>(owner, 'select * from open_group($1)', [
      members.slice(4, 6),
    ]);
    const note = async (name: string, call: Promise<string>) => {
      const key = `${name} ${await call}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    };
    await Promise.all(
      mortals.flatMap((id, n) => [
        ...Array.from({ length: 5 }, (_, i) =>
          note(
            'send',
            outcome(db.as(id, 'select send_message($1, $2)', [one.channelId, `message ${i}`])),
          ),
        ),
        note('join', outcome(db.as(id, 'select redeem_invite($1)', [other.code]))),
        note('add', outcome(db.as(owner, 'select add_direct_member($1, $2)', [group!.id, id]))),
        note('open', outcome(db.as(id, 'select open_direct($1)', [stays]))),
        note('group', outcome(db.as(id, 'select open_group($1)', [[stays, owner]]))),
        note('befriend', outcome(db.as(stays, 'select request_friend($1)', [id]))),
        // Who founds a community is mostly quicker and stays.
        ...(n === 0
          ? [
              note('found', outcome(db.as(id, `select create_community('Mine')`))),
              note(
                'hand over',
                outcome(db.as(owner, 'select transfer_ownership($1, $2)', [one.id, id])),
              ),
            ]
          : []),
        note('end', endAccount(id, n % 2 === 0 ? 'anonymise' : 'remove')),
      ]),
    );

    const ended = (
      await db.sql`select user_id from private.account_endings where user_id = any (${mortals})`
    ).map(({ user_id }) => user_id as string);
    expect(await leftOf(ended)).toEqual(nothing);
    // Whoever was quicker with something else stays, and may have become an owner.
    const [{ ownerless } = { ownerless: -1 }] = await db.sql<{ ownerless: number }[]>`
      select count(*)::int as ownerless from public.communities c
      where c.id = any (${[one.id, other.id]}) and not exists (
        select from public.community_members m where m.community_id = c.id and m.user_id = c.owner_id)`;
    expect(ownerless).toBe(0);

    // The job, and everybody else goes on writing meanwhile.
    await Promise.all([
      finishEndings(ended, 3),
      ...Array.from({ length: 10 }, (_, i) =>
        db.as(stays, 'select send_message($1, $2)', [one.channelId, `later ${i}`]),
      ),
    ]);
    expect(await db.sql`select id from auth.users where id = any (${ended})`).toEqual([]);
    expect(await gapsOf(one.channelId)).toBe(0);
    expect(
      await db.sql`
        select seq from public.messages
        where channel_id = ${one.channelId} and (author_id is null) <> (author_name is null)`,
    ).toEqual([]);
  }
  // Every way that something may go, and no other.
  const allowed =
    / (done|conflict|not_found|session_required|missing_permission|rate_limited|role_hierarchy)$/;
  expect([...seen.keys()].filter((key) => !allowed.test(key))).toEqual([]);
  expect(seen.get('end done') ?? 0).toBeGreaterThan(0);
}, 120_000);

/** Runs the first in a transaction, starts the second, commits once the second waits, and says what that ended in. */
async function whileUncommitted(
  first: { userId: string; query: string; parameters: unknown[] },
  second: () => Promise<string>,
): Promise<string> {
  let answer: Promise<string> | undefined;
  await db.sql.begin(async (tx) => {
    const claims = JSON.stringify({ sub: first.userId, role: 'authenticated' });
    await tx`select set_config('role', 'authenticated', true),
      set_config('request.jwt.claims', ${claims}, true),
      set_config('request.jwt.claim.sub', ${first.userId}, true)`;
    await tx.unsafe(first.query, first.parameters as never[]);
    answer = second();
    await expect
      .poll(
        async () =>
          (
            await db.sql`
              select from pg_stat_activity
              where wait_event_type = 'Lock' and query like '%delete_my_account%'`
          ).length,
        { timeout: 10_000, interval: 10 },
      )
      .toBeGreaterThan(0);
  });
  return (await answer)!;
}

test('who becomes an owner or a member while the account is about to end keeps it, and is told why', async () => {
  const { id, people, code } = await community(3);
  const [owner, member, founder] = people as [string, string, string];
  // Both have the community's lock to wait for.
  expect(
    await whileUncommitted(
      { userId: owner, query: 'select transfer_ownership($1, $2)', parameters: [id, member] },
      () => endAccount(member),
    ),
  ).toBe('conflict');
  expect(
    await whileUncommitted(
      { userId: founder, query: `select create_community('Mine')`, parameters: [] },
      () => endAccount(founder),
    ),
  ).toBe('conflict');
  const joiner = await db.createUser();
  expect(
    await whileUncommitted(
      { userId: joiner, query: 'select redeem_invite($1)', parameters: [code] },
      () => endAccount(joiner),
    ),
  ).toBe('conflict');
  // A second try finds everything as it is.
  expect(await endAccount(joiner)).toBe('done');
  expect(await leftOf([joiner])).toEqual(nothing);
  await finishEndings([joiner]);
});

test('who would have to wait long is told to try again, keeps nobody waiting, and the try counts', async () => {
  const { id, people, channelId } = await community(3);
  const [owner, member, other] = people as [string, string, string];
  await db.sql.begin(async (tx) => {
    await tx`select private.hold_access(${id})`;
    expect(await endAccount(member)).toBe('conflict');
    // Nothing is held any more.
    await db.as(other, 'select send_message($1, $2)', [channelId, 'not kept waiting']);
  });
  expect(await leftOf([member])).not.toEqual(nothing);
  const [charged] = await db.sql`
    select count(*)::int from private.rate_limits where limit_key = 'account_delete' and subject = ${member}`;
  expect(charged).toEqual({ count: 1 });
  expect(await endAccount(member)).toBe('done');
  // Whoever owns one is refused before anything is held.
  await db.sql.begin(async (tx) => {
    await tx`select private.hold_access(${id})`;
    expect(await endAccount(owner)).toBe('conflict');
  });
  expect(
    await db.sql`select from private.rate_limits where subject = ${owner} and limit_key = 'account_delete'`,
  ).toHaveLength(0);
  await finishEndings([member]);
});

test('the account is deleted in the auth service while the job is at it: it is gone once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { people, channelId } = await community(3);
    const [, writer, stays] = people as [string, string, string];
    for (let n = 0; n < 20; n += 1) {
      await db.as(writer, 'select send_message($1, $2)', [channelId, `message ${n}`]);
    }
    expect(await endAccount(writer)).toBe('done');
    await Promise.all([
      finishEndings([writer], 4),
      db.sql`delete from auth.users where id = ${writer}`,
      ...Array.from({ length: 10 }, (_, n) =>
        db.as(stays, 'select send_message($1, $2)', [channelId, `later ${n}`]),
      ),
    ]);
    const [left] = await db.sql`
      select count(*)::int from public.messages where channel_id = ${channelId} and author_id is null and author_name is null`;
    expect(left).toEqual({ count: 20 });
    expect(await gapsOf(channelId)).toBe(0);
  }
}, 60_000);
