import type { SupabaseClient } from '@supabase/supabase-js';
import { backoffMs } from './backoff.ts';
import type { FunctionDescriptor } from './descriptor.ts';
import { errorFromRest, GuildhallError, type RestError } from './errors.ts';
import { randomUuid } from './random-uuid.ts';

/** The part of a supabase-js client that calls need. */
export type RpcClient = Pick<SupabaseClient, 'rpc'>;

/** One finished call, for the `onCall` hook. It never holds arguments, answers or tokens. */
export interface CallEvent {
  /** The SQL function: `send_message`. */
  readonly function: string;
  /** Milliseconds from the call to its answer, with all attempts and waits. */
  readonly latencyMs: number;
  /** Rows in the answer; a single row or value counts as 1, nothing as 0. */
  readonly rows: number;
  /** Null when the call succeeded. */
  readonly errorCode: string | null;
  /** Which contract this SDK was generated from; null when the caller was made without one. */
  readonly contractVersion: string | null;
  readonly requestId: string;
}

export interface CallerOptions {
  /** Milliseconds a call may take with all its attempts; 30 000 when left out. */
  readonly deadlineMs?: number;
  /** Milliseconds one attempt may take; 15 000 when left out. */
  readonly attemptTimeoutMs?: number;
  /** Attempts for calls that are safe to repeat; 8 when left out, which outlasts a restart of the backend. */
  readonly maxAttempts?: number;
  /** Milliseconds: a `retry_after` longer than this is not waited for; 5 000 when left out. */
  readonly retryAfterCapMs?: number;
  /** Hears of every finished call. What it throws is ignored. */
  readonly onCall?: (event: CallEvent) => void;
  readonly contractVersion?: string;
}

export interface CallOptions {
  /** Ends the call; it then fails with code `aborted`. */
  readonly signal?: AbortSignal;
  /** Overrides the caller's deadline, in milliseconds. */
  readonly deadlineMs?: number;
}

/** Calls one SQL function and resolves to its answer, or rejects with a GuildhallError. */
export type Call = <T>(
  descriptor: FunctionDescriptor,
  args?: object,
  options?: CallOptions,
) => Promise<T>;

const REPEAT_BACKOFF = { baseMs: 200, capMs: 5_000 };

/**
 * Makes the function through which every SDK method reaches the database.
 *
 * A call checks its arguments before the network, sends them under their SQL names with an `x-request-id`, and
 * repeats itself after network failures, 502, 503, 504 and 429, but only where a repetition is harmless: stable
 * and immutable functions, and idempotent ones whose nonce is given.
 *
 * @example
 * const call = createCaller(supabase, { onCall: (event) => console.log(event.function, event.latencyMs) });
 * const message = await call<Message>(sendMessage, { channelId, body, clientNonce });
 */
export function createCaller(supabase: RpcClient, options: CallerOptions = {}): Call {
  return async <T>(
    descriptor: FunctionDescriptor,
    args: object = {},
    callOptions: CallOptions = {},
  ): Promise<T> => {
    const requestId = randomUuid();
    const startedAt = performance.now();
    let rows = 0;
    let errorCode: string | null = null;
    try {
      const parameters = toParameters(descriptor, args, requestId);
      const data = await callUntilSettled({
        supabase,
        descriptor,
        parameters,
        requestId,
        options,
        signal: callOptions.signal,
        deadline: startedAt + (callOptions.deadlineMs ?? options.deadlineMs ?? 30_000),
      });
      rows = rowCount(data);
      return data as T;
    } catch (error) {
      errorCode = error instanceof GuildhallError ? error.code : 'unexpected';
      throw error;
    } finally {
      report(options.onCall, {
        function: descriptor.name,
        latencyMs: performance.now() - startedAt,
        rows,
        errorCode,
        contractVersion: options.contractVersion ?? null,
        requestId,
      });
    }
  };
}

