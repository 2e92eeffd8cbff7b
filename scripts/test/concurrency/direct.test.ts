import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealConnections, type RealConnections } from './real-connections.ts';

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

async function community(size: number): Promise<string[]> {
  const people = await Promise.all(Array.from({ length: size }, () => db.createUser()));
  const [made] = await db.as<{ id: string }>(
    people[0]!,
    `select * from create_community('Direct')`,
  );
  for (const id of people.slice(1)) await db.sql`select private.add_member(${made!.id}, ${id})`;
  return people;
}

test('two hundred calls of both sides open one channel, with both in it', async () => {
  const [ann, bob] = (await community(2)) as [string, string];
  await db.sql`
    delete from private.rate_limits where limit_key = 'direct_open' and subject in (${ann}, ${bob})`;
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => {
      const [caller, other] = n % 2 === 0 ? [ann, bob] : [bob, ann];
      return db.as<{ id: string; members: { user_id: string }[] }>(
        caller,
        'select * from open_direct($1)',
        [other],
      );
    }),
  );
  expect(new Set(answers.map(([channel]) => channel!.id)).size).toBe(1);
  for (const [channel] of answers) {
    expect(channel!.members.map(({ user_id }) => user_id).sort()).toEqual([ann, bob].sort());
  }
  const rows = await db.sql`
    select m.user_id from private.direct_channels d join private.direct_members m on m.channel_id = d.id
    where ${ann} in (d.low_id, d.high_id)`;
  expect(rows.map(({ user_id }) => user_id).sort()).toEqual([ann, bob].sort());
});

test('ten are a group however many are taken in at once', async () => {
  const people = await community(20);
  const [owner, ...others] = people as [string, ...string[]];
  const [group] = await db.as<{ id: string }>(owner, 'select * from open_group($1)', [[others[0]]]);
  const refused: string[] = [];
  await Promise.all(
    others.slice(1).map(async (id, n) => {
      const caller = n % 2 === 0 ? owner : others[0]!;
      try {
        await db.as(caller, 'select add_direct_member($1, $2)', [group!.id, id]);
      } catch (error) {
        refused.push((JSON.parse((error as { detail: string }).detail) as { code: string }).code);
      }
    }),
  );
  expect(refused).toEqual(Array(10).fill('limit_reached'));
  const [members] = await db.sql`
    select count(*)::int from private.direct_members where channel_id = ${group!.id}`;
  expect(members).toEqual({ count: 10 });
});

test('members write while others leave and are taken out: no gap, no deadlock, nothing on an old topic', async () => {
  const people = await community(10);
  const [owner, ...others] = people as [string, ...string[]];
  const [group] = await db.as<{ id: string }>(owner, 'select * from open_group($1)', [others]);
  const channelId = group!.id;
  // Notifications come in the order of commits.
  const order: string[] = [];
  const { unlisten } = await db.sql.listen('realtime_messages', (payload) => {
    order.push((JSON.parse(payload) as { id: string }).id);
  });
  const answers = new Set<string>();
  const attempt = async (call: () => Promise<unknown>) => {
    try {
      await call();
      answers.add('done');
    } catch (error) {
      const { detail, message } = error as { detail?: string; message: string };
      answers.add(
        detail?.startsWith('{') ? (JSON.parse(detail) as { code: string }).code : message,
      );
    }
  };
  await Promise.all([
    ...people.map(async (id) => {
      for (let n = 0; n < 15; n += 1) {
        await attempt(() => db.as(id, 'select send_message($1, $2)', [channelId, 'still here']));
      }
    }),
    ...others.slice(0, 4).map(async (id, n) => {
      if (n % 2 === 0) await attempt(() => db.as(id, 'select leave_direct_group($1)', [channelId]));
      else {
        await attempt(() => db.as(owner, 'select remove_direct_member($1, $2)', [channelId, id]));
        await attempt(() => db.as(owner, 'select add_direct_member($1, $2)', [channelId, id]));
      }
    }),
    // Whose account ends took part, too.
    attempt(() => db.sql`delete from auth.users where id = ${others[8]!}`),
  ]);
  expect([...answers].sort()).toEqual(['done', 'not_found']);
  const [wrong] = await db.sql`
    select
      h.revision - (select count(*) from private.channel_events e where e.channel_id = h.channel_id) as gaps,
      h.last_seq - (select count(*) from public.messages m where m.channel_id = h.channel_id) as lost
    from private.channel_heads h where h.channel_id = ${channelId}`;
  expect(wrong).toEqual({ gaps: '0', lost: '0' });

  const rows = await db.sql<{ id: string; topic: string; event: string }[]>`
    select id, topic, event from realtime.messages where topic like ${`channel:${channelId}:%`}`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  await expect.poll(() => order.filter((id) => byId.has(id)).length).toBe(rows.length);
  await unlisten();
  const ended = new Set<string>();
  for (const id of order) {
    const row = byId.get(id);
    if (row === undefined) continue;
    expect(ended).not.toContain(row.topic);
    if (row.event === 'moved') ended.add(row.topic);
  }
  // One leave each of two, two taken out, and an account's end.
  expect(ended.size).toBe(5);
});

