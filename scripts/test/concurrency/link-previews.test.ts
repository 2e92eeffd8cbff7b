import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealConnections, type RealConnections } from './real-connections.ts';

interface Claim {
  channel_id: string;
  seq: number;
  url: string;
}

let db: RealConnections;

beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

/** One statement with the secret key, in a transaction of its own. */
const asServer = <Row extends object>(query: string, parameters: unknown[] = []) =>
  db.sql.begin(async (tx) => {
    await tx`select set_config('role', 'service_role', true)`;
    return [...(await tx.unsafe(query, parameters as never[]))];
  }) as unknown as Promise<Row[]>;

const claim = async () =>
  (await asServer<{ claims: Claim[] }>('select claim_link_previews(5) as claims'))[0]!.claims;

const store = (
  claimed: Claim,
  select = 'store_link_preview($1, $2, $3, $4::text::jsonb) as stored',
) =>
  asServer<{ stored: boolean }>(`select ${select}`, [
    claimed.channel_id,
    claimed.seq,
    claimed.url,
    JSON.stringify({ title: `Behind ${claimed.url}` }),
  ]);

test('workers that crash lose no link and answer none twice, while authors edit and delete', async () => {
  const ownerId = await db.createUser();
  const [community] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_community('Links')`,
  );
  const channels = await Promise.all(
    [1, 2].map((n) =>
      db.as<{ id: string }>(ownerId, 'select * from create_channel($1, $2)', [
        community!.id,
        `links ${n}`,
      ]),
    ),
  );
  const channelIds = channels.map(([channel]) => channel!.id);
  const run = randomUUID();
  const link = (name: string) => `https://${name}.example.com/${run}`;
  // The workers answer whatever waits; earlier tests may have left something.
  const isOurs = ({ channel_id }: Claim) => channelIds.includes(channel_id);

  let areWriting = true;
  const answered: string[] = [];
  const writers = channelIds.map(async (channelId, channel) => {
    const as = (query: string, parameters: unknown[]) => db.as(ownerId, query, parameters);
    for (let n = 1; n <= 60; n += 1) {
      // More than one person's links are looked at in so short a time.
      await db.sql`
        delete from private.rate_limits where limit_key = 'link_preview' and subject = ${ownerId}`;
      await as('select send_message($1, $2)', [channelId, `see ${link(`c${channel}n${n}`)}`]);
      const isThere = (seq: number) => seq > 0 && seq % 7 !== 0;
      if (n % 3 === 0 && isThere(n - 2)) {
        const other = `now ${link(`c${channel}e${n}`)}`;
        await as('select edit_message($1, $2, $3)', [channelId, n - 2, other]);
      }
      if (n % 5 === 0 && isThere(n - 1)) {
        await as('select edit_message($1, $2, $3)', [channelId, n - 1, 'no link']);
      }
      if (n % 7 === 0) await as('select delete_message($1, $2)', [channelId, n]);
    }
  });
  const workers = Array.from({ length: 8 }, async (_, worker) => {
    for (let round = 0; ; round += 1) {
      const claims = await claim();
      for (const [index, claimed] of claims.entries()) {
        const fate = (worker + round + index) % 6;
        // Gone with what it had claimed, or in the middle of an answer; the others hear nothing of it.
        if (fate === 0 && isOurs(claimed)) continue;
        if (fate === 1 && isOurs(claimed)) {
          await expect(
            store(claimed, '(store_link_preview($1, $2, $3, $4::text::jsonb))::int / 0'),
          ).rejects.toMatchObject({ code: '22012' });
          continue;
        }
        const [row] = await store(claimed);
        if (row!.stored && isOurs(claimed))
          answered.push(`${claimed.channel_id} ${claimed.seq} ${claimed.url}`);
      }
      if (claims.length === 0) {
        // A minute passes for what is lost; no link is lost so often that it is given up. What another worker holds is
        // that worker's to look after: waiting for it here, in no order, would be a deadlock of the test's own.
        const { count } = await db.sql`
          update private.link_preview_requests set claimable_at = now(), tries = 0
          where ctid in (
            select ctid from private.link_preview_requests
            where channel_id = any (${channelIds}) and claimable_at > now()
            for update skip locked
          )`;
        if (!areWriting && count === 0) return;
      }
    }
  });
  const sweeping = (async () => {
    while (areWriting) await db.sql`select private.sweep_link_previews()`;
  })();
  await Promise.all(writers);
  areWriting = false;
  await Promise.all([...workers, sweeping]);

  const [wrong] = await db.sql<{ left: number; wrong: number; feed: number }[]>`
    select
      (select count(*)::int from private.link_preview_requests where channel_id = any (${channelIds})) as left,
      (select count(*)::int from public.messages
        where channel_id = any (${channelIds})
          and (preview ->> 'url' is distinct from private.first_link(body)
            or preview ->> 'title' is distinct from 'Behind ' || private.first_link(body))) as wrong,
      (select count(*)::int from private.channel_heads h
        where h.channel_id = any (${channelIds}) and h.revision <> (
          select count(*) from private.channel_events e where e.channel_id = h.channel_id)) as feed`;
  expect(wrong).toEqual({ left: 0, wrong: 0, feed: 0 });
  // Each answer that was kept is one change in the feed, and none is the answer to a link that was answered before.
  const [told] = await db.sql<{ count: number }[]>`
    select count(*)::int from private.channel_events
    where channel_id = any (${channelIds}) and kind = 'previewed'`;
  expect(new Set(answered).size).toBe(answered.length);
  expect(told!.count).toBe(answered.length);
}, 60_000);

test('the sweep of links waits for nobody and takes the rest', async () => {
  const ownerId = await db.createUser();
  const [community] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_community('Swept')`,
  );
  const [channel] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_channel($1, 'links')`,
    [community!.id],
  );
  for (let n = 1; n <= 3; n += 1) {
    await db.as(ownerId, 'select send_message($1, $2)', [
      channel!.id,
      `see https://swept${n}.example.com/${randomUUID()}`,
    ]);
  }
  await db.sql`
    update private.link_preview_requests set tries = 3, claimable_at = now() - interval '1 minute'
    where channel_id = ${channel!.id}`;
  const waiting = async () =>
    (
      await db.sql<{ seq: number }[]>`
        select seq::int from private.link_preview_requests
        where channel_id = ${channel!.id} order by seq`
    ).map(({ seq }) => seq);

  await db.sql.begin(async (moderator) => {
    await moderator`
      select from private.link_preview_requests
      where channel_id = ${channel!.id} and seq = 2 for update`;
    await db.sql.begin(async (sweep) => {
      await sweep`set local lock_timeout = '2s'`;
      await sweep`select private.sweep_link_previews()`;
    });
  });
  expect(await waiting()).toEqual([2]);
  await db.sql`select private.sweep_link_previews()`;
  expect(await waiting()).toEqual([]);
});
