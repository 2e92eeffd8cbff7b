/**
 * The stable code of a failure: what a program branches on.
 *
 * The database adds codes over time, so any string is allowed; named here are those that its functions raise (each names
 * its own) and those the runtime itself makes.
 */
export type GuildhallErrorCode =
  | 'aborted'
  | 'banned'
  | 'blocked'
  | 'body_too_long'
  | 'closed'
  | 'conflict'
  | 'contract_mismatch'
  | 'database_error'
  | 'expired'
  | 'invalid_argument'
  | 'limit_reached'
  | 'mesh_required'
  | 'missing_permission'
  | 'network_error'
  | 'not_found'
  | 'not_linked'
  | 'rate_limited'
  | 'recent_sign_in_required'
  | 'role_hierarchy'
  | 'session_required'
  | 'sfu_required'
  | 'timed_out'
  | 'timeout'
  | 'unavailable'
  | 'unexpected_answer'
  | (string & {});

interface GuildhallErrorInit {
  readonly code: GuildhallErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly requestId?: string | null;
  readonly cause?: unknown;
}

/**
 * Every failure of the SDK.
 *
 * @example
 * try {
 *   await guildhall.messages.send({ channelId, body });
 * } catch (error) {
 *   if (error instanceof GuildhallError && error.code === 'rate_limited') wait(error.retryAfter);
 * }
 */
export class GuildhallError extends Error {
  override readonly name = 'GuildhallError';
  /** What a program branches on: `missing_permission`, `rate_limited`, `network_error`, … */
  readonly code: GuildhallErrorCode;
  /** The HTTP status; 0 when there was no answer or the call never left. */
  readonly status: number;
  /** What the database says beside the code: `permission`, `field`, `retry_after`, … */
  readonly details: Readonly<Record<string, unknown>>;
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | null;
  /** The `x-request-id` the call was sent with; null for failures that belong to no call. */
  readonly requestId: string | null;

  constructor(init: GuildhallErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.status = init.status ?? 0;
    this.details = init.details ?? {};
    const wait = this.details.retry_after;
    this.retryAfter = typeof wait === 'number' && wait >= 0 ? wait : null;
    this.requestId = init.requestId ?? null;
  }
}

/** The error body of PostgREST as supabase-js hands it over; a gateway's page arrives as `{ message }` only. */
export interface RestError {
  readonly message?: string;
  readonly code?: string;
  readonly details?: unknown;
  readonly hint?: unknown;
}

interface RestFailure {
  readonly error: RestError;
  /** HTTP status; 0 when the request got no answer. */
  readonly status: number;
  readonly requestId: string;
  /** Seconds, from the Retry-After header. */
  readonly retryAfter?: number | null;
  /** camelCase argument to SQL argument, to name a wrong one as the caller wrote it. */
  readonly args?: Readonly<Record<string, string>>;
}

/**
 * Turns a failed REST answer into a GuildhallError.
 *
 * Errors that the database raised itself carry their code in DETAIL (JSON). The others get one from PostgREST's
 * own code, the SQLSTATE, or the HTTP status, in this order.
 */
export function errorFromRest(failure: RestFailure): GuildhallError {
  const { error, status, requestId } = failure;
  const raised = inTheCallersWords(raisedDetails(error.details), failure.args ?? {});
  const code = typeof raised.code === 'string' ? raised.code : codeOf(error, status);
  const details =
    raised.retry_after === undefined && typeof failure.retryAfter === 'number'
      ? { ...raised, retry_after: failure.retryAfter }
      : raised;
  return new GuildhallError({
    code,
    message: messageOf(error, code, status),
    status,
    details,
    requestId,
    cause: error,
  });
}

/** The database names a wrong argument in SQL (`p_max_uses`), the caller knows it as `maxUses`. */
function inTheCallersWords(
  details: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const [field] = Object.entries(args).find(([, sqlName]) => sqlName === details.field) ?? [];
  return field === undefined ? details : { ...details, field };
}

function raisedDetails(details: unknown): Readonly<Record<string, unknown>> {
  if (typeof details !== 'string' || !details.startsWith('{')) return {};
  try {
    return JSON.parse(details) as Record<string, unknown>;
  } catch {
    // DETAIL of an error that is not ours may begin with a brace and be no JSON.
    return {};
  }
}

function codeOf(error: RestError, status: number): GuildhallErrorCode {
  if (status === 0) return 'network_error';
  const origin = error.code ?? '';
  if (origin.startsWith('PT')) return CODE_BY_STATUS[status] ?? 'database_error';
  if (origin.startsWith('PGRST')) return codeOfPostgrest(origin, status);
  if (origin === '42501') return status === 401 ? 'session_required' : 'missing_permission';
  if (origin === '57014') return 'timeout';
  if (origin === '23505') return 'conflict';
  if (origin.startsWith('22')) return 'invalid_argument';
  if (origin !== '') return status === 401 ? 'session_required' : 'database_error';
  // No code at all: the answer is a gateway's, not the database's.
  if (status === 401) return 'session_required';
  if (status === 429) return 'rate_limited';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return 'unexpected_answer';
}

const CODE_BY_STATUS: Readonly<Record<number, GuildhallErrorCode>> = {
  400: 'invalid_argument',
  401: 'session_required',
  403: 'missing_permission',
  404: 'not_found',
  409: 'conflict',
  410: 'expired',
  422: 'invalid_argument',
  429: 'rate_limited',
  503: 'unavailable',
};

function codeOfPostgrest(origin: string, status: number): GuildhallErrorCode {
  // 202: no such function with these arguments; 203: more than one; 106: the schema is not exposed.
  if (origin === 'PGRST202' || origin === 'PGRST203' || origin === 'PGRST106') {
    return 'contract_mismatch';
  }
  // 301 to 303: the token is malformed, missing, expired or has wrong claims.
  if (/^PGRST30[1-3]$/.test(origin) || status === 401) return 'session_required';
  // 000 to 003: the database cannot be reached, or no connection was free in time.
  if (/^PGRST00[0-3]$/.test(origin)) return 'unavailable';
  return 'unexpected_answer';
}

function messageOf(error: RestError, code: GuildhallErrorCode, status: number): string {
  // A gateway's body is a page, not a sentence; it stays available as the cause.
  if (code === 'unavailable' || code === 'unexpected_answer') {
    return error.code ? (error.message ?? code) : `The server answered with status ${status}.`;
  }
  if (code === 'network_error') return 'The server cannot be reached.';
  // "permission denied for function …" is right, and no help to the person who only has to sign in.
  if (error.code === '42501') {
    return code === 'session_required' ? 'Sign in first.' : 'You are not allowed to do this.';
  }
  return error.message || code;
}

/** Any thrown value as a GuildhallError; what is none already was not foreseen. */
export function asGuildhallError(cause: unknown): GuildhallError {
  if (cause instanceof GuildhallError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new GuildhallError({ code: 'unexpected_answer', message, cause });
}
