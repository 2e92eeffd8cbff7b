import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

interface Known {
  id: string;
  mongoId: string;
}
interface Thread {
  thread_id: string;
  channel_id: string;
  other_mongo_id: string;
  other_supabase_id: string;
}

const link = (userId: string, mongoId: string) =>
  db.sql`select link_external_identity(${userId}, 'mongo', ${mongoId})`;

/** People of one community whom the other system knows. */
async function known(size: number): Promise<Known[]> {
  const people = await Promise.all(Array.from({ length: size }, () => db.createUser()));
  const [made] = await db.as<{ id: string }>(people[0]!, `select * from create_community('Chat')`);
  for (const id of people.slice(1)) await db.sql`select private.add_member(${made!.id}, ${id})`;
  return Promise.all(
    people.map(async (id) => {
      const mongoId = randomUUID();
      await link(id, mongoId);
      return { id, mongoId };
    }),
  );
}

const ensure = (caller: Known, other: Known) =>
  db.as<Thread>(caller.id, 'select * from ensure_chat_thread($1)', [other.mongoId]);

/** In the order of bytes, which for hexadecimal digits is that of UTF-16. */
const threadOf = (one: Known, other: Known) => [one.mongoId, other.mongoId].sort().join('_');

const membersOf = async (channelId: string) => {
  const rows = await db.sql<{ user_id: string }[]>`
    select user_id from private.direct_members where channel_id = ${channelId}`;
  return rows.map(({ user_id }) => user_id).sort();
};

test('two hundred calls of both sides ensure one thread, in which nobody is missing', async () => {
  const [ann, bob] = (await known(2)) as [Known, Known];
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const [caller, other] = n % 2 === 0 ? [ann, bob] : [bob, ann];
      const rows = await ensure(caller, other);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({
        thread_id: threadOf(ann, bob),
        other_mongo_id: other.mongoId,
        other_supabase_id: other.id,
      });
      return rows[0]!.channel_id;
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(await membersOf(answers[0]!)).toEqual([ann.id, bob.id].sort());
  const channels = await db.sql`
    select from private.direct_channels d where ${ann.id} in (d.low_id, d.high_id)`;
  expect(channels).toHaveLength(1);
});

test('both write at once where no thread is yet, every message twice: each is there once, in order', async () => {
  const [ann, bob] = (await known(2)) as [Known, Known];
  const send = (from: Known, to: Known, clientId: string) =>
    db.as<{ id: string; seq: string; sender_supabase_id: string; channel_id: string }>(
      from.id,
      'select * from insert_chat_message($1, $2, $3, $4, $5)',
      [threadOf(ann, bob), from.mongoId, to.mongoId, clientId, clientId],
    );
  const marks = Array.from({ length: 8 }, () => randomUUID());
  const sent = await Promise.all(
    marks.flatMap((mark) =>
      [
        [ann, bob],
        [ann, bob],
        [bob, ann],
        [bob, ann],
      ].map(async ([from, to]) => {
        const [row] = await send(from!, to!, mark);
        expect(row!.sender_supabase_id).toBe(from!.id);
        return row!;
      }),
    ),
  );
  expect(sent).toHaveLength(32);
  expect(new Set(sent.map(({ channel_id }) => channel_id)).size).toBe(1);
  // The same mark is another one of the other's.
  expect([...new Set(sent.map(({ seq }) => Number(seq)))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 16 }, (_, n) => n + 1),
  );
  const told = await db.sql`
    select payload -> 'record' ->> 'seq' from realtime.messages
    where topic = ${`chat:${threadOf(ann, bob)}`} and event = 'INSERT'`;
  expect(told).toHaveLength(16);
});

test('an external id goes to one of many who are linked to it at once, and a user gets one of many', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, () => db.createUser()));
  const outcome = async (calls: Promise<unknown>[]) =>
    (await Promise.allSettled(calls))
      .map((result) => (result.status === 'fulfilled' ? 'linked' : codeOf(result.reason)))
      .sort();
  const alone = ['linked'];
  const conflicts = Array<string>(11).fill('conflict');
  const mongoId = randomUUID();
  expect(await outcome(people.map((id) => link(id, mongoId)))).toEqual([...conflicts, ...alone]);
  const user = await db.createUser();
  expect(await outcome(people.map(() => link(user, randomUUID())))).toEqual([
    ...conflicts,
    ...alone,
  ]);
  const again = await db.createUser();
  const same = randomUUID();
  expect(await outcome(people.map(() => link(again, same)))).toEqual(Array(12).fill('linked'));
});

test('while the operator links and unlinks one of two, every answer has both of them or is a refusal', async () => {
  const [ann, bob] = (await known(2)) as [Known, Known];
  await ensure(ann, bob);
  const answers = new Set<string>();
  const changes = (async () => {
    for (let n = 0; n < 15; n += 1) {
      await db.sql`select unlink_external_identity(${bob.id}, 'mongo')`;
      await link(bob.id, bob.mongoId);
    }
  })();
  await Promise.all([
    changes,
    ...Array.from({ length: 120 }, async (_, n) => {
      const [caller, other] = n % 2 === 0 ? [ann, bob] : [bob, ann];
      try {
        const [row] = await ensure(caller, other);
        expect(row).toMatchObject({
          thread_id: threadOf(ann, bob),
          other_mongo_id: other.mongoId,
          other_supabase_id: other.id,
        });
        answers.add('answered');
      } catch (error) {
        answers.add(codeOf(error));
      }
    }),
  ]);
  answers.delete('not_found');
  answers.delete('not_linked');
  expect([...answers]).toEqual(['answered']);
});
