// voice-sfu: tells the SFU who is out and who may do what now, and looks who is in its rooms. The database calls it when there is something
// to do (call_for_voice_sfu). Answers how much it has done and how much it has not, which the database hands out again.
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { refuseStrangers } from '../_shared/database-secret.ts';
import { livekitSettings } from '../_shared/livekit-settings.ts';
import { recordRequest } from '../_shared/record-calls.ts';
import type { SessionRights } from '../_shared/sfu-permissions.ts';
import { Sfu, SfuFailure, type SfuParticipant } from './sfu.ts';

interface Change extends SessionRights {
  readonly session_id: string;
  readonly room: string;
  readonly is_removal: boolean;
  readonly version: number;
}

interface Work {
  readonly sfu: Sfu;
  readonly database: SupabaseClient;
  readonly done: { applied: number; looked: number; removed: number; failed: number };
}

/** As many at once: each has its own five seconds, so none waits long for one that hangs. */
const BATCH = 100;
/** Of one call; what is left is for the next. */
const MAX_BATCHES = 5;

const url = Deno.env.get('SUPABASE_URL');
const secretKey = Object.values<string>(
  JSON.parse(Deno.env.get('SUPABASE_SECRET_KEYS') ?? '{}'),
)[0];
const database =
  url && secretKey
    ? createClient(url, secretKey, { auth: { persistSession: false, autoRefreshToken: false } })
    : null;

/** The platform's runtime lives on for what it is told to wait for; elsewhere the process does anyway. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

Deno.serve(async (request) => {
  const refusal = await refuseStrangers(request);
  if (refusal !== null) return refusal;
  const done = { applied: 0, looked: 0, removed: 0, failed: 0 };
  try {
    if (database === null) throw new Error('there is no URL or no secret key to work with');
    const work = { sfu: new Sfu(livekitSettings()), database, done };
    // Also where the database, which asks, does not wait so long.
    const doing = Promise.all([
      inBatches(() => applyChanges(work)),
      inBatches(() => lookIntoRooms(work)),
    ]);
    if (typeof EdgeRuntime !== 'undefined') EdgeRuntime.waitUntil(doing.catch(() => {}));
    await doing;
  } catch (error) {
    console.error('voice-sfu failed:', (error as Error).message);
    return answer('The function is not set up, or the database does not answer.', done);
  }
  if (done.failed > 0) return answer('The SFU has not done everything.', done);
  return Response.json(done);
});

function answer(message: string, done: Work['done']): Response {
  return Response.json({ code: 'provider_unavailable', message, ...done }, { status: 503 });
}

async function inBatches(doBatch: () => Promise<number>): Promise<void> {
  for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
    if ((await doBatch()) < BATCH) return;
  }
}

async function applyChanges({ sfu, database, done }: Work): Promise<number> {
  const changes = await rpc<Change[]>(database, 'claim_voice_sfu_changes', { p_limit: BATCH });
  await Promise.all(
    changes.map(async (change) => {
      const { room, session_id, is_removal, version } = change;
      const failure = await attempt(is_removal ? 'remove' : 'update', () =>
        is_removal ? sfu.remove(room, session_id) : sfu.update(room, session_id, change),
      );
      if (failure === null) done.applied += 1;
      else done.failed += 1;
      await rpc(database, 'finish_voice_sfu_change', {
        p_session_id: session_id,
        p_version: version,
        p_error: failure,
      });
    }),
  );
  return changes.length;
}

async function lookIntoRooms({ sfu, database, done }: Work): Promise<number> {
  const rooms = await rpc<string[]>(database, 'claim_voice_sfu_rooms', { p_limit: BATCH });
  await Promise.all(
    rooms.map(async (room) => {
      let participants: SfuParticipant[] | null = null;
      const failure = await attempt('look', async () => {
        participants = await sfu.participantsOf(room);
      });
      if (failure === null) done.looked += 1;
      else done.failed += 1;
      const strangers = await rpc<string[]>(database, 'compare_voice_sfu_room', {
        p_room: room,
        p_participants: participants,
        p_error: failure,
      });
      const smugglers = ((participants ?? []) as SfuParticipant[])
        .filter(({ is_smuggling }) => is_smuggling)
        .map(({ session_id }) => session_id);
      // Not queued: whoever is still there, or there again, is found in 15 seconds.
      await Promise.all(
        [...new Set([...strangers, ...smugglers])].map(async (sessionId) => {
          const failure = await attempt('remove', () => sfu.remove(room, sessionId));
          if (failure === null) done.removed += 1;
          else done.failed += 1;
        }),
      );
    }),
  );
  return rooms.length;
}

/** Null: it succeeded. Otherwise why not, for whoever looks into the database. */
async function attempt(what: string, run: () => Promise<void>): Promise<string | null> {
  const startedAt = performance.now();
  const failure = await run().then(
    () => null,
    (error) => {
      if (error instanceof SfuFailure) return error;
      throw error;
    },
  );
  recordRequest({
    function: `voice_sfu.${what}`,
    code: failure?.code ?? null,
    latencyMs: performance.now() - startedAt,
    requestId: crypto.randomUUID(),
  });
  if (failure === null) return null;
  console.error(`voice_sfu.${what} failed:`, failure.message);
  return failure.message;
}

async function rpc<Result>(
  client: SupabaseClient,
  name: string,
  args: Record<string, unknown>,
): Promise<Result> {
  const { data, error } = await client.rpc(name, args).abortSignal(AbortSignal.timeout(10_000));
  // Neither arguments nor rows are logged.
  if (error) throw new Error(`${name} failed: ${error.code}`);
  return data as Result;
}
