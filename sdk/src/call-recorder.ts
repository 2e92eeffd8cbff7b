import type { CallEvent } from './call.ts';
import { GuildhallError } from './errors.ts';
import { randomUuid } from './random-uuid.ts';

/** What beside the API's functions the database knows by name (`private.recorded_operations`). */
export type RecordedOperation =
  | 'auth.sign_up'
  | 'auth.sign_in'
  | 'auth.refresh'
  | 'auth.sign_out'
  | (string & {});

export interface CallRecorderOptions {
  /**
   * Failures are told by all recorders, successes by one in this many, chosen when the recorder is made; each of them then
   * stands for so many. 10 when left out, at most 100; 1: all tell everything.
   */
  readonly successesOneIn?: number;
  /** Milliseconds a call waits at most before it is told; 10 000 when left out. */
  readonly intervalMs?: number;
}

/** Tells the backend what became of calls: see `createCallRecorder`. */
export interface CallRecorder {
  /** For the `onCall` hook. Never throws, never waits. */
  readonly record: (event: CallEvent) => void;
  /**
   * Runs something that is no call of the SDK and records how it ended: an error that it throws, or the `error` of its
   * result, as supabase-js has it. Gives back what the action gives, and throws what it throws.
   *
   * @example
   * const { data, error } = await recorder.observe('auth.sign_in', () =>
   *   supabase.auth.signInWithPassword({ email, password }),
   * );
   */
  observe<T>(operation: RecordedOperation, action: () => PromiseLike<T>): Promise<T>;
  /** Tells what waits, now. Never rejects. */
  flush(): Promise<void>;
  /** Tells what waits and stops listening to the page. What is recorded afterwards is not told. */
  close(): Promise<void>;
}

/** The part of a supabase-js client that a recorder needs, of whatever database type. */
interface RecordingClient {
  rpc(name: never, parameters: never): PromiseLike<unknown>;
}

/** One record, as `record_calls` takes it. */
interface CallRecord {
  readonly function: string;
  readonly code: string | null;
  readonly latency_ms: number;
  calls: number;
  readonly contract_version: string | null;
  readonly request_id: string | null;
}

interface Batch {
  readonly id: string;
  readonly records: CallRecord[];
  attempts: number;
}

/** Calls after which a batch leaves without waiting for its time. */
const FULL = 50;
/** Records that may wait; beyond, the oldest are lost. */
const MAX_WAITING = 500;
/** The database's bound. */
const MAX_BATCH = 100;
const MAX_ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MS = 15_000;
const MAX_LATENCY_MS = 600_000;
const slug = /^[a-z][a-z0-9_]{0,39}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Records calls and tells the backend in batches (every 10 seconds, after 50 calls, and when the page is left), so that an
 * operator sees what fails, also what never reached the database. A call that failed undid its transaction: the database cannot
 * know of it.
 *
 * Told are the function, the code, the latency, the contract version and the request id, and nothing else. Successes are told
 * as counts. Off unless it is made; it does nothing but with the hook.
 *
 * @example
 * const recorder = createCallRecorder(supabase);
 * const guildhall = createGuildhall(supabase, { onCall: recorder.record });
 */
export function createCallRecorder(
  supabase: RecordingClient,
  options: CallRecorderOptions = {},
): CallRecorder {
  const oneIn = Math.min(100, Math.max(1, Math.round(options.successesOneIn ?? 10)));
  const tellsSuccesses = Math.random() * oneIn < 1;
  const intervalMs = options.intervalMs ?? 10_000;
  let waiting: CallRecord[] = [];
  let callsWaiting = 0;
  let unsent: Batch | null = null;
  let sending: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  const add = (added: CallRecord) => {
    if (isClosed || (added.code === null && !tellsSuccesses)) return;
    const same =
      added.code === null ? waiting.find((other) => isSameSuccess(other, added)) : undefined;
    if (same === undefined) waiting.push(added);
    else same.calls += added.calls;
    if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
    callsWaiting += 1;
    // A batch that did not arrive waits for its time, or each call would try it again.
    if (callsWaiting >= FULL && unsent === null) void flush();
    else schedule();
  };

  const schedule = () => {
    if (timer !== undefined || isClosed) return;
    timer = setTimeout(() => void flush(), intervalMs);
    // A process that has nothing else to do may end.
    (timer as { unref?: () => void }).unref?.();
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= sendNext().finally(() => {
      sending = null;
      if (unsent !== null || waiting.length > 0) schedule();
    });
    return sending;
  };

  const sendNext = async () => {
    while (unsent !== null || waiting.length > 0) {
      unsent ??= { id: randomUuid(), records: waiting.splice(0, MAX_BATCH), attempts: 0 };
      callsWaiting = 0;
      unsent.attempts += 1;
      const isSettled = await send(supabase, unsent);
      if (isSettled || unsent.attempts >= MAX_ATTEMPTS) unsent = null;
      // What did not arrive now will not arrive a moment later, nor what comes after it.
      if (!isSettled) return;
    }
  };

  const record = (event: CallEvent) => {
    if (event.function === 'record_calls') return;
    add({
      function: event.function,
      code: event.errorCode === null ? null : codeOrOther(event.errorCode),
      latency_ms: event.errorCode === null ? rounded(event.latencyMs) : whole(event.latencyMs),
      calls: event.errorCode === null ? oneIn : 1,
      contract_version: event.contractVersion,
      // Of a count of successes there is none.
      request_id: event.errorCode !== null && uuid.test(event.requestId) ? event.requestId : null,
    });
  };

  const observe = async <T>(
    operation: RecordedOperation,
    action: () => PromiseLike<T>,
  ): Promise<T> => {
    const startedAt = performance.now();
    const finish = (errorCode: string | null) =>
      record({
        function: operation,
        latencyMs: performance.now() - startedAt,
        rows: 0,
        errorCode,
        contractVersion: null,
        requestId: '',
      });
    try {
      const result = await action();
      const error = (result as { error?: unknown } | null | undefined)?.error;
      finish(error === null || error === undefined ? null : codeOf(error));
      return result;
    } catch (error) {
      finish(codeOf(error));
      throw error;
    }
  };

  const stopListening = whenPageIsLeft(() => void flush());
  return {
    record,
    observe,
    flush,
    close: async () => {
      isClosed = true;
      stopListening();
      await sending;
      await flush();
    },
  };
}

