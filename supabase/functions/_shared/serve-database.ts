import { refuseStrangers } from './database-secret.ts';

/**
 * Serves the project's database and nobody else: it calls a function when there is work (call_edge_function). The answer says how much was
 * done, as `work` counts it in what `begin` gave: 200; or 503, where something `failed` or the work broke off. What was not done is for the
 * database to hand out again.
 */
export function serveDatabase<Done extends Record<string, number>>(
  begin: () => Done,
  work: (done: Done) => Promise<void>,
): void {
  Deno.serve(async (request) => {
    const refusal = await refuseStrangers(request);
    if (refusal !== null) return refusal;
    const done = begin();
    try {
      await work(done);
    } catch (error) {
      console.error((error as Error).message);
      return unfinished('The function is not set up, or the database does not answer.', done);
    }
    if ((done.failed ?? 0) > 0) return unfinished('Not everything could be done.', done);
    return Response.json(done);
  });
}

function unfinished(message: string, done: Record<string, number>): Response {
  return Response.json({ code: 'provider_unavailable', message, ...done }, { status: 503 });
}
