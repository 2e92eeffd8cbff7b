// gateway: the chat, for frontends that hold no settings of the project. It finds the session, passes on one call to the database as
// the caller, and says in its own words what the database said. Every rule is the database's.
import { requestIdOf } from '../_shared/request-id.ts';
import { type Answered, answered, refused } from './answers.ts';
import { preflight, refuseForeignPages } from './origins.ts';
import { recordCall } from './record-call.ts';
import { methodNotAllowed, noSuchRoute, type Route, routeOf } from './routes.ts';

Deno.serve(async (request) => {
  if (request.method === 'OPTIONS') return preflight(request);
  const startedAt = performance.now();
  const requestId = requestIdOf(request);
  const route = routeOf(request);
  const { response, status, code } = await answer(route, request, requestId);
  recordCall({
    route: route?.name ?? 'other',
    status,
    code,
    latency_ms: Math.round(performance.now() - startedAt),
    request_id: requestId,
  });
  return response;
});

/** Never rejects: what the runtime makes of an exception is its own and may show anything. */
async function answer(route: Route | null, request: Request, requestId: string): Promise<Answered> {
  try {
    refuseForeignPages(request);
    if (route === null) throw noSuchRoute();
    if (request.method !== route.method) throw methodNotAllowed(route.method);
    return answered(await route.answer(request, requestId), request, requestId);
  } catch (cause) {
    return refused(cause, request, requestId);
  }
}
