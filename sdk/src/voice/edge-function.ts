import type { SupabaseClient } from '@supabase/supabase-js';
import { GuildhallError, type GuildhallErrorCode } from '../errors.ts';

/** The part of a supabase-js client that reaches Edge Functions. */
export type FunctionsClient = Partial<Pick<SupabaseClient, 'functions'>>;

const TIMEOUT_MS = 15_000;

const CODES: Readonly<Record<number, GuildhallErrorCode>> = {
  401: 'session_required',
  403: 'missing_permission',
  404: 'not_found',
  409: 'conflict',
  410: 'expired',
  422: 'invalid_argument',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Asks an Edge Function of the project as the caller. Rejects with a GuildhallError. */
export async function askEdgeFunction(
  client: FunctionsClient,
  name: string,
  body: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  if (client.functions === undefined) {
    throw new GuildhallError({
      code: 'invalid_argument',
      message: 'This client has no `functions`, by which Edge Functions are reached.',
    });
  }
  const { data, error } = await client.functions.invoke(name, {
    body,
    timeout: TIMEOUT_MS,
    ...(signal && { signal }),
  });
  if (signal?.aborted) {
    throw new GuildhallError({ code: 'aborted', message: 'The call was aborted.', cause: error });
  }
  if (error !== null) throw await failureOf(name, error);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw unexpected(name);
  return data as Readonly<Record<string, unknown>>;
}

/** An answer that is not what the function promises. */
export function unexpected(name: string): GuildhallError {
  return new GuildhallError({
    code: 'unexpected_answer',
    message: `${name} did not answer with what the contract promises.`,
  });
}

/** supabase-js keeps the response of a refusal in the error's `context`; without one the request got no answer. */
async function failureOf(name: string, error: unknown): Promise<GuildhallError> {
  const response = (error as { context?: unknown }).context;
  if (!(typeof response === 'object' && response !== null && 'status' in response)) {
    return new GuildhallError({
      code: 'network_error',
      message: 'The server cannot be reached.',
      cause: error,
    });
  }
  const { status, headers } = response as Response;
  const said = await readRefusal(response as Response);
  const code =
    typeof said.code === 'string'
      ? said.code
      : // A project without this function answers so, too; then the function itself did not say it.
        (CODES[status] ?? 'unexpected_answer');
  const retryAfter = Number.parseFloat(headers.get('retry-after') ?? '');
  return new GuildhallError({
    code,
    message:
      typeof said.message === 'string' ? said.message : `${name} answered with status ${status}.`,
    status,
    details: Number.isFinite(retryAfter) ? { retry_after: retryAfter } : {},
    requestId: typeof said.request_id === 'string' ? said.request_id : null,
    cause: error,
  });
}

async function readRefusal(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    // A gateway's page.
    return {};
  }
}
