import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Transaction } from '../../database/database.ts';
import { become, openDatabaseUnderTest } from '../access/database-under-test.ts';
import { argumentsOf } from './arguments.ts';
import { Call, makeCall, type Outcome } from './calls.ts';
import { type ExposedFunction, exposedFunctions } from './exposed-functions.ts';
import { digestOf } from './untouched.ts';
import { buildWorld, type Caller, type World } from './world.ts';

// Every function of the API, called with whatever a client can send, by whoever can send it, as the Data API calls it. It ends in an
// answer or in a refusal that its documentation names, and never in an error of the server's own.

/** Runs for each function. PGlite is several times slower, and nobody should wait for long. */
const runs = () =>
  Number(process.env.GUILDHALL_FUZZ_RUNS ?? (database.engine === 'pglite' ? 5 : 20));
const seed =
  process.env.GUILDHALL_SEED === undefined ? {} : { seed: Number(process.env.GUILDHALL_SEED) };

let database: Database;
let tx: Transaction;
let world: World;
let end: () => void;
let ended: Promise<unknown>;
let foreign: string;

const outcomes = new Map<string, number>();
const answered = new Set<string>();
let slowest = { call: '', ms: 0 };

beforeAll(async () => {
  database = await openDatabaseUnderTest();
  const finished = new Promise<void>((resolve) => {
    end = resolve;
  });
  const undo = new Error('undo');
  await new Promise<void>((resolve, reject) => {
    ended = database
      .transaction(async (opened) => {
        tx = opened;
        resolve();
        await finished;
        throw undo;
      })
      .catch((error) => {
        if (error !== undo) reject(error);
      });
  });
  // From about 7,000 on PGlite loses the error that PostgreSQL raises, and with it the transaction.
  world = await buildWorld(tx, database.engine === 'pglite' ? 4_000 : 10_000);
  foreign = await digestOf(tx, world.foreignCommunityId);
  // Where the server has a clock of its own; PGlite has none.
  await tx.execute(`set local statement_timeout = '2s'`);
});

afterAll(async () => {
  end();
  await ended;
  await database.close();
  const told = [...outcomes]
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `${what} ${times}`);
  const never = exposedFunctions.filter(({ name }) => !answered.has(name)).map(({ name }) => name);
  if (never.length > 0) console.log(`never answered: ${never.join(', ')}`);
  console.log(
    `${told.join(', ')}; the slowest took ${slowest.ms.toFixed(0)} ms: ${slowest.call.slice(0, 300)}`,
  );
});

/** Most often somebody who may call it at all and has something to do in the community. */
const callerOf = ({ roles }: ExposedFunction): fc.Arbitrary<Caller> =>
  fc.oneof(
    ...world.callers.map((caller) => ({
      arbitrary: fc.constant(caller),
      weight: !roles.includes(caller.role) ? 1 : (weights[caller.who] ?? 3),
    })),
  );
const weights: Record<string, number> = { owner: 20, member: 15, moderator: 8, staff: 8 };

const callOf = (called: ExposedFunction): fc.Arbitrary<Call> =>
  fc
    .tuple(callerOf(called), argumentsOf(called.arguments, world))
    .map(([caller, json]) => new Call(called, caller, json));

const keep = (outcome: Outcome, { called }: Call) => {
  const what =
    outcome.kind === 'refused'
      ? outcome.code
      : outcome.kind === 'unfit'
        ? outcome.sqlstate
        : 'answered';
  outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
  if (outcome.kind === 'answered') answered.add(called.name);
};

async function makeCalls(calls: readonly Call[]): Promise<void> {
  await tx.execute('savepoint world');
  try {
    let isChanged = false;
    for (const call of calls) {
      const startedAt = performance.now();
      const outcome = await makeCall(tx, call);
      const ms = performance.now() - startedAt;
      if (ms > slowest.ms) slowest = { call: call.toString(), ms };
      keep(outcome, call);
      isChanged ||= outcome.kind === 'answered' && call.called.isVolatile;
    }
    if (!isChanged) return;
    // Whoever has no part in a community has changed nothing of it, whatever else was done.
    await become(tx, null);
    expect(await digestOf(tx, world.foreignCommunityId)).toBe(foreign);
  } finally {
    await tx.execute('rollback to savepoint world; release savepoint world');
  }
}

describe('every function answers or refuses as documented', () => {
  test.each(exposedFunctions)(
    '$name',
    async (called) => {
      // What others do before is what it may meet.
      const before = fc.array(fc.constantFrom(...exposedFunctions).chain(callOf), { maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(before, callOf(called), async (others, call) => {
          await makeCalls([...others, call]);
        }),
        { numRuns: runs(), ...seed },
      );
    },
    600_000,
  );
});
