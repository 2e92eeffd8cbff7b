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

/** Redeems a code; a refused try is answered and not raised, so that it counts. */
async function redeem(userId: string, code: string): Promise<string> {
  const [row] = await db.as<{ answer: { details?: string } }>(
    userId,
    'select redeem_invite($1) as answer',
    [code],
  );
  const details = row!.answer.details;
  return details === undefined ? 'joined' : (JSON.parse(details) as { code: string }).code;
}

/** How many stored answers differ from the rule asked afresh, and classes that nobody is in or that name a lost role. */
async function wrongAnswers(communityId: string): Promise<number> {
  const [row] = await db.sql<{ wrong: number }[]>`
    select (
      select count(*)::int
      from private.access_classes a
      cross join lateral private.rights_in(a.community_id, a.role_ids, a.member_id) r
      left join private.channel_access ca on ca.access_class_id = a.id and ca.channel_id = r.place_id
      where a.community_id = ${communityId} and ca.permissions is distinct from r.permissions
    ) + (
      select count(*)::int
      from private.access_classes a
      where a.community_id = ${communityId} and (
        a.permissions <> private.base_permissions(a.community_id, a.role_ids, a.member_id)
        or not exists (select from public.community_members m where m.access_class_id = a.id)
        or exists (select from unnest(a.role_ids) as i (id) where not exists (select from public.roles r where r.id = i.id))
      )
    ) + (
      select count(*)::int
      from public.community_members m
      join private.access_classes a on a.id = m.access_class_id
      where m.community_id = ${communityId} and a.role_ids <> private.granted_role_ids(m.community_id, m.user_id)
    ) as wrong`;
  return row!.wrong;
}

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
    const outcomes = await Promise.all(userIds.map((id) => redeem(id, invite!.code)));

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
        redeem(id, code).catch(codeOf),
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

