import fc from 'fast-check';
import { expect } from 'vitest';
import type { Transaction } from '../../database/database.ts';
import type { ExposedFunction } from './exposed-functions.ts';
import type { Caller } from './world.ts';

/** One call of a function by somebody, with its arguments as JSON. */
export class Call {
  readonly called: ExposedFunction;
  readonly caller: Caller;
  readonly json: string;

  constructor(called: ExposedFunction, caller: Caller, json: string) {
    this.called = called;
    this.caller = caller;
    this.json = json;
  }

  toString(): string {
    const shown =
      this.json.length < 2_000 ? this.json : `${this.json.slice(0, 2_000)}… (${this.json.length})`;
    return `${this.caller.who}: ${this.called.name} ${shown}`;
  }

  /** How a counterexample shows it. */
  get [fc.toStringMethod](): () => string {
    return () => `\n  ${this}`;
  }
}

export type Outcome =
  /** The arguments are not of their types: the API answers so, and no function is called. */
  | { kind: 'unfit'; sqlstate: string }
  | { kind: 'refused'; code: string }
  | { kind: 'answered'; answer: unknown };

/**
 * What the conversion of JSON to the arguments' types may end in, and nothing else: a text that is no such value (22P02), a number out
 * of range (22003), no such time (22007, 22008) or zone (22023), a NUL (22P05), lists of lists that are not even (2202E) or
 * are too many in each other (54000), nested too deep (54001).
 */
const unfitStates = [
  '22P02',
  '22003',
  '22007',
  '22008',
  '22023',
  '22P05',
  '2202E',
  '54000',
  '54001',
];

interface DatabaseError {
  code?: string;
  message: string;
  detail?: string;
  where?: string;
}

interface Statement {
  /** The arguments and no call. */
  conversion: string;
  /** The statement that the Data API makes of a call. */
  call: string;
}

function statementsOf(called: ExposedFunction, json: string): Statement {
  const given = called.arguments.filter(({ name }) => json.includes(`"${name}":`));
  const columns = given.map(({ name, type }) => `${name} ${type}`).join(', ');
  const passed = given.map(({ name }) => `${name} => a.${name}`).join(', ');
  const record =
    columns === '' ? '(select $1::text) as a' : `json_to_record($1::text::json) as a(${columns})`;
  const answers: Record<string, string> = {
    rows: "coalesce(json_agg(r), '[]')",
    void: 'min(null::text)',
  };
  const answer = answers[called.returns.kind] ?? 'to_json(r)';
  return {
    conversion: `select a from ${record}`,
    call: `select ${answer} as answer from ${record}, lateral public.${called.name}(${passed}) as r`,
  };
}

/** Rows written in this transaction so far, without those of the rate limits; what was taken back counts as well. */
async function countWrites(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ writes: number }>(
    `select coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)::float8 as writes
     from pg_stat_xact_all_tables s
     where s.schemaname in ('public', 'private', 'auth', 'realtime', 'storage', 'net', 'cron') and s.relname <> 'rate_limits'`,
  );
  return row?.writes ?? 0;
}

/** A refusal, raised or answered: only what the function's documentation names, in the shape that every one has. */
function readRefusal({ called }: Call, error: DatabaseError): Outcome {
  const status = /^PT(4\d\d)$/.exec(error.code ?? '')?.[1];
  if (status === undefined) {
    throw new Error(`${error.code}: ${error.message}\n${error.where ?? ''}`, { cause: error });
  }
  const details = JSON.parse(error.detail ?? '') as Record<string, unknown>;
  expect(called.errors).toContain(details.code);
  expect(error.message).not.toBe('');
  if (details.code === 'invalid_argument') {
    expect(called.arguments.map(({ name }) => name)).toContain(details.field);
  }
  if (status === '429') expect(details.retry_after).toBeGreaterThan(0);
  return { kind: 'refused', code: details.code as string };
}

/** Who asks from now on, until the role is reset. */
const become = (tx: Transaction, { role, userId }: Caller) =>
  tx.query(
    `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), set_config('request.jwt.claim.sub', $3, true)`,
    [role, JSON.stringify({ role, ...(userId === null ? {} : { sub: userId }) }), userId ?? ''],
  );

/** Makes the call as the Data API would, and checks how it ends. What it has done stays, where it was not refused. */
export async function makeCall(tx: Transaction, call: Call): Promise<Outcome> {
  const { called, caller, json } = call;
  const statements = statementsOf(called, json);
  const undo = 'rollback to savepoint call; release savepoint call';
  // Only these answer what they refuse.
  const mayAnswerRefusal = called.isVolatile && called.returns.type === 'jsonb';
  const writesBefore = mayAnswerRefusal ? await countWrites(tx) : 0;
  // What does not say that it writes is not let.
  await tx.execute(
    `savepoint call${called.isVolatile ? '' : '; set local transaction_read_only = on'}`,
  );
  let answer: unknown;
  try {
    await become(tx, caller);
    const [row] = await tx.query<{ answer: unknown }>(statements.call, [json]);
    answer = row?.answer ?? null;
    // What is only asked at the commit is asked now.
    await tx.execute('reset role; set constraints all immediate; set constraints all deferred');
  } catch (error) {
    await tx.execute(undo);
    const refused = error as DatabaseError;
    if (!called.roles.includes(caller.role)) {
      if (refused.code === '42501') return { kind: 'refused', code: '42501' };
    } else if (refused.code?.startsWith('PT')) {
      return readRefusal(call, refused);
    }
    // Either the arguments are what is wrong, and are so without the function, or it is the function.
    await tx.execute('savepoint call');
    const unfit = await tx.query(statements.conversion, [json]).then(
      () => undefined,
      (reason: DatabaseError) => reason,
    );
    await tx.execute(undo);
    if (unfit === undefined || unfit.code !== refused.code) return readRefusal(call, refused);
    expect(unfitStates).toContain(unfit.code);
    return { kind: 'unfit', sqlstate: unfit.code ?? '' };
  }
  await tx.execute(called.isVolatile ? 'release savepoint call' : undo);
  expect(called.roles).toContain(caller.role);

  const refusal = answer as { code?: unknown; message?: string; details?: string } | null;
  if (mayAnswerRefusal && typeof refusal?.code === 'string') {
    expect(await countWrites(tx)).toBe(writesBefore);
    return readRefusal(call, {
      code: refusal.code,
      message: refusal.message ?? '',
      detail: refusal.details ?? '',
    });
  }
  return { kind: 'answered', answer };
}
