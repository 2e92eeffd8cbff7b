import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { createCallRecorder } from './call-recorder.ts';
import { createGuildhall } from './guildhall.ts';
import type { CallRate } from './index.ts';
import { newPerson, stackClient } from './testing/stack-people.ts';

// What adapters tell, on the running stack: recorders of people and of nobody, read with the secret key.

const operator = createClient(inject('stack').apiUrl, inject('stack').secretKey, {
  auth: { persistSession: false, autoRefreshToken: false },
  // Node 20 has no WebSocket of its own.
  realtime: { transport: WebSocket as never },
});

/** By source and function, as of the last hour. The database may have counted others' calls before. */
async function rates(): Promise<Map<string, CallRate>> {
  const { data, error } = await operator.rpc('list_call_rates');
  expect(error).toBeNull();
  return new Map((data as CallRate[]).map((rate) => [`${rate.source} ${rate.function}`, rate]));
}

function since(before: Map<string, CallRate>, after: Map<string, CallRate>) {
  return Object.fromEntries(
    [...after].map(([name, rate]) => {
      const was = before.get(name);
      return [
        name,
        {
          calls: rate.calls - (was?.calls ?? 0),
          refused: rate.refused - (was?.refused ?? 0),
          faults: rate.faults - (was?.faults ?? 0),
        },
      ];
    }),
  );
}

test('a failed redeem and a failed sign-in are seen by the operator, as what clients say', async () => {
  const before = await rates();
  const supabase = stackClient();
  const recorder = createCallRecorder(supabase, { successesOneIn: 1 });
  const { data } = await recorder.observe('auth.sign_in', () =>
    supabase.auth.signInWithPassword({ email: `${randomUUID()}@example.com`, password: 'wrong' }),
  );
  expect(data.session).toBeNull();
  await recorder.flush();

  const person = await newPerson();
  const own = createCallRecorder(person.supabase, { successesOneIn: 1 });
  const guildhall = createGuildhall(person.supabase, { onCall: own.record });
  await guildhall.communities.create({ name: 'Recorded' });
  await guildhall.communities.redeemInvite({ code: '0000000000000000' }).catch(() => {});
  await own.close();

  expect(since(before, await rates())).toEqual(
    expect.objectContaining({
      'client auth.sign_in': { calls: 1, refused: 1, faults: 0 },
      'client redeem_invite': { calls: 1, refused: 1, faults: 0 },
      'client create_community': { calls: 1, refused: 0, faults: 0 },
    }),
  );
  const created = (await rates()).get('client create_community');
  expect(created?.p99_ms).toBeGreaterThan(0);
});

test('nobody else reads them', async () => {
  const person = await newPerson();
  for (const client of [stackClient(), person.supabase]) {
    const { data, error } = await client.rpc('list_call_rates');
    expect(data).toBeNull();
    expect(error?.code).toBe('42501');
  }
});

test('what the secret key records is the server’s, and a batch counts once', async () => {
  const batch = {
    p_batch_id: randomUUID(),
    p_calls: [{ function: 'list_bans', code: 'unavailable', latency_ms: 12 }],
  };
  const before = await rates();
  for (const attempt of [batch, batch]) {
    expect((await operator.rpc('record_calls', attempt)).error).toBeNull();
  }
  expect(since(before, await rates())).toMatchObject({
    'server list_bans': { calls: 1, refused: 0, faults: 1 },
  });
});
