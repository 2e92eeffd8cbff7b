import { bearerOf } from './bearer.ts';
import type { Caller } from './call-database.ts';
import { type Answered, answered, preflight, refused } from './open-answers.ts';
import { recordRequest } from './record-calls.ts';
import { Refusal, sessionRequired } from './refusal.ts';
import { requestIdOf } from './request-id.ts';

/**
 * Serves a function that people call with their own session: `POST`, a bearer and a body of JSON. `answer` reads the body, asks the
 * database as the caller, and gives what is answered; it throws a Refusal where it does not. Each request is recorded under `operation`.
 */
export function serveCallers(
  operation: string,
  answer: (request: Request, caller: Caller) => Promise<unknown>,
): void {
  Deno.serve(async (request) => {
    if (request.method === 'OPTIONS') return preflight();
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    const { response, status, code } = await settled(request, requestId, answer);
    const latencyMs = Math.round(performance.now() - startedAt);
    // Nothing of its contents: no bodies, no tokens, no ids of people or channels.
    console.log(
      JSON.stringify({ operation, status, code, latency_ms: latencyMs, request_id: requestId }),
    );
    recordRequest({ function: operation, code, latencyMs, requestId });
    return response;
  });
}

/** Never rejects: what the runtime makes of an exception is its own and may show anything. */
async function settled(
  request: Request,
  requestId: string,
  answer: (request: Request, caller: Caller) => Promise<unknown>,
): Promise<Answered> {
  try {
    if (request.method !== 'POST') {
      const allow = 'POST';
      const message = `Only ${allow} is answered here.`;
      throw new Refusal(405, 'method_not_allowed', message, { allow });
    }
    const token = bearerOf(request);
    if (token === null) throw sessionRequired();
    return answered(await answer(request, { token, requestId }), requestId);
  } catch (cause) {
    return refused(cause, requestId);
  }
}
