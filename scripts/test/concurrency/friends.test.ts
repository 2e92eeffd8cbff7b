import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealConnections, type RealConnections } from './real-connections.ts';

// Two people may do anything to each other at the same moment: nobody waits in a circle, and what stands between them is one thing,
// the same from both sides.

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

/** What one of the contract's refusals is called, or the SQLSTATE of what should not happen. */
function answerOf(error: unknown): string {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code?.startsWith('PT') !== true) return `${code}: ${(error as Error).message}`;
  return (JSON.parse(detail ?? '{}') as { code: string }).code;
}

/** Calls a function about the other one; the answer, `done` where it has none, or the code of its refusal. */
const ask = (userId: string, name: string, otherId: string): Promise<string> =>
  db
    .as<{ answer: string }>(userId, `select trim(both '"' from ${name}($1)::text) as answer`, [
      otherId,
    ])
    .then(([row]) => row!.answer || 'done', answerOf);

const people = (count: number) => Promise.all(Array.from({ length: count }, () => db.createUser()));

/** What must never be, among these people. */
async function wrongAmong(ids: string[]) {
  const [wrong] = await db.sql`
    select
      (select count(*)::int from private.friendships f
        where f.user_id = any (${ids}) and not exists (
          select from private.friendships g
          where g.user_id = f.friend_id and g.friend_id = f.user_id and g.created_at = f.created_at
        )) as half_friendships,
      (select count(*)::int from private.friend_requests r
        where r.from_id = any (${ids}) and exists (
          select from private.friendships f where f.user_id = r.from_id and f.friend_id = r.to_id
        )) as requests_of_friends,
      (select count(*)::int from private.friend_requests r
        where r.from_id = any (${ids}) and exists (
          select from private.friend_requests q where q.from_id = r.to_id and q.to_id = r.from_id
        )) as crossed_requests`;
  return wrong;
}
const nothingWrong = { half_friendships: 0, requests_of_friends: 0, crossed_requests: 0 };

test('who ask each other at once are friends: both, once, with one event each', async () => {
  for (let round = 0; round < 25; round += 1) {
    const [a, b] = (await people(2)) as [string, string];
    const answers = await Promise.all([
      ask(a, 'request_friend', b),
      ask(b, 'request_friend', a),
      ask(a, 'request_friend', b),
      ask(b, 'request_friend', a),
    ]);
    // The first to come asks, and perhaps once more before the other comes.
    expect(answers.filter((answer) => answer !== 'friends' && answer !== 'requested')).toEqual([]);
    expect(answers).toContain('requested');
    expect(answers).toContain('friends');
    const rows = await db.sql`
      select user_id from private.friendships where user_id = any (${[a, b]}) order by user_id`;
    expect(rows.map((row) => row.user_id)).toEqual([a, b].sort());
    expect(await wrongAmong([a, b])).toEqual(nothingWrong);
    const told = await db.sql`
      select topic, payload ->> 'kind' as kind, count(*)::int as times from realtime.messages
      where topic = any (${[`user:${a}`, `user:${b}`]}) group by 1, 2 order by 1, 2`;
    expect(told.map(({ topic, kind, times }) => `${topic} ${kind} ${times}`)).toEqual(
      [a, b].sort().flatMap((id) => [`user:${id} accepted 1`, `user:${id} requested 1`]),
    );
  }
}, 60_000);

test('the last place among 1,000 friends and the last of 100 requests are taken once', async () => {
  const [a, ...asked] = (await people(9)) as [string, ...string[]];
  for (const id of asked) expect(await ask(a, 'request_friend', id)).toBe('requested');
  await db.sql`
    with crowd as (
      insert into auth.users (id, email)
      select gen_random_uuid(), gen_random_uuid() || '@example.com' from generate_series(1, 999)
      returning id
    )
    select count(*) from crowd`;
  await db.sql`
    insert into private.friendships (user_id, friend_id)
    select ${a}, p.id from public.profiles p where p.id <> all (${[a, ...asked]}) limit 999`;
  const accepted = await Promise.all(asked.map((id) => ask(id, 'accept_friend_request', a)));
  expect(accepted.sort()).toEqual(['done', ...asked.slice(1).map(() => 'limit_reached')]);

  const [b] = (await people(1)) as [string];
  await db.sql`
    insert into private.friend_requests (from_id, to_id)
    select ${b}, p.id from public.profiles p where p.id <> all (${[a, b, ...asked]}) limit 99`;
  const requested = await Promise.all(asked.map((other) => ask(b, 'request_friend', other)));
  expect(requested.sort()).toEqual([...asked.slice(1).map(() => 'limit_reached'), 'requested']);
}, 60_000);