describe('racing changes of rights', () => {
  const createRole = async (ownerId: string, communityId: string, permissions: string[]) => {
    const [role] = await db.as<{ id: string }>(
      ownerId,
      'select id from create_role($1, $2, $3::text[])',
      [communityId, 'a role', permissions],
    );
    return role!.id;
  };
  const grant = (actorId: string, communityId: string, userId: string, roleId: string) =>
    db
      .as(actorId, 'select grant_role($1, $2, $3)', [communityId, userId, roleId])
      .then(() => 'granted', codeOf);
  const revoke = (actorId: string, communityId: string, userId: string, roleId: string) =>
    db
      .as(actorId, 'select revoke_role($1, $2, $3)', [communityId, userId, roleId])
      .then(() => 'revoked', codeOf);

  test('two managers who demote each other while their roles change places: one of them at most does', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { ownerId, communityId, memberIds } = await createCommunity(2);
      const [upper, lower] = memberIds as [string, string];
      const lowerRole = await createRole(ownerId, communityId, ['manage_roles']);
      const upperRole = await createRole(ownerId, communityId, ['manage_roles']);
      await db.as(ownerId, 'select move_role($1, 2)', [upperRole]);
      await grant(ownerId, communityId, upper, upperRole);
      await grant(ownerId, communityId, lower, lowerRole);

      const outcomes = await Promise.all([
        revoke(upper, communityId, lower, lowerRole),
        db.as(ownerId, 'select move_role($1, 2)', [lowerRole]),
        revoke(lower, communityId, upper, upperRole),
      ]);
      expect(outcomes.filter((outcome) => outcome === 'revoked').length).toBeLessThanOrEqual(1);
      const [left] = await db.sql`
        select count(*)::int as managers from public.member_roles where community_id = ${communityId}`;
      expect(left!.managers).toBeGreaterThanOrEqual(1);
      expect(await wrongAnswers(communityId)).toBe(0);
    }
  });

  test('a role that is deleted while it is granted is held by nobody', async () => {
    const { ownerId, communityId, memberIds } = await createCommunity(12);
    const roleId = await createRole(ownerId, communityId, ['pin_messages']);
    const outcomes = await Promise.all([
      ...memberIds.slice(0, 6).map((id) => grant(ownerId, communityId, id, roleId)),
      db.as(ownerId, 'select delete_role($1)', [roleId]).then(() => 'deleted', codeOf),
      ...memberIds.slice(6).map((id) => grant(ownerId, communityId, id, roleId)),
    ]);
    expect(outcomes).toContain('deleted');
    expect(new Set([...outcomes, 'granted', 'not_found'])).toEqual(
      new Set(['deleted', 'granted', 'not_found']),
    );
    const held = await db.sql`select from public.member_roles where role_id = ${roleId}`;
    expect(held).toHaveLength(0);
    expect(await wrongAnswers(communityId)).toBe(0);
  });

  test('a community that is handed to several at once has one owner, who is a member', async () => {
    const { ownerId, communityId, memberIds } = await createCommunity(10);
    const outcomes = await Promise.all(
      memberIds.flatMap((id) => [
        db
          .as(ownerId, 'select transfer_ownership($1, $2)', [communityId, id])
          .then(() => 'handed over', codeOf),
        db.as(id, 'select leave_community($1)', [communityId]).then(() => 'left', codeOf),
      ]),
    );
    expect(outcomes.filter((outcome) => outcome === 'handed over').length).toBeLessThanOrEqual(1);
    const owners = await db.sql`
      select from public.communities c
      join public.community_members m on m.community_id = c.id and m.user_id = c.owner_id
      where c.id = ${communityId}`;
    expect(owners).toHaveLength(1);
    expect(await wrongAnswers(communityId)).toBe(0);
  });

  test('whoever is banned while joining is no member afterwards', async () => {
    const { ownerId, communityId, code } = await createCommunity();
    const userIds = await Promise.all(Array.from({ length: 10 }, () => db.createUser()));
    await Promise.all(
      userIds.flatMap((id) => [
        redeem(id, code),
        db.as(ownerId, 'select ban_member($1, $2)', [communityId, id]),
        redeem(id, code),
      ]),
    );
    const members = await db.sql`
      select user_id from public.community_members where community_id = ${communityId}`;
    expect(members.map((row) => row.user_id)).toEqual([ownerId]);
    expect(await wrongAnswers(communityId)).toBe(0);
  });

  test('a stranger is refused without waiting for the community', async () => {
    const { ownerId, communityId, channelId } = await createCommunity();
    const strangerId = await db.createUser();
    const [thread] = await db.as<{ id: string }>(ownerId, 'select * from create_thread($1, $2)', [
      channelId,
      'aside',
    ]);
    await db.sql.begin(async (tx) => {
      // As if the owner's change took long.
      await tx`select private.change_access(${communityId})`;
      for (const call of [
        db.as(strangerId, 'select create_channel($1, $2)', [communityId, 'x']).catch(codeOf),
        db.as(strangerId, 'select delete_channel($1)', [channelId]).catch(codeOf),
        db.as(strangerId, 'select leave_thread($1)', [thread!.id]).catch(codeOf),
      ]) {
        expect(await call).toBe('not_found');
      }
    });
    await db.as(ownerId, 'select delete_channel($1)', [channelId]);
  });

  test('a right that is taken while its holder waits is not used', async () => {
    const { ownerId, communityId, channelId, memberIds } = await createCommunity(1);
    const [managerId] = memberIds as [string];
    const roleId = await createRole(ownerId, communityId, ['manage_channels', 'manage_threads']);
    await grant(ownerId, communityId, managerId, roleId);
    const [thread] = await db.as<{ id: string }>(ownerId, 'select * from create_thread($1, $2)', [
      channelId,
      'aside',
    ]);
    let attempts: Promise<unknown>[] = [];
    await db.sql.begin(async (tx) => {
      await tx`select private.change_access(${communityId})`;
      attempts = [
        db.as(managerId, 'select create_channel($1, $2)', [communityId, 'x']).catch(codeOf),
        db.as(managerId, 'select update_channel($1, $2)', [channelId, 'x']).catch(codeOf),
        db.as(managerId, 'select delete_thread($1)', [thread!.id]).catch(codeOf),
      ];
      // All have passed the first question, and wait.
      await expect
        .poll(
          async () =>
            (await db.sql`select from pg_locks where locktype = 'advisory' and not granted`).length,
          { interval: 10 },
        )
        .toBeGreaterThanOrEqual(3);
      await tx`delete from public.member_roles where role_id = ${roleId}`;
      await tx`select private.assign_access_classes(${communityId}, ${[managerId]}::uuid[])`;
    });
    expect(new Set(await Promise.all(attempts))).toEqual(new Set(['missing_permission']));
  });

  test('an account that ends where it was a member once neither deadlocks with what happens there nor leaves a gap', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { ownerId, communityId, channelId, memberIds } = await createCommunity(1);
      const [formerId] = memberIds as [string];
      const [thread] = await db.as<{ id: string }>(
        formerId,
        'select * from create_thread($1, $2)',
        [channelId, 'aside'],
      );
      for (let n = 0; n < 40; n += 1) await send(formerId, channelId, `message ${n}`);
      await send(formerId, thread!.id, 'in it');
      await db.as(formerId, 'select leave_community($1)', [communityId]);
      const seqs = Array.from({ length: 20 }, (_, i) => i + 2);
      await Promise.all([
        db.sql`delete from auth.users where id = ${formerId}`,
        db.as(ownerId, 'select delete_messages($1, $2)', [channelId, seqs]),
        db.sql`select private.tell_threads()`,
        ...Array.from({ length: 8 }, (_, i) =>
          db.as(ownerId, 'select add_reaction($1, $2, $3)', [channelId, 41 - i, '👍']),
        ),
      ]);
      const [feed] = await db.sql`
        select h.revision::int, count(e.revision)::int as changes
        from private.channel_heads h join private.channel_events e using (channel_id)
        where h.channel_id = ${channelId} group by 1`;
      expect(feed!.changes).toBe(feed!.revision);
    }
  });

  test('a sweep of ended grants that waits for a community which is deleted goes on with the others', async () => {
    const gone = await createCommunity(1);
    const other = await createCommunity(1);
    for (const { ownerId, communityId, memberIds } of [gone, other]) {
      const roleId = await createRole(ownerId, communityId, ['pin_messages']);
      expect(await grant(ownerId, communityId, memberIds[0]!, roleId)).toBe('granted');
      await db.sql.begin(async (tx) => {
        await tx`update public.member_roles set expires_at = now() where role_id = ${roleId}`;
        await tx`
          update public.community_members set access_expires_at = '1999-01-01'
          where community_id = ${communityId} and user_id = ${memberIds[0]!}`;
      });
    }
    await db.meet(
      (beforeCommit) =>
        db.as(
          gone.ownerId,
          'select delete_community($1, $2)',
          [gone.communityId, 'Races'],
          beforeCommit,
        ),
      () => db.sql`select private.sweep_access()`,
    );
    const held = await db.sql`
      select from public.member_roles where community_id = ${other.communityId} and expires_at is not null`;
    expect(held).toHaveLength(0);
  });

  test('the log of all this is one unbroken chain', async () => {
    const { ownerId, communityId, memberIds } = await createCommunity(8);
    await Promise.all(
      memberIds.flatMap((id, i) => [
        createRole(ownerId, communityId, []),
        // Who is kicked already makes none.
        db.as(id, 'select create_invite($1)', [communityId]).catch(codeOf),
        db
          .as(ownerId, 'select kick_member($1, $2, $3)', [communityId, id, `reason ${i}`])
          .catch(codeOf),
      ]),
    );
    const [answer] = await db.as<{ chain: object }>(
      ownerId,
      'select verify_audit_chain($1) as chain',
      [communityId],
    );
    expect(answer!.chain).toMatchObject({ is_valid: true, problem: null });
  });
});