/** Successes of one function that took about as long are one record. */
function isSameSuccess(one: CallRecord, other: CallRecord): boolean {
  return (
    one.code === null &&
    one.function === other.function &&
    one.latency_ms === other.latency_ms &&
    one.contract_version === other.contract_version &&
    // The database's bound for one record.
    one.calls + other.calls <= 10_000
  );
}

/** To the steps in which the database counts latencies, each 1.2 times the one before. */
function rounded(latencyMs: number): number {
  const step = Math.round(Math.log(Math.max(1, latencyMs)) / Math.log(1.2));
  return Math.min(MAX_LATENCY_MS, Number((1.2 ** step).toFixed(2)));
}

function whole(latencyMs: number): number {
  return Math.min(MAX_LATENCY_MS, Math.max(0, Math.round(latencyMs)));
}

function codeOrOther(code: string): string {
  return slug.test(code) ? code : 'other';
}

/** The code of what supabase-js gives as an error, or of what was thrown. Its message, which may say anything, is left where it is. */
function codeOf(error: unknown): string {
  if (error instanceof GuildhallError) return codeOrOther(error.code);
  const { code, status, name } = (typeof error === 'object' ? (error ?? {}) : {}) as {
    code?: unknown;
    status?: unknown;
    name?: unknown;
  };
  if (typeof code === 'string' && slug.test(code)) return code;
  // How supabase-js says that there is nobody to continue the session of.
  if (name === 'AuthSessionMissingError' || status === 401) return 'session_required';
  if (status === 429) return 'rate_limited';
  if (typeof status === 'number' && status >= 500) return 'unavailable';
  if (typeof status === 'number' && status >= 400) return 'invalid_argument';
  if (name === 'AbortError') return 'aborted';
  if (name === 'AuthRetryableFetchError' || error instanceof TypeError) return 'network_error';
  return 'unexpected';
}

/** True when there is no more to do for a batch: it was taken, or never will be. */
async function send(supabase: RecordingClient, { id, records }: Batch): Promise<boolean> {
  const stopper = new AbortController();
  const timeout = setTimeout(() => stopper.abort(), ATTEMPT_TIMEOUT_MS);
  (timeout as { unref?: () => void }).unref?.();
  try {
    const parameters = { p_batch_id: id, p_calls: records };
    const builder = supabase.rpc('record_calls' as never, parameters as never) as PromiseLike<{
      error: unknown;
      status: number;
    }> & { abortSignal?: (signal: AbortSignal) => unknown };
    outliveThePage(builder);
    builder.abortSignal?.(stopper.signal);
    const { error, status } = await builder;
    // An expired token is renewed meanwhile, and a limit passes.
    return error === null || (status >= 400 && status < 500 && status !== 401 && status !== 429);
  } catch {
    return false;
  } finally {
    clearTimeout(timeout);
  }
}

/** The builder of supabase-js keeps the fetch function that it will use as a property; see watchResponse. */
function outliveThePage(builder: object): void {
  const carrier = builder as { fetch?: typeof fetch };
  const original = carrier.fetch;
  if (typeof original !== 'function') return;
  carrier.fetch = (input, init) => original(input, { ...init, keepalive: true });
}

interface Page {
  readonly visibilityState: string;
  addEventListener(event: string, listener: () => void): void;
  removeEventListener(event: string, listener: () => void): void;
}

/** Calls back when the page is hidden, which is the last that a page surely hears. Gives what ends it. */
function whenPageIsLeft(onLeave: () => void): () => void {
  const page = (globalThis as { document?: Partial<Page> }).document;
  if (typeof page?.addEventListener !== 'function') return () => {};
  const { addEventListener, removeEventListener } = page as Page;
  const onChange = () => {
    if (page.visibilityState === 'hidden') onLeave();
  };
  addEventListener.call(page, 'visibilitychange', onChange);
  return () => removeEventListener.call(page, 'visibilitychange', onChange);
}