test('a stranger is refused without waiting for a group, and who is taken out while waiting does nothing', async () => {
  const people = await community(4);
  const [owner, member, other, stranger] = people as [string, string, string, string];
  const [group] = await db.as<{ id: string }>(owner, 'select * from open_group($1)', [
    [member, other],
  ]);
  const leave = (who: string) => db.as(who, 'select leave_direct_group($1)', [group!.id]);
  const notFound = { code: 'PT404' };
  let waiting: Promise<unknown> = Promise.resolve();
  await db.sql.begin(async (tx) => {
    await tx`select private.change_access(${group!.id})`;
    await expect(leave(stranger)).rejects.toMatchObject(notFound);
    waiting = expect(
      db.as(member, 'select rename_direct_group($1, $2)', [group!.id, 'mine']),
    ).rejects.toMatchObject(notFound);
    await expect
      .poll(async () => {
        const [locks] = await db.sql`
          select count(*)::int from pg_locks where locktype = 'advisory' and not granted`;
        return locks!.count;
      })
      .toBe(1);
    await tx`
      delete from private.direct_members where channel_id = ${group!.id} and user_id = ${member}`;
  });
  await waiting;
});

test('an account that ends meanwhile is nobody any more, to others and to itself', async () => {
  const [ann, bob, cat] = (await community(3)) as [string, string, string];
  const [group] = await db.as<{ id: string }>(ann, 'select * from open_group($1)', [[bob]]);
  const attempts = [
    [ann, 'select open_direct($1)', [cat], 'not_found'],
    [ann, 'select open_group($1)', [[cat]], 'not_found'],
    [bob, 'select add_direct_member($1, $2)', [group!.id, cat], 'not_found'],
    [cat, 'select open_direct($1)', [ann], 'session_required'],
    [cat, 'select update_my_preferences($1)', ['nobody'], 'session_required'],
  ] as const;
  const waiting: Promise<unknown>[] = [];
  await db.sql.begin(async (tx) => {
    await tx`delete from auth.users where id = ${cat}`;
    for (const [who, query, parameters, code] of attempts) {
      waiting.push(
        db.as(who, query, [...parameters]).then(
          () => expect.unreachable(`${query} was done`),
          (error) => expect(JSON.parse(error.detail)).toMatchObject({ code }),
        ),
      );
    }
    await expect
      .poll(async () => {
        const [waits] = await db.sql`
          select count(*)::int from pg_stat_activity where wait_event_type = 'Lock'`;
        return waits!.count;
      })
      .toBeGreaterThanOrEqual(attempts.length);
  });
  await Promise.all(waiting);
});
