// What recording costs: batches of call records against one send, and the bytes that ten million calls leave behind.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openBenchDatabase, requireDatabaseUrl, type Session } from './bench-database.ts';
import { callAs } from './caller.ts';
import { createBenchCommunity } from './community.ts';
import { Timings, verdict } from './timings.ts';

/** A whole batch of failures, the most that a call records, in sends. */
const goal = 5;
const warmUpRounds = 30;

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    rounds: { type: 'string', default: '200' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) {
  console.error('--rounds takes 1 to 1000.');
  process.exit(1);
}

const names = ['send_message', 'list_messages', 'sync_channel', 'mark_read', 'add_reaction'];
const codes = ['rate_limited', 'missing_permission', 'timeout', 'network_error', 'slow_mode'];

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

/** As the SDK tells them: successes as counts, each failure by itself. */
function batch(size: number, fails: boolean): string {
  return JSON.stringify(
    Array.from({ length: size }, () => ({
      function: pick(names),
      code: fails ? pick(codes) : null,
      latency_ms: Math.round(Math.exp(3 + Math.random() * 3)),
      calls: fails ? 1 : 10,
      contract_version: 'ab'.repeat(32),
      request_id: fails ? randomUUID() : null,
    })),
  );
}

/** A day of ten million calls of 60 functions, in the slots and steps in which record_calls counts them; gives bytes. */
async function bytesOfADay(session: Session): Promise<{ slots: number; hours: number }> {
  const size = async () => {
    const [row] =
      await session`select pg_total_relation_size('private.call_counts')::float8 as bytes`;
    return row?.bytes as number;
  };
  await session`truncate private.call_counts`;
  // The first functions are called most, latencies are spread over two orders of magnitude, and one call in a hundred fails.
  await session`
    insert into private.call_counts (slot_at, source, function, code, latency_bucket, calls)
    select date_bin('5 minutes', now() - interval '4 days', '2000-01-01 00:00:00+00') + s.slot * interval '5 minutes', 'client',
      'function_' || s.function, case when s.fails < 0.01 then 'code_' || floor(s.fails * 500) else '' end,
      private.latency_bucket(s.latency::numeric), count(*)
    from (
      select floor(random() * 288)::int as slot, floor(60 * random() ^ 3)::int as function, random() as fails,
        exp(2 + 1.5 * (random() + random() + random())) as latency
      from generate_series(1, 10000000)
    ) s
    group by 1, 2, 3, 4, 5`;
  const slots = await size();
  for (let hour = 0; hour < 25; hour += 1) await session`select private.sweep_calls()`;
  await session.unsafe('vacuum full private.call_counts');
  const hours = await size();
  await session`truncate private.call_counts`;
  return { slots, hours };
}

const session = await openBenchDatabase(requireDatabaseUrl(values['database-url']));
try {
  const { channelId, ownerId } = await createBenchCommunity(
    session,
    `bench/telemetry ${randomUUID()}`,
    10,
  );
  await session`update private.rate_limit_catalog set capacity = 1000000 where key in ('message_send', 'call_report')`;
  const caller = { role: 'authenticated', userId: ownerId };
  const timed = {
    send: new Timings(),
    successes: new Timings(),
    failures: new Timings(),
    refused: new Timings(),
  };
  const record = 'select public.record_calls($1, $2::text::jsonb)';
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const results = {
      send: await callAs(session, caller, 'select * from public.send_message($1, $2, $3)', [
        channelId,
        'hello',
        randomUUID(),
      ]),
      successes: await callAs(session, caller, record, [randomUUID(), batch(10, false)]),
      failures: await callAs(session, caller, record, [randomUUID(), batch(100, true)]),
    };
    if (round < 0) continue;
    for (const [name, { wholeMs }] of Object.entries(results)) {
      timed[name as keyof typeof results].add(wholeMs);
    }
  }
  // Who is over the limit.
  await session`
    insert into private.rate_limits (limit_key, subject, full_at) values ('call_report', ${ownerId}, now() + interval '1 day')
    on conflict (limit_key, subject) do update set full_at = excluded.full_at`;
  const tooMany = batch(100, true);
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await callAs(session, caller, record, [randomUUID(), tooMany]).catch(() => {});
    timed.refused.add(performance.now() - startedAt);
  }

  console.log(
    `one send                       ${timed.send.median.toFixed(2)} ms (median of ${rounds})`,
  );
  for (const [name, of] of [
    ['10 records, 100 successes', timed.successes],
    ['100 failures               ', timed.failures],
    ['100 failures, over the limit', timed.refused],
  ] as const) {
    console.log(
      `${name}: ${of.median.toFixed(2)} ms, ${(of.median / timed.send.median).toFixed(2)} sends`,
    );
  }
  console.log(`a full batch in sends: ${verdict(timed.failures.median / timed.send.median, goal)}`);

  const { slots, hours } = await bytesOfADay(session);
  console.log(
    `a day of 10 million calls: ${(slots / 1e6).toFixed(1)} MB in slots of 5 minutes (${(slots / 1e7).toFixed(2)} bytes a call), ` +
      `${(hours / 1e6).toFixed(1)} MB in hours (${(hours / 1e7).toFixed(2)} bytes a call)`,
  );
  const [failure] = await session`
    select pg_total_relation_size('private.call_failures')::float8 / count(*) as bytes from private.call_failures`;
  console.log(`a single failure: ${Math.round(failure?.bytes ?? 0)} bytes`);
} finally {
  await session.end();
}
