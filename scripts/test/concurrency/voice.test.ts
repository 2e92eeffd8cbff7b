import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

interface VoiceCommunity {
  id: string;
  owner: string;
  members: string[];
  /** Voice channels. */
  channels: string[];
}

async function community(size: number, channelCount = 1): Promise<VoiceCommunity> {
  const people = await Promise.all(Array.from({ length: size }, () => db.createUser()));
  const [owner, ...members] = people as [string, ...string[]];
  const [made] = await db.as<{ id: string }>(owner, `select * from create_community('Voice')`);
  for (const id of members) await db.sql`select private.add_member(${made!.id}, ${id})`;
  const channels: string[] = [];
  for (let n = 0; n < channelCount; n += 1) {
    const [channel] = await db.as<{ id: string }>(
      owner,
      `select * from create_channel($1, $2, 'voice')`,
      [made!.id, `voice ${n}`],
    );
    channels.push(channel!.id);
  }
  return { id: made!.id, owner, members, channels };
}

/** Joins or renews: whoever is not refused holds a seat. */
async function takeSeat(userId: string, query: string, parameters: unknown[]): Promise<void> {
  const [seat] = await db.as<{ session_id: string | null }>(userId, query, parameters);
  expect(seat?.session_id).toEqual(expect.any(String));
}

/** Runs calls and counts how they ended: `done`, a code, or what PostgreSQL itself said. */
function tally() {
  const answers: Record<string, number> = {};
  const attempt = async (call: () => Promise<unknown>): Promise<void> => {
    let answer = 'done';
    try {
      await call();
    } catch (error) {
      const { detail, message } = error as { detail?: string; message: string };
      answer = detail?.startsWith('{') ? codeOf(error) : message;
    }
    answers[answer] = (answers[answer] ?? 0) + 1;
  };
  return { answers, attempt };
}

const withoutLimits = () => db.sql`delete from private.rate_limits where limit_key like 'voice%'`;

/** What holds whatever happens: no seat too many, nobody in it who may not, and an event for each revision. */
async function expectSoundRooms({ id }: VoiceCommunity): Promise<void> {
  const rooms = await db.sql`
    select
      (select count(*)::int from private.voice_sessions s where s.channel_id = r.channel_id) <= r.max_participants as fits,
      (
        select count(*)::int from private.voice_sessions s where s.channel_id = r.channel_id
          and coalesce(private.channel_permissions(s.channel_id, p_user_id => s.user_id), 0) & private.permission_mask('connect') = 0
      ) as intruders,
      r.revision - (
        select count(*) from realtime.messages m
        where m.topic like 'voice:' || r.community_id || ':' || r.channel_id || ':%' and m.event = 'roster_changed'
      ) as untold
    from private.voice_rooms r where r.community_id = ${id}`;
  for (const room of rooms) expect(room).toEqual({ fits: true, intruders: 0, untold: '0' });
}

test('of fifty who want the last seat one gets it', async () => {
  const room = await community(51);
  const [channelId] = room.channels as [string];
  await db.as(room.owner, 'select update_voice_channel($1, p_max_participants => 2)', [channelId]);
  await db.as(room.owner, 'select join_voice($1)', [channelId]);
  const { answers, attempt } = tally();
  await Promise.all(
    room.members.map((id) =>
      attempt(() => takeSeat(id, 'select * from join_voice($1)', [channelId])),
    ),
  );
  expect(answers).toEqual({ done: 1, limit_reached: 49 });
  await expectSoundRooms(room);
});

test('one device that joins two channels at once is in one of them', async () => {
  const room = await community(2, 2);
  const [member] = room.members as [string];
  const device = randomUUID();
  for (let round = 0; round < 10; round += 1) {
    await withoutLimits();
    const { answers, attempt } = tally();
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        attempt(() =>
          takeSeat(member, 'select * from join_voice($1, $2)', [room.channels[n % 2], device]),
        ),
      ),
    );
    for (const answer of Object.keys(answers)) expect(['done', 'conflict']).toContain(answer);
    const seats = await db.sql`select from private.voice_sessions where user_id = ${member}`;
    expect(seats.length).toBe(1);
  }
  await expectSoundRooms(room);
});