/** Checks the arguments and gives them their SQL names. An argument nobody knows is refused, not dropped. */
function toParameters(
  descriptor: FunctionDescriptor,
  args: object,
  requestId: string,
): Record<string, unknown> {
  const knownFields = Object.keys(descriptor.args);
  if (typeof args !== 'object' || args === null) {
    throw invalidArgument('', `${descriptor.method} takes an object of arguments.`, requestId);
  }
  const unknownField = Object.keys(args).find((key) => !Object.hasOwn(descriptor.args, key));
  if (unknownField !== undefined) {
    const known = knownFields.length > 0 ? ` (it has: ${knownFields.join(', ')})` : '';
    throw invalidArgument(
      unknownField,
      `${descriptor.method} has no argument "${unknownField}"${known}.`,
      requestId,
    );
  }
  const parsed = descriptor.argsSchema.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.map(String).join('.') ?? '';
    throw invalidArgument(field, `${field}: ${issue?.message ?? 'is not valid'}`, requestId);
  }
  const values = parsed.data as Record<string, unknown>;
  const parameters: Record<string, unknown> = {};
  for (const [key, sqlName] of Object.entries(descriptor.args)) {
    const value = values[key];
    if (value === undefined) continue;
    if ([value].flat().some(isNoText)) {
      throw invalidArgument(key, `${key}: has half of a character`, requestId);
    }
    parameters[sqlName] = value;
  }
  return parameters;
}

/** A surrogate by itself is no character: on the way it would be refused, or silently become another one. */
function isNoText(value: unknown): boolean {
  return typeof value === 'string' && /\p{Surrogate}/u.test(value);
}

function invalidArgument(field: string, message: string, requestId: string): GuildhallError {
  return new GuildhallError({ code: 'invalid_argument', message, details: { field }, requestId });
}

interface Request {
  readonly supabase: RpcClient;
  readonly descriptor: FunctionDescriptor;
  readonly parameters: Record<string, unknown>;
  readonly requestId: string;
  readonly options: CallerOptions;
  readonly signal: AbortSignal | undefined;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
}

async function callUntilSettled(request: Request): Promise<unknown> {
  const attempts = isRepeatable(request.descriptor, request.parameters)
    ? (request.options.maxAttempts ?? 8)
    : 1;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await callOnce(request);
    } catch (error) {
      const waitMs =
        error instanceof GuildhallError ? repeatAfterMs(error, attempt, request) : null;
      if (waitMs === null || attempt + 1 >= attempts) throw error;
      if (performance.now() + waitMs >= request.deadline) throw error;
      await pause(waitMs, request);
    }
  }
}

function isRepeatable(
  descriptor: FunctionDescriptor,
  parameters: Record<string, unknown>,
): boolean {
  if (descriptor.volatility !== 'volatile' || descriptor.idempotentBy === 'always') return true;
  if (descriptor.idempotentBy === null) return false;
  const nonce = parameters[descriptor.idempotentBy];
  return nonce !== undefined && nonce !== null;
}

/** Milliseconds to wait before the next attempt, or null when the failure is final. */
function repeatAfterMs(error: GuildhallError, attempt: number, request: Request): number | null {
  const backoff = backoffMs(attempt, REPEAT_BACKOFF);
  if (error.status === 429) {
    if (error.retryAfter === null) return backoff;
    const waitMs = error.retryAfter * 1000;
    return waitMs <= (request.options.retryAfterCapMs ?? 5_000) ? waitMs + backoff : null;
  }
  // The attempt's own timeout; a statement timeout of the database has a status and is final.
  if (error.code === 'network_error' || (error.code === 'timeout' && error.status === 0)) {
    return backoff;
  }
  const isGatewayFailure = error.status === 502 || error.status === 503 || error.status === 504;
  return isGatewayFailure && error.code !== 'contract_mismatch' ? backoff : null;
}

interface RestAnswer {
  readonly data: unknown;
  readonly error: RestError | null;
  readonly status: number;
}