test('whoever is blocked is heard of no more from the commit of the block on', async () => {
  const heardBy = async (id: string) => {
    const rows = await db.sql<{ event: string }[]>`
      select event from realtime.messages where topic = ${`user:${id}`} order by event`;
    return rows.map(({ event }) => event);
  };
  /** Does the first, and commits it only when the second waits for it. */
  const whileUncommitted = async (first: string[], second: () => Promise<string>) => {
    const [userId, name, otherId] = first as [string, string, string];
    let waiting: Promise<string> | undefined;
    await db.sql.begin(async (tx) => {
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: userId, role: 'authenticated' })}, true),
        set_config('request.jwt.claim.sub', ${userId}, true), set_config('role', 'authenticated', true)`;
      await tx.unsafe(`select ${name}($1)`, [otherId]);
      waiting = second();
      await expect
        .poll(async () => (await db.sql`select from pg_locks where not granted`).length)
        .toBeGreaterThan(0);
    });
    return waiting;
  };

  const [owner, blocked] = (await people(2)) as [string, string];
  expect(
    await whileUncommitted([owner, 'block_user', blocked], () =>
      ask(blocked, 'request_friend', owner),
    ),
  ).toBe('requested');
  expect(await heardBy(owner)).toEqual(['blocks_changed']);
  expect(await heardBy(blocked)).toEqual(['friends_changed']);

  // The other way round the request comes first, and is heard of.
  const [other, asker] = (await people(2)) as [string, string];
  expect(
    await whileUncommitted([asker, 'request_friend', other], () => ask(other, 'block_user', asker)),
  ).toBe('done');
  expect(await heardBy(other)).toEqual(['blocks_changed', 'friends_changed']);
}, 60_000);

test('asking, answering, ending, blocking and accounts that end, all at once: no deadlock, and one thing between any two', async () => {
  const ids = await people(6);
  const mortals = await people(6);
  const names = [
    'request_friend',
    'request_friend',
    'request_friend',
    'accept_friend_request',
    'accept_friend_request',
    'decline_friend_request',
    'cancel_friend_request',
    'remove_friend',
    'block_user',
    'unblock_user',
    'unblock_user',
  ];
  const answers = new Map<string, number>();
  const count = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1);
  const leaving = [...mortals];
  await Promise.all(
    Array.from({ length: 16 }, async (_, worker) => {
      for (let n = 0; n < 60; n += 1) {
        // No limit is what is looked at here.
        await db.sql`
          delete from private.rate_limits where ctid in (
            select ctid from private.rate_limits where subject = any (${[...ids, ...mortals]}) for update skip locked
          )`;
        const id = worker === 0 && n % 10 === 9 ? leaving.pop() : undefined;
        if (id !== undefined) {
          const ended = await db.sql`delete from auth.users where id = ${id}`.then(
            () => 'done',
            answerOf,
          );
          count(`account ended ${ended}`);
          continue;
        }
        const name = pick(names);
        const [a, b] = [pick([...ids, ...mortals]), pick([...ids, ...mortals])];
        count(`${name} ${await ask(a, name, b)}`);
      }
    }),
  );
  // What people run into where others have been quicker, and nothing else.
  const expected = / (done|friends|requested|blocked|not_found|session_required|invalid_argument)$/;
  expect([...answers.keys()].filter((answer) => !expected.test(answer))).toEqual([]);
  for (const answer of [
    'request_friend requested',
    'request_friend friends',
    'request_friend blocked',
    'accept_friend_request done',
    'account ended done',
  ]) {
    expect({ answer, times: answers.get(answer) ?? 0 }).not.toEqual({ answer, times: 0 });
  }
  expect(answers.get('account ended done')).toBe(mortals.length);
  expect(await wrongAmong([...ids, ...mortals])).toEqual(nothingWrong);
}, 120_000);
