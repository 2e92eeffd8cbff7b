import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

interface Message {
  seq: string;
  revision: string;
  body: string;
  created_at: Date;
}

let db: RealConnections;

beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

async function createCommunity(members = 0) {
  const ownerId = await db.createUser();
  const [community] = await db.as<{ id: string }>(ownerId, 'select * from create_community($1)', [
    'Races',
  ]);
  const communityId = community!.id;
  const [channel] = await db.as<{ id: string }>(ownerId, 'select * from list_channels($1)', [
    communityId,
  ]);
  const [invite] = await db.as<{ code: string }>(ownerId, 'select * from create_invite($1)', [
    communityId,
  ]);
  const memberIds = await Promise.all(Array.from({ length: members }, () => db.createUser()));
  await Promise.all(
    memberIds.map((id) => db.as(id, 'select * from redeem_invite($1)', [invite!.code])),
  );
  return { ownerId, communityId, channelId: channel!.id, code: invite!.code, memberIds };
}

const send = (userId: string, channelId: string, body: string, nonce: string | null = null) =>
  db.as<Message>(userId, 'select * from send_message($1, $2, $3)', [channelId, body, nonce]);

describe('racing sends', () => {
  test('number a channel without gaps or doubles, in the order of their times', async () => {
    const { channelId, memberIds } = await createCommunity(20);
    await Promise.all(
      memberIds.map(async (id, member) => {
        for (let i = 0; i < 20; i += 1) await send(id, channelId, `${member}/${i}`);
      }),
    );

    const rows = await db.sql<Message[]>`
      select seq, revision, body, created_at from public.messages where channel_id = ${channelId} order by seq`;
    expect(rows.map((row) => Number(row.seq))).toEqual(
      Array.from({ length: 400 }, (_, i) => i + 1),
    );
    expect(rows.map((row) => row.revision)).toEqual(rows.map((row) => row.seq));
    const times = rows.map((row) => row.created_at.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    // What each member sent stands in the order in which that member sent it.
    for (const member of memberIds.keys()) {
      const own = rows.map((row) => row.body).filter((body) => body.startsWith(`${member}/`));
      expect(own).toEqual(Array.from({ length: 20 }, (_, i) => `${member}/${i}`));
    }
  });

  test('that are rolled back leave no number behind', async () => {
    const { ownerId, channelId } = await createCommunity();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0
          ? send(ownerId, channelId, `kept ${i}`)
          : db.as(ownerId, `select (send_message($1, 'dropped')).seq / 0`, [channelId]).then(
              () => expect.unreachable(),
              (error) => expect(error.code).toBe('22012'),
            ),
      ),
    );
    const rows = await db.sql<Message[]>`
      select seq, body from public.messages where channel_id = ${channelId} order by seq`;
    expect(rows.map((row) => Number(row.seq))).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    expect(rows.every((row) => row.body.startsWith('kept'))).toBe(true);
  });

  test('with the same nonce make one message, one broadcast and one charge', async () => {
    const { ownerId, channelId } = await createCommunity();
    const nonce = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(ownerId, channelId, 'once', nonce)),
    );

    expect(new Set(answers.map(([row]) => row!.seq))).toEqual(new Set(['1']));
    const [counts] = await db.sql`
      select
        (select count(*)::int from public.messages where channel_id = ${channelId}) as messages,
        (select count(*)::int from private.channel_events where channel_id = ${channelId}) as events,
        (select count(*)::int from realtime.messages where topic like ${`channel:${channelId}:%`}) as broadcasts,
        (select r.full_at - m.created_at < interval '1.5 seconds'
         from private.rate_limits r, public.messages m
         where r.limit_key = 'message_send' and r.subject = ${ownerId} and m.channel_id = ${channelId})
          as charged_once`;
    expect(counts).toEqual({ messages: 1, events: 1, broadcasts: 1, charged_once: true });
  });
});

