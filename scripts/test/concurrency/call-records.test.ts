import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealConnections, type RealConnections } from './real-connections.ts';

// Adapters that tell the same things at the same moment, on real connections.

let db: RealConnections;
let userIds: string[];
/** An operation of this run's own, so that nobody else counts towards it. */
const name = `race.${randomUUID().replaceAll('-', '')}`;

beforeAll(async () => {
  db = openRealConnections();
  await db.sql`
    insert into private.recorded_operations (name, description) values
    (${`${name}.a`}, 'For this test'), (${`${name}.b`}, 'For this test'), (${`${name}.c`}, 'For this test')`;
  userIds = await Promise.all(Array.from({ length: 10 }, () => db.createUser()));
});
afterAll(async () => {
  await db.sql`delete from private.recorded_operations where name like ${`${name}%`}`;
  await db.sql`delete from private.call_counts where function like ${`${name}%`}`;
  await db.sql`delete from private.call_failures where function like ${`${name}%`}`;
  await db.close();
});

const record = (userId: string, batchId: string, functions: string[]) =>
  db.as(userId, 'select record_calls($1, $2::text::jsonb)', [
    batchId,
    JSON.stringify(
      functions.flatMap((suffix) => [
        { function: `${name}.${suffix}`, latency_ms: 10, calls: 3 },
        { function: `${name}.${suffix}`, latency_ms: 500, code: 'internal' },
      ]),
    ),
  ]);

async function counted(): Promise<Record<string, number>> {
  const rows = await db.sql`
    select right(function, 1) || case code when '' then '' else ' failed' end as what, sum(calls)::int as calls
    from private.call_counts where function like ${`${name}%`} group by 1`;
  return Object.fromEntries(rows.map(({ what, calls }) => [what, calls]));
}

test('batches that raise the same counts in another order lose nothing and do not lock each other out', async () => {
  await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      record(
        userIds[at % userIds.length]!,
        randomUUID(),
        at % 2 === 0 ? ['a', 'b', 'c'] : ['c', 'b', 'a'],
      ),
    ),
  );
  expect(await counted()).toEqual({
    a: 600,
    b: 600,
    c: 600,
    'a failed': 200,
    'b failed': 200,
    'c failed': 200,
  });
  const [kept] = await db.sql`
    select count(*)::int as failures from private.call_failures where function = ${`${name}.a`}`;
  // 20 in five minutes, and the run may have met the end of them.
  expect([20, 40]).toContain(kept?.failures);
});

test('a batch that comes twice at the same moment counts once', async () => {
  const before = await counted();
  for (let round = 0; round < 10; round += 1) {
    const batchId = randomUUID();
    await Promise.all(userIds.map((userId) => record(userId, batchId, ['a'])));
  }
  const after = await counted();
  expect(after.a! - before.a!).toBe(30);
  expect(after['a failed']! - before['a failed']!).toBe(10);
});
