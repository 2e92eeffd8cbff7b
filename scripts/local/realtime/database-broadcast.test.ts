import { randomUUID } from 'node:crypto';
import type { RealtimeChannel } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/database.ts';
import {
  eventually,
  RelayStage,
  subscribed,
  type Version,
  versions,
} from './testing/relay-stage.ts';

let stage: RelayStage;
beforeAll(async () => {
  stage = await RelayStage.open();
}, 60_000);
afterEach(() => stage.reset());
afterAll(() => stage.close());

const newTopic = () => `room:${randomUUID()}`;

interface Heard {
  event: string;
  payload: { id?: string; n?: number };
  meta?: { id?: string; replayed?: boolean };
}

async function audience(
  url: string,
  topic: string,
  version: Version = '2.0.0',
  config: Parameters<Awaited<ReturnType<RelayStage['client']>>['channel']>[1] = {},
) {
  const client = await stage.client(url, { ...(await stage.member(topic)), version });
  const channel: RealtimeChannel = client.channel(topic, config);
  const heard: Heard[] = [];
  channel.on('broadcast', { event: '*' }, (message) => heard.push(message as never));
  await subscribed(channel);
  return heard;
}

const send = (database: Pick<Database, 'query'>, topic: string, payload: object, event = 'e') =>
  database.query('select realtime.send($1::text::jsonb, $2, $3)', [
    JSON.stringify(payload),
    event,
    topic,
  ]);

describe.each(versions)('a broadcast from the database, with serialiser %s', (version) => {
  it('reaches the subscribers of its topic, as it was sent', async () => {
    const { url } = await stage.start();
    const [topic, other] = [newTopic(), newTopic()];
    const heard = await audience(url, topic, version);
    const heardElsewhere = await audience(url, other, version);
    await send(stage.database, topic, { text: 'Grüße 👋 "\\', deep: { n: [1, null] } }, 'news');
    await send(stage.database, other, {}, 'last');
    await eventually(() => expect(heardElsewhere).toHaveLength(1));
    await eventually(() => expect(heard).toHaveLength(1));
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(heard[0]).toEqual({
      type: 'broadcast',
      event: 'news',
      payload: { text: 'Grüße 👋 "\\', deep: { n: [1, null] }, id },
      meta: { id },
    });
    expect(heard[0]?.payload.id).toBe(heard[0]?.meta?.id);
    expect(heardElsewhere[0]?.event).toBe('last');
  });

  it('comes in the order of commits, however many transactions race', async () => {
    const { url, relay } = await stage.start();
    const topic = newTopic();
    const quiet = newTopic();
    const heard = await audience(url, topic, version);
    await stage.database.execute(`
      create table if not exists relay_test.counters (topic text primary key, n int not null);
      insert into relay_test.counters values ('${topic}', 0);
    `);
    // Whoever holds the counter's row commits before the next one gets it, so n is the order of commits.
    const sendNext = () =>
      stage.database.transaction(async (tx) => {
        const [row] = await tx.query<{ n: number }>(
          'update relay_test.counters set n = n + 1 where topic = $1 returning n',
          [topic],
        );
        await send(tx, topic, { n: row?.n });
        await send(tx, quiet, { n: row?.n });
      });
    const worker = async () => {
      for (let i = 0; i < 20; i += 1) await sendNext();
    };
    await Promise.all(Array.from({ length: 10 }, worker));
    await eventually(() => expect(heard).toHaveLength(200));
    expect(heard.map(({ payload }) => payload.n)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    expect(relay.stats()).toMatchObject({ forwarded: 200, dropped: 0, pending: 0 });
  });
});

describe('a broadcast from the database', () => {
  it('does not come from a transaction that is rolled back', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const heard = await audience(url, topic);
    await stage.database
      .transaction(async (tx) => {
        await send(tx, topic, {}, 'never');
        throw new Error('rolled back');
      })
      .catch(() => {});
    await send(stage.database, topic, {}, 'after');
    await eventually(() => expect(heard.map(({ event }) => event)).toEqual(['after']));
  });

  it('carries bytes to clients that can take them', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const heard = await audience(url, topic, '2.0.0');
    const heardByOld = await audience(url, topic, '1.0.0');
    await stage.database.query("select realtime.send_binary('\\x00ff10', 'bytes', $1)", [topic]);
    await send(stage.database, topic, {}, 'after');
    await eventually(() => expect(heard).toHaveLength(2));
    expect(new Uint8Array(heard[0]?.payload as never)).toEqual(new Uint8Array([0, 255, 16]));
    expect(heard[0]?.meta?.id).toMatch(/^[0-9a-f-]{36}$/);
    await eventually(() => expect(heardByOld.map(({ event }) => event)).toEqual(['after']));
  });

  it('is dropped with one line when it is too large, and the next one still comes', async () => {
    const lines: string[] = [];
    const { url, relay } = await stage.start({ log: (line) => lines.push(line) });
    const topic = newTopic();
    const heard = await audience(url, topic);
    await send(stage.database, topic, { text: 'x'.repeat(256_000) }, 'large');
    await send(stage.database, topic, {}, 'after');
    await eventually(() => expect(heard.map(({ event }) => event)).toEqual(['after']));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^realtime: dropped the broadcast "large" on "room:.*256000 is the/);
    expect(relay.stats().dropped).toBe(1);
  });

  it('needs an event, a payload and the extension broadcast', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const heard = await audience(url, topic);
    await stage.database.query(
      `insert into realtime.messages (topic, extension, event, private, payload) values
         ($1, 'broadcast', null, true, '{}'), ($1, 'broadcast', 'no payload', true, null),
         ($1, 'presence', 'presence', true, '{}'), ($1, 'broadcast', 'public', false, '{}'),
         ($1, 'broadcast', 'complete', true, '{}')`,
      [topic],
    );
    await eventually(() => expect(heard.map(({ event }) => event)).toEqual(['complete']));
  });

  it('is replayed to a client that joins and asks for it, once', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    for (const n of [1, 2, 3]) {
      await send(stage.database, topic, { n });
      // PGlite's clock ticks in milliseconds, and rows of the same instant have no order.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const replay = { since: Date.now() - 60_000, limit: 2 };
    for (const version of versions) {
      const heard = await audience(url, topic, version, { broadcast: { replay } });
      await eventually(() => expect(heard).toHaveLength(2));
      expect(heard.map(({ payload }) => payload.n)).toEqual([2, 3]);
      expect(heard[0]?.meta).toMatchObject({ replayed: true, id: heard[0]?.payload.id });
    }
    const later = await audience(url, topic, '2.0.0', {
      broadcast: { replay: { since: Date.now() + 60_000 } },
    });
    await send(stage.database, topic, { n: 4 });
    await eventually(() => expect(later.map(({ payload }) => payload.n)).toEqual([4]));
  });

  it('is announced as flowing to a client that asks', async () => {
    const { url } = await stage.start();
    const topic = newTopic();
    const client = await stage.client(url, await stage.member(topic));
    const told: unknown[] = [];
    const channel = client.channel(topic, { broadcast: { replication_ready: true } });
    channel.on('system', {}, (message) => told.push(message));
    await subscribed(channel);
    await eventually(() =>
      expect(told).toMatchObject([
        { status: 'ok', message: 'Replication connection established', channel: topic },
      ]),
    );
  });
});