describe('racing redeems', () => {
  test('let in exactly as many as the invite allows', async () => {
    const { ownerId, communityId } = await createCommunity();
    const [invite] = await db.as<{ code: string }>(ownerId, 'select * from create_invite($1, 5)', [
      communityId,
    ]);
    const userIds = await Promise.all(Array.from({ length: 20 }, () => db.createUser()));
    const outcomes = await Promise.all(
      userIds.map((id) =>
        db.as(id, 'select * from redeem_invite($1)', [invite!.code]).then(() => 'joined', codeOf),
      ),
    );

    expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'expired')).toHaveLength(15);
    const [counts] = await db.sql`
      select
        (select uses from public.invites where code = ${invite!.code}) as uses,
        (select count(*)::int from public.community_members where community_id = ${communityId}) as members`;
    expect(counts).toEqual({ uses: 5, members: 6 });
  });

  test('by one user use the invite once', async () => {
    const { communityId, code } = await createCommunity();
    const userId = await db.createUser();
    await Promise.all(
      Array.from({ length: 10 }, () => db.as(userId, 'select * from redeem_invite($1)', [code])),
    );
    const [counts] = await db.sql`
      select
        (select uses from public.invites where code = ${code}) as uses,
        (select count(*)::int from public.community_members where community_id = ${communityId}) as members,
        (select count(*)::int from private.access_classes where community_id = ${communityId}) as classes`;
    // The owner's class and the one of everybody without granted roles.
    expect(counts).toEqual({ uses: 1, members: 2, classes: 2 });
  });

  test('by the first members of a community make one class for all of them', async () => {
    const { communityId, code } = await createCommunity();
    const userIds = await Promise.all(Array.from({ length: 20 }, () => db.createUser()));
    await Promise.all(userIds.map((id) => db.as(id, 'select * from redeem_invite($1)', [code])));
    const [counts] = await db.sql`
      select
        (select count(*)::int from public.community_members where community_id = ${communityId}) as members,
        (select count(*)::int from private.access_classes where community_id = ${communityId}) as classes,
        (select count(*)::int from private.channel_access ca join private.access_classes a on a.id = ca.access_class_id
         where a.community_id = ${communityId}) as answers`;
    expect(counts).toEqual({ members: 21, classes: 2, answers: 2 });
  });
});

describe('leaving', () => {
  test('while others send: nothing goes to the old topics after the leave is committed', async () => {
    const { communityId, channelId, memberIds } = await createCommunity(8);
    const [before] = await db.sql<{ topic: string }[]>`
      select private.channel_topic(${channelId}) as topic`;

    // Notifications come in the order of commits, so they tell what was committed after what.
    const order: { id: string; inserted_at: string }[] = [];
    const { unlisten } = await db.sql.listen('realtime_messages', (payload) => {
      order.push(JSON.parse(payload));
    });
    const [leaver, ...senders] = memberIds;
    let left = false;
    await Promise.all([
      ...senders.map(async (id) => {
        for (let i = 0; i < 30 || !left; i += 1) await send(id, channelId, `message ${i}`);
      }),
      (async () => {
        // In the middle of it: something has been sent, and the others have not finished.
        await expect.poll(() => order.length, { interval: 5 }).toBeGreaterThan(20);
        try {
          await db.as(leaver!, 'select leave_community($1)', [communityId]);
        } finally {
          left = true;
        }
      })(),
    ]);
    const rows = await db.sql<{ id: string; topic: string; event: string }[]>`
      select id, topic, event from realtime.messages
      where topic like ${`channel:${channelId}:%`} or topic like ${`community:${communityId}:%`}`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    await expect
      .poll(() => order.filter(({ id }) => byId.has(id)).length)
      .toBe(
        // member_joined of the members came before the listening began.
        rows.filter((row) => row.event !== 'member_joined').length,
      );
    await unlisten();

    const heard = order.flatMap(({ id }) => byId.get(id) ?? []);
    const moved = heard.findIndex((row) => row.event === 'moved');
    expect(moved).toBeGreaterThan(-1);
    expect(heard.slice(0, moved).some((row) => row.topic === before!.topic)).toBe(true);
    expect(heard.slice(moved + 1).filter((row) => row.topic === before!.topic)).toEqual([]);
    expect(heard.slice(moved + 1).some((row) => row.event === 'message_created')).toBe(true);
  });

  test('and joining, creating, inviting, sending and deleting accounts side by side never deadlock', async () => {
    const { ownerId, communityId, channelId, code, memberIds } = await createCommunity(10);
    const outcomes = await Promise.all([
      ...memberIds.flatMap((id) => [
        send(id, channelId, 'hello').then(() => 'sent', codeOf),
        db.as(id, 'select leave_community($1)', [communityId]).then(() => 'left', codeOf),
        db.as(id, 'select * from redeem_invite($1)', [code]).then(() => 'joined', codeOf),
        db.as(id, 'select * from create_invite($1)', [communityId]).then(() => 'invited', codeOf),
      ]),
      // Half of them end their account in the middle of it.
      ...memberIds
        .slice(5)
        .map((id) => db.sql`delete from auth.users where id = ${id}`.then(() => 'gone', codeOf)),
      ...Array.from({ length: 10 }, (_, i) =>
        db
          .as(ownerId, 'select * from create_channel($1, $2)', [communityId, `channel ${i}`])
          .then(() => 'created', codeOf),
      ),
    ]);
    // codeOf throws on anything that is not one of our own refusals, a deadlock (40P01) above all.
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(10);
    const [{ wrong } = { wrong: -1 }] = await db.sql<{ wrong: number }[]>`
      select count(*)::int as wrong
      from private.access_classes a
      cross join public.channels c
      left join private.channel_access ca on ca.access_class_id = a.id and ca.channel_id = c.id
      where a.community_id = ${communityId} and c.community_id = ${communityId} and ca.permissions is null`;
    expect(wrong).toBe(0);
  });
});
