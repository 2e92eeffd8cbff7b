// voice-sfu: tells the SFU who is out and who may do what now, and looks who is in its rooms. The database calls it when there is something
// to do (call_for_voice_sfu). Answers how much it has done and how much it has not, which the database hands out again.
import { livekitSettings } from '../_shared/livekit-settings.ts';
import { outliveAnswer } from '../_shared/outlive-answer.ts';
import { recordRequest } from '../_shared/record-calls.ts';
import { serveDatabase } from '../_shared/serve-database.ts';
import { callAsServer } from '../_shared/server-database.ts';
import type { SessionRights } from '../_shared/sfu-permissions.ts';
import { Sfu, SfuFailure, type SfuParticipant } from './sfu.ts';

interface Change extends SessionRights {
  readonly session_id: string;
  readonly room: string;
  readonly is_removal: boolean;
  readonly version: number;
}

type Done = { applied: number; looked: number; removed: number; failed: number };

/** As many at once: each has its own five seconds, so none waits long for one that hangs. */
const BATCH = 100;
/** Of one call; what is left is for the next. */
const MAX_BATCHES = 5;

serveDatabase(
  (): Done => ({ applied: 0, looked: 0, removed: 0, failed: 0 }),
  async (done) => {
    const sfu = new Sfu(livekitSettings());
    const doing = allOf([
      inBatches(() => applyChanges(sfu, done)),
      inBatches(() => lookIntoRooms(sfu, done)),
    ]);
    // The database, which asks, does not wait so long.
    outliveAnswer(doing.catch(() => {}));
    await doing;
  },
);

/** Waits for all of them, also when one fails, which it throws then: the rest is not to be cut off. */
async function allOf(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function inBatches(doBatch: () => Promise<number>): Promise<void> {
  for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
    if ((await doBatch()) < BATCH) return;
  }
}

async function applyChanges(sfu: Sfu, done: Done): Promise<number> {
  const changes = await callAsServer<Change[]>('claim_voice_sfu_changes', { p_limit: BATCH });
  await allOf(
    changes.map(async (change) => {
      const { room, session_id, is_removal, version } = change;
      const failure = await attempt(is_removal ? 'remove' : 'update', () =>
        is_removal ? sfu.remove(room, session_id) : sfu.update(room, session_id, change),
      );
      if (failure === null) done.applied += 1;
      else done.failed += 1;
      await callAsServer('finish_voice_sfu_change', {
        p_session_id: session_id,
        p_version: version,
        p_error: failure,
      });
    }),
  );
  return changes.length;
}

async function lookIntoRooms(sfu: Sfu, done: Done): Promise<number> {
  const rooms = await callAsServer<string[]>('claim_voice_sfu_rooms', { p_limit: BATCH });
  await allOf(
    rooms.map(async (room) => {
      let participants: SfuParticipant[] | null = null;
      const failure = await attempt('look', async () => {
        participants = await sfu.participantsOf(room);
      });
      if (failure === null) done.looked += 1;
      else done.failed += 1;
      const strangers = await callAsServer<string[]>('compare_voice_sfu_room', {
        p_room: room,
        p_participants: participants,
        p_error: failure,
      });
      const smugglers = ((participants ?? []) as SfuParticipant[])
        .filter(({ is_smuggling }) => is_smuggling)
        .map(({ session_id }) => session_id);
      // Not queued: whoever is still there, or there again, is found in 15 seconds.
      await allOf(
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