describe('the feed', () => {
  /** The stage's database with another way to listen, for faults a healthy server does not show. */
  const withListen = (listen: Database['listen'], engine = stage.database.engine): Database => ({
    ...stage.database,
    engine,
    listen,
  });

  it('tries again when it cannot listen, and says so', async () => {
    const lines: string[] = [];
    let failures = 2;
    const database = withListen(async (channel, onPayload) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('connection refused');
      }
      return stage.database.listen(channel, onPayload);
    });
    const { url } = await stage.start({
      database,
      log: (line) => lines.push(line),
      feedTimes: { retryMs: 5 },
    });
    const topic = newTopic();
    const heard = await audience(url, topic);
    await send(stage.database, topic, {});
    await eventually(() => expect(heard).toHaveLength(1));
    expect(lines).toEqual([
      'realtime: could not listen to the database: Error: connection refused; again in 5 ms',
      'realtime: could not listen to the database: Error: connection refused; again in 10 ms',
    ]);
  });

  it('notices that it no longer hears the database, and listens anew', async () => {
    const lines: string[] = [];
    let deaf = true;
    const database = withListen(async (channel, onPayload) => {
      if (!deaf) return stage.database.listen(channel, onPayload);
      deaf = false;
      return async () => {};
    }, 'postgres');
    const { url } = await stage.start({
      database,
      log: (line) => lines.push(line),
      feedTimes: { probeMs: 100 },
    });
    await eventually(() => expect(lines).not.toEqual([]));
    const topic = newTopic();
    const heard = await audience(url, topic);
    await send(stage.database, topic, {});
    await eventually(() => expect(heard).toHaveLength(1));
    expect(lines[0]).toBe('realtime: no longer hears the database; listening anew');
  });

  it('forwards a row once when an earlier way of listening comes back to life', async () => {
    const lines: string[] = [];
    let first = true;
    const database = withListen(async (channel, onPayload) => {
      if (!first) return stage.database.listen(channel, onPayload);
      first = false;
      const unlisten = await stage.database.listen(channel, (payload) => {
        if (!payload.includes('probe')) onPayload(payload);
      });
      revived.push(unlisten);
      return async () => {};
    }, 'postgres');
    const revived: (() => Promise<void>)[] = [];
    const { url } = await stage.start({
      database,
      log: (line) => lines.push(line),
      feedTimes: { probeMs: 50 },
    });
    await eventually(() => expect(lines).not.toEqual([]));
    const topic = newTopic();
    const heard = await audience(url, topic);
    for (const n of [1, 2]) await send(stage.database, topic, { n });
    await eventually(() => expect(heard.at(-1)?.payload.n).toBe(2));
    expect(heard.map(({ payload }) => payload.n)).toEqual([1, 2]);
    for (const unlisten of revived) await unlisten();
  });

  it('reads again when a read fails, and loses nothing', async () => {
    const lines: string[] = [];
    let failures = 2;
    const database: Database = {
      ...stage.database,
      query: async (sql, parameters) => {
        if (sql.includes('jsonb_to_recordset') && failures > 0) {
          failures -= 1;
          throw new Error('connection reset');
        }
        return stage.database.query(sql, parameters);
      },
    };
    const { url } = await stage.start({
      database,
      log: (line) => lines.push(line),
      feedTimes: { retryMs: 5 },
    });
    const topic = newTopic();
    const heard = await audience(url, topic);
    for (const n of [1, 2, 3]) await send(stage.database, topic, { n });
    await eventually(() => expect(heard.map(({ payload }) => payload.n)).toEqual([1, 2, 3]));
    expect(lines).toHaveLength(2);
  });
});