test('who leaves while being moved has left', async () => {
  const room = await community(2, 2);
  const [member] = room.members as [string];
  const [from, to] = room.channels as [string, string];
  await db.as(member, 'select join_voice($1)', [from]);
  const { second } = await db.meet(
    (beforeCommit) =>
      db.as(room.owner, 'select move_member($1, $2, $3)', [from, member, to], beforeCommit),
    () => db.as<{ left: boolean }>(member, 'select leave_voice($1) as left', [from]),
  );
  expect(second).toEqual([{ left: true }]);
  expect(await db.sql`select from private.voice_sessions where user_id = ${member}`).toEqual([]);
  await expectSoundRooms(room);
});

test('who renews while being moved keeps the seat where they are then', async () => {
  const room = await community(2, 2);
  const [member] = room.members as [string];
  const [from, to] = room.channels as [string, string];
  await db.as(member, 'select join_voice($1)', [from]);
  await db.sql`
    update private.voice_sessions set expires_at = clock_timestamp() + interval '20 seconds'
    where user_id = ${member}`;
  const { second, hasWaited } = await db.meet(
    (beforeCommit) =>
      db.as(room.owner, 'select move_member($1, $2, $3)', [from, member, to], beforeCommit),
    () =>
      db.as<{ channel_id: string; is_renewed: boolean }>(
        member,
        `select s.channel_id, s.expires_at > clock_timestamp() + interval '40 seconds' as is_renewed
         from renew_voice($1) s`,
        [from],
      ),
  );
  expect(hasWaited).toBe(true);
  expect(second).toEqual([{ channel_id: to, is_renewed: true }]);
  await expectSoundRooms(room);
});

test('whoever is kicked while joining, renewing and signalling is out, and is told nothing more', async () => {
  const room = await community(9);
  const [channelId] = room.channels as [string];
  await db.as(room.owner, 'select join_voice($1)', [channelId]);
  for (let round = 0; round < 5; round += 1) {
    await withoutLimits();
    const { answers, attempt } = tally();
    await Promise.all([
      ...room.members
        .slice(0, 7)
        .flatMap((id) => [
          attempt(() => takeSeat(id, 'select * from join_voice($1)', [channelId])),
          attempt(() => takeSeat(id, 'select * from renew_voice($1)', [channelId])),
          attempt(() =>
            db.as(id, `select send_voice_signal($1, $2, 'ice', '{}')`, [channelId, room.owner]),
          ),
          attempt(() =>
            db.as(room.owner, `select send_voice_signal($1, $2, 'ice', '{}')`, [channelId, id]),
          ),
        ]),
      ...room.members
        .slice(0, 7)
        .map((id) => attempt(() => db.as(room.owner, 'select kick_member($1, $2)', [room.id, id]))),
    ]);
    for (const answer of Object.keys(answers)) {
      expect(['done', 'not_found', 'expired']).toContain(answer);
    }
    const seats = await db.sql`
      select from private.voice_sessions where channel_id = ${channelId} and user_id <> ${room.owner}`;
    expect(seats.length).toBe(0);
    for (const id of room.members.slice(0, 7)) {
      await db.sql`select private.add_member(${room.id}, ${id})`;
    }
  }
  await expectSoundRooms(room);
});

