import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealConnections, type RealConnections } from './real-connections.ts';

// Whatever there is to be done with threads and the messages they hang on, by many at once and beside the jobs: nobody waits for
// each other in a circle, what is there has no gap, and a message shows its thread as it is.

const workers = 16;
const actionsEach = 40;

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

test('threads are opened, written in, changed and deleted beside the jobs: no deadlock, no gap, no stale summary', async () => {
  const ownerId = await db.createUser();
  const members = await Promise.all(Array.from({ length: 6 }, () => db.createUser()));
  const [community] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_community('Threads')`,
  );
  for (const id of members) await db.sql`select private.add_member(${community!.id}, ${id})`;
  const people = [ownerId, ...members];
  const channelIds: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    const [channel] = await db.as<{ id: string }>(ownerId, 'select * from create_channel($1, $2)', [
      community!.id,
      name,
    ]);
    channelIds.push(channel!.id);
    for (let n = 0; n < 6; n += 1) {
      await db.as(ownerId, 'select send_message($1, $2)', [channel!.id, `root ${n}`]);
    }
  }

  const threadIds: string[] = [];
  const thread = () => pick(threadIds.length === 0 ? channelIds : threadIds.slice(-10));
  const anySeq = async (channelId: string) => {
    const [row] = await db.sql<{ seq: number }[]>`
      select seq::int from public.messages where channel_id = ${channelId} order by random() limit 1`;
    return row?.seq ?? 1;
  };
  const asOwner = (query: string, parameters: unknown[]) => db.as(ownerId, query, parameters);
  const actions: Record<string, () => Promise<unknown>> = {
    create: async () => {
      const channelId = pick(channelIds);
      const [row] = await db.as<{ id: string }>(
        pick(people),
        'select * from create_thread($1, $2, $3)',
        [channelId, 'aside', await anySeq(channelId)],
      );
      threadIds.push(row!.id);
    },
    send: () => db.as(pick(people), 'select send_message($1, $2)', [thread(), 'in a thread']),
    sendToChannel: () =>
      db.as(pick(people), 'select send_message($1, $2)', [pick(channelIds), 'in a channel']),
    update: () =>
      asOwner('select update_thread($1, $2, p_is_archived => $3, p_is_locked => $4)', [
        thread(),
        pick([null, 'another name']),
        pick([null, true, false]),
        pick([null, false]),
      ]),
    leave: () => db.as(pick(people), 'select leave_thread($1)', [thread()]),
    join: () => db.as(pick(people), 'select join_thread($1)', [thread()]),
    deleteThread: () => asOwner('select delete_thread($1)', [thread()]),
    deleteMessages: async () => {
      const channelId = pick(channelIds);
      const seqs = [await anySeq(channelId), await anySeq(channelId)];
      await asOwner('select delete_messages($1, $2)', [channelId, [...new Set(seqs)]]);
    },
    react: async () => {
      const channelId = pick(channelIds);
      await db.as(pick(people), 'select add_reaction($1, $2, $3)', [
        channelId,
        await anySeq(channelId),
        '👍',
      ]);
    },
    // Some fall silent, and are found.
    sweep: async () => {
      await db.sql`
        update private.threads
        set silence_at = now() - interval '1 minute', opened_at = now() - interval '9 days'
        where id in (
          select id from private.threads
          where community_id = ${community!.id} and archived_at is null
          order by random() limit 2 for update skip locked
        )`;
      await db.sql`select private.sweep_threads()`;
    },
    tell: () => db.sql`select private.tell_threads()`,
    tellActivity: () => db.sql`select private.tell_activity()`,
  };
  // As often as people do it.
  const bag = [
    ...Object.keys(actions),
    ...Array.from({ length: 6 }, () => ['create', 'send', 'sendToChannel', 'update']).flat(),
  ];

  const answers = new Map<string, number>();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let n = 0; n < actionsEach; n += 1) {
        const name = pick(bag);
        let answer = 'done';
        // No limit is what is looked at here.
        await db.sql`
          delete from private.rate_limits where ctid in (
            select ctid from private.rate_limits where subject = any (${people}) for update skip locked
          )`;
        try {
          await actions[name]?.();
        } catch (error) {
          answer = answerOf(error);
        }
        answers.set(`${name} ${answer}`, (answers.get(`${name} ${answer}`) ?? 0) + 1);
      }
    }),
  );
  // What people run into where others have been quicker, and nothing else.
  const expected = /(done|not_found|conflict|limit_reached)$/;
  expect([...answers.keys()].filter((answer) => !expected.test(answer))).toEqual([]);
  for (const name of Object.keys(actions)) expect(answers.get(`${name} done`)).toBeGreaterThan(0);

  // The jobs come to an end of it.
  for (let n = 0; n < 3; n += 1) {
    await db.sql`select private.sweep_threads(10000)`;
    await db.sql`select private.tell_threads()`;
  }
  const [wrong] = await db.sql`
    select
      (select count(*)::int from private.threads t
        join public.messages m on m.channel_id = t.channel_id and m.seq = t.root_seq
        where t.community_id = ${community!.id} and m.thread is distinct from private.thread_summary(t)) as stale,
      (select count(*)::int from public.messages m
        where m.channel_id = any (${channelIds}) and m.thread is not null and not exists (
          select from private.threads t
          where t.id = (m.thread ->> 'id')::uuid and t.channel_id = m.channel_id and t.root_seq = m.seq
        )) as roots_of_nothing,
      (select count(*)::int from private.channel_heads h
        where h.community_id = ${community!.id} and h.deleted_at is null and (
          h.revision <> (select count(*) from private.channel_events e where e.channel_id = h.channel_id)
          or h.last_seq <> (select count(*) from public.messages m where m.channel_id = h.channel_id)
            + (select count(*) from private.tombstones t where t.channel_id = h.channel_id)
        )) as gaps`;
  expect(wrong).toEqual({ stale: 0, roots_of_nothing: 0, gaps: 0 });
}, 120_000);
