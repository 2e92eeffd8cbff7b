import { GuildhallError } from '../errors.ts';
import { randomUuid } from '../random-uuid.ts';

export interface GatewayRequest {
  readonly method: 'GET' | 'POST';
  /** Below the gateway's address: `/chat/send`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  /** Null: the session is in cookies, which are sent along instead. */
  readonly token: string | null;
}

const TIMEOUT_MS = 15_000;

/** One request to the gateway. @throws {GuildhallError} with the gateway's code, `network_error` or `timeout` */
export async function requestGateway<T>(
  gatewayUrl: string,
  request: GatewayRequest,
  fetcher: typeof fetch,
): Promise<T> {
  const requestId = randomUuid();
  const stopper = new AbortController();
  const timer = setTimeout(() => stopper.abort(), TIMEOUT_MS);
  try {
    const response = await fetcher(urlOf(gatewayUrl, request), {
      method: request.method,
      headers: {
        'x-request-id': requestId,
        ...(request.token === null ? {} : { authorization: `Bearer ${request.token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      credentials: request.token === null ? 'include' : 'omit',
      cache: 'no-store',
      signal: stopper.signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const body = await jsonOf(response);
    if (response.ok && typeof body === 'object' && body !== null) return body as T;
    throw refusalIn(response, body, requestId);
  } catch (cause) {
    if (cause instanceof GuildhallError) throw cause;
    throw stopper.signal.aborted
      ? new GuildhallError({ code: 'timeout', message: 'No answer came in time.', requestId })
      : new GuildhallError({
          code: 'network_error',
          message: 'The server cannot be reached.',
          requestId,
          cause,
        });
  } finally {
    clearTimeout(timer);
  }
}

function urlOf(gatewayUrl: string, { path, query = {} }: GatewayRequest): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `${gatewayUrl}${path}${given.length === 0 ? '' : `?${search}`}`;
}

/** Undefined where it is no JSON: a page of something between us and the gateway. */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'session_required',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

function refusalIn(response: Response, body: unknown, requestId: string): GuildhallError {
  const { error, code, request_id: theirs } = (body ?? {}) as Record<string, unknown>;
  const { status } = response;
  const retryAfter = Number.parseFloat(response.headers.get('retry-after') ?? '');
  return new GuildhallError({
    code: typeof code === 'string' ? code : (CODE_BY_STATUS[status] ?? 'unexpected_answer'),
    message: typeof error === 'string' ? error : `The server answered with status ${status}.`,
    status,
    details: Number.isFinite(retryAfter) ? { retry_after: retryAfter } : {},
    requestId: typeof theirs === 'string' ? theirs : requestId,
  });
}
