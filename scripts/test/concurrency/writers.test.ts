import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

// Eight people write in four channels and two threads at once, while connections are killed and locks time out under them, and the
// jobs that tell of threads run. Whatever was lost on the way: what is there has no gap, no double, and one order.

const writers = 8;
const channels = 4;
const actionsEach = 60;

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

interface Change {
  revision: number;
  kind: string;
  seqs?: number[];
  seq: number;
  message: Record<string, unknown> | null;
}

/** What is a fault of the wire or a lock's, and not an answer: the caller does not know whether it happened. */
function isFault(error: unknown): boolean {
  const { code } = error as { code?: string };
  // 57P01: killed. 55P03: a lock was not free in time. The others are postgres.js' words for a lost connection.
  return ['57P01', '55P03', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'ECONNRESET'].includes(
    code ?? '',
  );
}

test('writers who are cut off leave no gap, no double and one order', async () => {
  const ownerId = await db.createUser();
  const [community] = await db.as<{ id: string }>(ownerId, 'select * from create_community($1)', [
    'Writers',
  ]);
  const channelIds: string[] = [];
  for (let i = 0; i < channels; i += 1) {
    const [channel] = await db.as<{ id: string }>(ownerId, 'select * from create_channel($1, $2)', [
      community!.id,
      `channel ${i}`,
    ]);
    channelIds.push(channel!.id);
  }
  const [invite] = await db.as<{ code: string }>(ownerId, 'select * from create_invite($1)', [
    community!.id,
  ]);
  const people = await Promise.all(Array.from({ length: writers }, () => db.createUser()));
  for (const id of people) await db.as(id, 'select redeem_invite($1)', [invite!.code]);

  // Notifications come in the order of commits.
  const heard: string[] = [];
  const { unlisten } = await db.sql.listen('realtime_messages', (payload) => {
    heard.push((JSON.parse(payload) as { id: string }).id);
  });

  const threadIds: string[] = [];
  for (const isPrivate of [false, true]) {
    const [thread] = await db.as<{ id: string }>(
      ownerId,
      'select * from create_thread($1, $2, p_is_private => $3)',
      [channelIds[0], 'aside', isPrivate],
    );
    threadIds.push(thread!.id);
  }
  for (const id of people) {
    await db.as(ownerId, 'select add_thread_member($1, $2)', [threadIds[1], id]);
  }
  const places = [...channelIds, ...threadIds];

  let faults = 0;
  const sent = new Map<string, string>();
  /** Says again what was cut off until there is an answer, as the SDK does with what carries a nonce. */
  const say = async (userId: string, call: string): Promise<unknown> => {
    for (;;) {
      try {
        // One message to the server, and so one transaction: nothing is left half said on a connection that is killed.
        const results = await db.sql.unsafe(`/* writer */
          select set_config('role', 'authenticated', true), set_config('request.jwt.claim.sub', '${userId}', true),
            set_config('request.jwt.claims', '{"sub": "${userId}", "role": "authenticated"}', true),
            set_config('lock_timeout', '${randomInt(4) === 0 ? '2ms' : '0'}', true);
          select to_jsonb(r) as answer from ${call} r`);
        return (results as unknown as { answer: unknown }[][])[1]?.[0]?.answer;
      } catch (error) {
        if (!isFault(error)) return codeOf(error);
        faults += 1;
      }
    }
  };
  const act = async (userId: string) => {
    const channelId = places[randomInt(places.length)] as string;
    const seq = 1 + randomInt(40);
    const message = `'${channelId}', ${seq}`;
    switch (randomInt(8)) {
      case 0:
        return say(userId, `edit_message(${message}, 'edited ${randomUUID()}')`);
      case 1:
        return say(userId, `delete_message(${message})`);
      case 2:
        return say(userId, `add_reaction(${message}, '👍')`);
      case 3:
        return say(userId, `remove_reaction(${message}, '👍')`);
      default: {
        const nonce = randomUUID();
        const answer = await say(userId, `send_message('${channelId}', 'hello', '${nonce}')`);
        expect(answer).toMatchObject({ client_nonce: nonce });
        sent.set(nonce, channelId);
      }
    }
  };

  let isOver = false;
  const killer = (async () => {
    while (!isOver) {
      // One of those at work, none of those that listen or wait for a test of their own.
      await db.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and state <> 'idle' and query like '/* writer */%'
        order by random() limit 1`.catch(() => []);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  /** A job is cut off, too, and runs again in a while. */
  const run = async (statement: string) => {
    await db.sql.unsafe(`/* writer */ ${statement}`).catch((error) => {
      if (!isFault(error)) throw error;
    });
  };
  /** What else locks heads and threads: the jobs, and the owner who shuts and opens a thread. */
  const others = (async () => {
    for (let round = 0; !isOver; round += 1) {
      await run('select private.tell_threads()');
      await run('select private.tell_activity()');
      await run('select private.sweep_threads()');
      await say(
        ownerId,
        `update_thread('${threadIds[round % 2]}', 'aside ${round}', p_is_archived => true)`,
      );
      // Due at once, so that the sweep finds something.
      await run('update private.threads set silence_at = now() where true');
    }
  })();
  await Promise.all(
    people.map(async (userId) => {
      for (let i = 0; i < actionsEach; i += 1) await act(userId);
    }),
  );
  isOver = true;
  await Promise.all([killer, others]);
  expect(faults).toBeGreaterThan(0);

  for (const channelId of places) {
    const [head] = await db.sql`
      select last_seq::int, revision::int from private.channel_heads where channel_id = ${channelId}`;
    const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
    const numbers = await db.sql`
      select seq::int from public.messages where channel_id = ${channelId}
      union all select seq::int from private.tombstones where channel_id = ${channelId} order by seq`;
    expect(numbers.map((row) => row.seq)).toEqual(upTo(head!.last_seq));
    const feed = await db.sql`
      select revision::int, at from private.channel_events where channel_id = ${channelId} order by revision`;
    expect(feed.map((row) => row.revision)).toEqual(upTo(head!.revision));
    const times = feed.map((row) => (row.at as Date).getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));

    const nonces = await db.sql`
      select client_nonce from public.messages where channel_id = ${channelId} and kind = 'text'
      union all select client_nonce from private.tombstones where channel_id = ${channelId}`;
    const wanted = [...sent].filter(([, at]) => at === channelId).map(([nonce]) => nonce);
    expect(nonces.map((row) => row.client_nonce as string).sort()).toEqual(wanted.sort());

    const told = await db.sql<{ id: string; payload: Change }[]>`
      select id, payload from realtime.messages
      where topic like ${`channel:${channelId}:%`} and payload ? 'revision'
      order by (payload ->> 'revision')::int`;
    expect(told.map(({ payload }) => payload.revision)).toEqual(upTo(head!.revision));
    const ids = new Set(told.map(({ id }) => id));
    await expect.poll(() => heard.filter((id) => ids.has(id)).length).toBe(told.length);
    expect(heard.filter((id) => ids.has(id))).toEqual(told.map(({ id }) => id));

    const replayed = new Map<number, Record<string, unknown>>();
    for (const { payload } of told) {
      if (payload.message === null) for (const seq of payload.seqs ?? []) replayed.delete(seq);
      else replayed.set(payload.seq, payload.message);
    }
    const table = await db.sql<{ row: Record<string, unknown> }[]>`
      select to_jsonb(m) || '{"reply": null}' as row from public.messages m
      where channel_id = ${channelId} order by seq`;
    const inOrder = [...replayed.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
    expect(inOrder).toEqual(table.map(({ row }) => row));
  }
  await unlisten();
}, 60_000);
