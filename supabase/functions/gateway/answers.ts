import { failed, Refusal } from '../_shared/refusal.ts';
import { corsHeaders } from './origins.ts';

/** What a route answers with: always 200 and JSON. */
export interface Answer {
  readonly body: unknown;
  readonly headers?: readonly [string, string][];
}

/** An answer on its way out, and what may be told about it. */
export interface Answered {
  readonly response: Response;
  readonly status: number;
  /** Null where it was answered with what was asked for. */
  readonly code: string | null;
}

export function answered(answer: Answer, request: Request, requestId: string): Answered {
  const headers = headersFor(request, requestId);
  for (const [name, value] of answer.headers ?? []) headers.append(name, value);
  return { response: Response.json(answer.body, { headers }), status: 200, code: null };
}

/** Says why not: `{error, code, request_id}`, the error a sentence for a person. What is no Refusal was not foreseen, and stays inside. */
export function refused(cause: unknown, request: Request, requestId: string): Answered {
  const refusal = cause instanceof Refusal ? cause : failed(500, 'unexpected');
  if (refusal !== cause) console.error('unexpected:', cause);
  const { status, code } = refusal;
  const headers = headersFor(request, requestId);
  for (const [name, value] of Object.entries(refusal.headers)) headers.set(name, value);
  const body = { error: refusal.message, code, request_id: requestId };
  return { response: Response.json(body, { status, headers }), status, code };
}

function headersFor(request: Request, requestId: string): Headers {
  return new Headers({
    ...corsHeaders(request),
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
}