test('people flit, moderators move, mute and time out, roles change and the sweep comes: no deadlock, and all of it told', async () => {
  const room = await community(10, 4);
  const other = await community(1, 2);
  const [role] = await db.as<{ id: string }>(
    room.owner,
    'select id from list_roles($1) where is_default',
    [room.id],
  );
  for (const id of room.members) await db.sql`select private.add_member(${other.id}, ${id})`;
  const places = [...room.channels, ...other.channels];
  const any = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
  const { answers, attempt } = tally();
  const until = Date.now() + 6_000;
  const forAWhile = async (call: () => Promise<unknown>) => {
    while (Date.now() < until) await attempt(call);
  };
  const devices = [randomUUID(), randomUUID()];
  await Promise.all([
    ...room.members.map((id) =>
      forAWhile(() => {
        const at = any(places);
        return any([
          () => takeSeat(id, 'select * from join_voice($1, $2)', [at, any(devices)]),
          () => takeSeat(id, 'select * from join_voice($1, $2)', [at, any(devices)]),
          () => db.as(id, 'select leave_voice($1, $2)', [at, any(devices)]),
          () => takeSeat(id, 'select * from renew_voice($1, $2)', [at, any(devices)]),
          () =>
            db.as(id, 'select set_voice_state($1, $2, p_device_id => $3)', [
              at,
              any([true, false]),
              any(devices),
            ]),
          () =>
            db.as(id, `select send_voice_signal($1, $2, 'ice', '{}', p_device_id => $3)`, [
              at,
              any(room.members.filter((other) => other !== id)),
              any(devices),
            ]),
        ])();
      }),
    ),
    forAWhile(() => {
      const who = any(room.members);
      return any([
        () =>
          db.as(room.owner, 'select move_member($1, $2, $3)', [
            room.channels[0],
            who,
            room.channels[1],
          ]),
        () =>
          db.as(room.owner, 'select mute_member($1, $2, $3)', [
            any(room.channels),
            who,
            any([true, false]),
          ]),
        () => db.as(room.owner, 'select disconnect_member($1, $2)', [any(room.channels), who]),
        () =>
          db.as(room.owner, `select timeout_member($1, $2, clock_timestamp() + '1 hour')`, [
            room.id,
            who,
          ]),
        () => db.as(room.owner, 'select timeout_member($1, $2, null)', [room.id, who]),
        () =>
          db.as(room.owner, 'select set_role_permissions($1, $2)', [
            role!.id,
            any([
              ['view_channel', 'connect', 'speak'],
              ['view_channel', 'connect'],
              ['view_channel'],
              ['view_channel', 'connect', 'speak', 'stream'],
            ]),
          ]),
      ])();
    }),
    forAWhile(async () => {
      await db.sql`
        update private.voice_sessions set expires_at = clock_timestamp() where id in (
          select id from private.voice_sessions where channel_id in ${db.sql(places)} limit 2 for update skip locked
        )`;
      await db.sql`select private.sweep_voice()`;
      await withoutLimits();
      await db.sql`delete from private.rate_limits where subject = ${room.owner}`;
    }),
  ]);
  expect(Object.keys(answers).sort()).toEqual(
    expect.arrayContaining(['done', 'expired', 'not_found']),
  );
  const foreseen = [
    'done',
    'expired',
    'not_found',
    'conflict',
    'limit_reached',
    'missing_permission',
    'timed_out',
    'rate_limited',
  ];
  expect(Object.keys(answers).filter((answer) => !foreseen.includes(answer))).toEqual([]);
  await expectSoundRooms(room);
  await expectSoundRooms(other);
});

test('the sweep waits for nobody: a community that is busy keeps no other one waiting', async () => {
  const rooms = [await community(2), await community(2)].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [free, busy] = rooms as [VoiceCommunity, VoiceCommunity];
  for (const { members, channels } of rooms) {
    await db.as(members[0]!, 'select join_voice($1)', [channels[0]]);
    await db.sql`
      update private.voice_sessions set expires_at = clock_timestamp() where channel_id = ${channels[0]!}`;
  }
  const seatsIn = async ({ channels }: VoiceCommunity) =>
    (await db.sql`select from private.voice_sessions where channel_id = ${channels[0]!}`).length;

  await db.sql.begin(async (holder) => {
    await holder`select private.change_access(${busy.id})`;
    await db.sql.begin(async (sweep) => {
      await sweep`set local statement_timeout = '2s'`;
      await sweep`select private.sweep_voice()`;
    });
    expect(await seatsIn(busy)).toBe(1);
  });
  expect(await seatsIn(free)).toBe(0);
  await db.sql`select private.sweep_voice()`;
  expect(await seatsIn(busy)).toBe(0);
});
