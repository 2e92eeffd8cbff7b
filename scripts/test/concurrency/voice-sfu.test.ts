import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

interface Change {
  session_id: string;
  room: string;
  is_removal: boolean;
  can_speak: boolean;
  can_stream: boolean;
  version: number;
}

let db: RealConnections;
beforeAll(() => {
  db = openRealConnections();
});
afterAll(async () => {
  // There is no SFU to do it, and the job that watches would say so for a day.
  await db.sql`delete from private.voice_sfu_changes where room = any (${halls})`;
  await db.sql`delete from private.voice_sfu_rooms where room = any (${halls})`;
  await db.close();
});

/** Channels. */
const halls: string[] = [];

/** A community with a voice channel that goes over the SFU, its owner, and everybody in it who is not. */
async function hall(size: number) {
  const ownerId = await db.createUser();
  const people = await Promise.all(Array.from({ length: size }, () => db.createUser()));
  const [community] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_community('Halls')`,
  );
  const id = community!.id;
  for (const person of people) await db.sql`select private.add_member(${id}, ${person})`;
  const [channel] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_channel($1, 'hall', 'voice')`,
    [id],
  );
  const channelId = channel!.id;
  halls.push(channelId);
  await db.sql`
    update private.voice_rooms set transport = 'sfu', max_participants = 500
    where channel_id = ${channelId}`;
  const sessions = await Promise.all(
    people.map(async (person) => {
      const [session] = await db.as<{ session_id: string }>(
        person,
        'select (join_voice($1)).session_id',
        [channelId],
      );
      return session!.session_id;
    }),
  );
  return { id, ownerId, people, channelId, sessions };
}

/** One statement with the secret key, in a transaction of its own. */
const asServer = <Row extends object>(query: string, parameters: unknown[] = []) =>
  db.sql.begin(async (tx) => {
    await tx`select set_config('role', 'service_role', true)`;
    return [...(await tx.unsafe(query, parameters as never[]))];
  }) as unknown as Promise<Row[]>;

test('nobody gets a token whose session ends meanwhile without their removal being queued', async () => {
  const { id, ownerId, people, channelId, sessions } = await hall(40);
  const outcomes = await Promise.all(
    people.flatMap((person, n) => {
      const token = db
        .as<{ token: { session_id: string } }>(
          person,
          'select authorize_voice_token($1) as token',
          [channelId],
        )
        .then(([row]) => row!.token.session_id, codeOf);
      const ends =
        n % 3 === 0
          ? db.as(person, 'select leave_voice($1)', [channelId])
          : n % 3 === 1
            ? db.as(ownerId, 'select disconnect_member($1, $2)', [channelId, person])
            : db.as(ownerId, 'select kick_member($1, $2)', [id, person]);
      // Whoever has left is not there to be disconnected.
      return [token, ends.then(() => 'ended', codeOf)];
    }),
  );
  const left = await db.sql`
    select id from private.voice_sessions where channel_id = ${channelId}`;
  expect(left).toHaveLength(0);
  const queued = await db.sql<Change[]>`
    select session_id, is_removal from private.voice_sfu_changes where room = ${channelId}`;
  const tokens = outcomes.filter((_, n) => n % 2 === 0);
  const given = tokens.filter((one) => sessions.includes(one));
  expect(tokens.filter((one) => !sessions.includes(one))).toEqual(
    tokens.filter((one) => ['expired', 'not_found'].includes(one)),
  );
  expect(queued.map(({ session_id }) => session_id).sort()).toEqual([...given].sort());
  expect(given.length).toBeGreaterThan(0);
  expect(queued.every(({ is_removal }) => is_removal)).toBe(true);
  await db.sql`delete from private.voice_sfu_changes where room = ${channelId}`;
}, 60_000);

test('workers of any speed leave the SFU as the sessions are', async () => {
  const { people, channelId, sessions } = await hall(8);
  await Promise.all(
    people.map((person) => db.as(person, 'select authorize_voice_token($1)', [channelId])),
  );
  /** What the SFU does: the last request that arrives counts, and whoever is out stays out. */
  const sfu = new Map<string, string>();
  const work = async () => {
    const [row] = await asServer<{ changes: Change[] }>(
      'select claim_voice_sfu_changes(7) as changes',
    );
    const ours = row!.changes.filter(({ room }) => room === channelId);
    await Promise.all(
      ours.map(async (change) => {
        await delay(Math.random() * 200);
        const fails = Math.random() < 0.1;
        if (!fails && sfu.get(change.session_id) !== 'out') {
          sfu.set(
            change.session_id,
            change.is_removal ? 'out' : `${change.can_speak} ${change.can_stream}`,
          );
        }
        await asServer('select finish_voice_sfu_change($1, $2, $3)', [
          change.session_id,
          change.version,
          fails ? 'it failed' : null,
        ]);
      }),
    );
  };

  let areChanging = true;
  const workers = Array.from({ length: 4 }, async () => {
    while (areChanging) {
      await work();
      await delay(5);
    }
  });
  const changes = Array.from({ length: 4 }, async () => {
    for (let n = 0; n < 60; n += 1) {
      await delay(Math.random() * 20);
      const session = sessions[Math.floor(Math.random() * sessions.length)]!;
      await (n % 59 === 58
        ? db.sql`delete from private.voice_sessions where id = ${session}`
        : db.sql`
            update private.voice_sessions set can_speak = random() < 0.5, can_stream = random() < 0.5
            where id = ${session}`);
    }
  });
  await Promise.all(changes);
  areChanging = false;
  await Promise.all(workers);
  // What failed is not waited for here.
  for (let run = 0; run < 200; run += 1) {
    await db.sql`
      update private.voice_sfu_changes set claimable_at = now() where room = ${channelId}`;
    const [row] = await db.sql`
      select count(*)::int from private.voice_sfu_changes where room = ${channelId}`;
    if (row!.count === 0) break;
    await work();
  }

  const left = await db.sql`
    select session_id from private.voice_sfu_changes where room = ${channelId}`;
  expect(left).toHaveLength(0);
  const live = await db.sql`
    select id, can_speak || ' ' || can_stream as rights from private.voice_sessions
    where channel_id = ${channelId}`;
  expect(live.length).toBeGreaterThan(0);
  expect(live.length).toBeLessThan(sessions.length);
  const rights = new Map(live.map(({ id, rights }) => [id as string, rights as string]));
  for (const session of sessions) {
    const told = sfu.get(session);
    // Who never changed was never told of; they have what their token says.
    if (told !== undefined)
      expect([session, told]).toEqual([session, rights.get(session) ?? 'out']);
    else expect(rights.has(session)).toBe(true);
  }
}, 60_000);
