import { asGuildhallError, type GuildhallError } from '../errors.ts';
import { randomUuid } from '../random-uuid.ts';

/** What every handler answers with: what was asked for, or why not. */
export type SocialAnswer<T> =
  | { readonly data: T }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        /** To find the call again; the database knows it as `x-request-id`. */
        readonly requestId: string;
      };
    };

export function answerWith(data: unknown): Response {
  return answer(200, { data });
}

/** Says why not: the code and the sentence, and nothing of the headers, where the token is. */
export function answerRefusing(cause: unknown): Response {
  const error = asGuildhallError(cause);
  const status = statusOf(error);
  const requestId = error.requestId ?? randomUuid();
  return answer(
    status,
    { error: { code: error.code, message: messageOf(error, status), requestId } },
    headersOf(error, status),
  );
}

function answer(status: number, body: SocialAnswer<unknown>, headers: HeadersInit = {}): Response {
  return Response.json(body, { status, headers: { ...headers, 'cache-control': 'no-store' } });
}

/** By code where the SDK refused before the network or the backend's own status would mislead. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  session_required: 401,
  invalid_argument: 422,
  aborted: 499,
  network_error: 502,
  unexpected_answer: 502,
  contract_mismatch: 503,
  unavailable: 503,
  timeout: 504,
};

function statusOf(error: GuildhallError): number {
  const status = STATUS_BY_CODE[error.code] ?? error.status;
  return status >= 400 && status <= 599 ? status : 500;
}

/** A failure of the backend is told to the log by its requestId, not to whoever asked. */
function messageOf(error: GuildhallError, status: number): string {
  if (status === 401) return 'Sign in first.';
  return status >= 500 ? 'The server could not do this.' : error.message;
}

function headersOf(error: GuildhallError, status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  // Whole seconds, rounded up: a client that comes back at that moment is not too early.
  if (status === 429) {
    return { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfter ?? 1))) };
  }
  return status === 405 ? { allow: String(error.details.allow) } : {};
}