async function callOnce(request: Request): Promise<unknown> {
  const { descriptor, requestId } = request;
  const stopper = new AbortController();
  const builder = request.supabase
    .rpc(descriptor.name, request.parameters)
    .setHeader('x-request-id', requestId)
    .abortSignal(stopper.signal);
  const seen = watchResponse(builder);
  const answer = await orStop(builder, stopper, request);
  const status = seen.status ?? answer.status;
  if (answer.error !== null) {
    const { retryAfter } = seen;
    throw errorFromRest({
      error: answer.error,
      status,
      requestId,
      retryAfter,
      args: descriptor.args,
    });
  }
  if (status === 404) {
    throw new GuildhallError({
      code: 'contract_mismatch',
      message: `There is no function ${descriptor.name} behind this address.`,
      status,
      requestId,
    });
  }
  return checkShape(descriptor, answer.data, status, requestId);
}

interface SeenResponse {
  status: number | null;
  retryAfter: number | null;
}

/**
 * Watches the raw HTTP response of a request builder.
 *
 * supabase-js reports a 404 with an empty body, or with an array as its body, as success, and hides all headers.
 * Its builder keeps the fetch function it will use as a property; wrapping that shows the true status and
 * Retry-After. Should a later version keep it elsewhere, the builder's own status is used.
 */
function watchResponse(builder: object): SeenResponse {
  const seen: SeenResponse = { status: null, retryAfter: null };
  const carrier = builder as { fetch?: typeof fetch };
  const original = carrier.fetch;
  if (typeof original !== 'function') return seen;
  carrier.fetch = async (...args) => {
    const response = await original(...args);
    const retryAfter = Number.parseFloat(response.headers.get('retry-after') ?? '');
    seen.status = response.status;
    seen.retryAfter = Number.isFinite(retryAfter) ? retryAfter : null;
    return response;
  };
  return seen;
}

/** Waits for the answer, but no longer than the attempt and the deadline allow, and not past an abort. */
function orStop(
  builder: PromiseLike<RestAnswer>,
  stopper: AbortController,
  request: Request,
): Promise<RestAnswer> {
  const { signal, requestId, deadline, options } = request;
  return new Promise((resolve, reject) => {
    const allowedMs = Math.min(options.attemptTimeoutMs ?? 15_000, deadline - performance.now());
    const stop = (error: GuildhallError) => {
      settle();
      // Also ends what supabase-js may be waiting for; the promise does not depend on it noticing.
      stopper.abort();
      reject(error);
    };
    const onAbort = () => stop(abortedError(request));
    const timer = setTimeout(
      () =>
        stop(
          new GuildhallError({ code: 'timeout', message: 'No answer came in time.', requestId }),
        ),
      Math.max(0, allowedMs),
    );
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort);
    builder.then(
      (answer) => {
        settle();
        resolve(answer);
      },
      (cause: unknown) => {
        settle();
        const message = 'The server cannot be reached.';
        reject(new GuildhallError({ code: 'network_error', message, requestId, cause }));
      },
    );
  });
}

function pause(waitMs: number, request: Request): Promise<void> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortedError(request));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, waitMs);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function abortedError({ signal, requestId }: Request): GuildhallError {
  return new GuildhallError({
    code: 'aborted',
    message: 'The call was aborted.',
    requestId,
    cause: signal?.reason,
  });
}

/** What the function returns must be what the contract says; anything else comes from somewhere else. */
function checkShape(
  descriptor: FunctionDescriptor,
  data: unknown,
  status: number,
  requestId: string,
): unknown {
  const isObject = typeof data === 'object' && data !== null;
  const fits = {
    void: true,
    scalar: data !== undefined,
    row: isObject && !Array.isArray(data),
    rows: Array.isArray(data),
  }[descriptor.returns];
  if (fits) return descriptor.returns === 'void' ? undefined : data;
  throw new GuildhallError({
    code: 'unexpected_answer',
    message: `${descriptor.name} did not answer with what the contract promises.`,
    status,
    requestId,
  });
}

function rowCount(data: unknown): number {
  if (Array.isArray(data)) return data.length;
  return data === undefined || data === null ? 0 : 1;
}

function report(onCall: CallerOptions['onCall'], event: CallEvent): void {
  try {
    onCall?.(event);
  } catch {
    // The hook is the application's: its fault must not turn a finished call into a failed one.
  }
}
