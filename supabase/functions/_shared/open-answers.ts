import { failed, Refusal } from './refusal.ts';

// What a function answers that any page may ask: it takes a bearer and no cookies, so a page has nothing of anybody's but what it
// was given itself.
const openHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, x-request-id',
  'cache-control': 'no-store',
};

/** An answer on its way out, and what may be told about it. */
export interface Answered {
  readonly response: Response;
  readonly status: number;
  /** Null where it was answered with what was asked for. */
  readonly code: string | null;
}

/** 200 with this body as JSON. */
export function answered(body: unknown, requestId: string): Answered {
  const headers = { ...openHeaders, 'x-request-id': requestId };
  return { response: Response.json(body, { headers }), status: 200, code: null };
}

/**
 * Says why not: `{code, message, request_id}`, with `retry_after` (seconds) where waiting helps. What is no Refusal was not
 * foreseen, and stays inside.
 */
export function refused(cause: unknown, requestId: string): Answered {
  const refusal = cause instanceof Refusal ? cause : failed(500, 'unexpected');
  // Its name and no more: a message may quote what it was given.
  if (refusal !== cause) console.error('unexpected:', cause instanceof Error ? cause.name : '');
  const { status, code, message } = refusal;
  const retryAfter = refusal.headers['retry-after'];
  const body = {
    code,
    message,
    ...(retryAfter === undefined ? {} : { retry_after: Number(retryAfter) }),
    request_id: requestId,
  };
  const headers = { ...openHeaders, ...refusal.headers, 'x-request-id': requestId };
  return { response: Response.json(body, { status, headers }), status, code };
}

/** Answers a browser that asks whether it may ask. */
export function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...openHeaders,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers':
        'apikey, authorization, content-type, x-client-info, x-request-id',
      'access-control-max-age': '600',
    },
  });
}
