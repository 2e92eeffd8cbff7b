// record-calls: tells the database how requests to this function ended (record_calls), with the secret key, so that they count as
// the server's. After the answer, in batches: nobody waits for it, and nothing of it can fail an answer.
import { contractVersion } from './contract-version.ts';
import { outliveAnswer } from './outlive-answer.ts';
import { serverClient } from './server-database.ts';

/** How one request ended. There is no place for bodies, tokens or addresses. */
export interface RecordedRequest {
  /** By its name in `private.recorded_operations`: `gateway.chat_send`. */
  readonly function: string;
  /** The `code` of the answer; null for a success. */
  readonly code: string | null;
  /** Milliseconds from the request to its answer. */
  readonly latencyMs: number;
  /** The uuid that the answer has as `request_id`. */
  readonly requestId: string;
}

interface CallRecord {
  readonly function: string;
  readonly code: string | null;
  readonly latency_ms: number;
  readonly contract_version: string;
  readonly request_id: string;
}

/** Milliseconds in which requests come together in one batch. */
const gatherMs = 1_000;
/** The database's bound. */
const maxBatch = 100;
/** Records that may wait; beyond, the oldest are lost. */
const maxWaiting = 1_000;
const maxAttempts = 3;

const waiting: CallRecord[] = [];
let telling: Promise<void> | null = null;

/** Records one answered request. Returns at once and never throws. */
export function recordRequest(request: RecordedRequest): void {
  waiting.push({
    function: request.function,
    code: request.code,
    latency_ms: Math.min(600_000, Math.max(0, Math.round(request.latencyMs))),
    contract_version: contractVersion,
    request_id: request.requestId,
  });
  waiting.splice(0, waiting.length - maxWaiting);
  if (telling !== null) return;
  telling = tell().finally(() => {
    telling = null;
  });
  outliveAnswer(telling);
}

async function tell(): Promise<void> {
  while (waiting.length > 0) {
    await pause(gatherMs);
    const batch = { p_batch_id: crypto.randomUUID(), p_calls: waiting.splice(0, maxBatch) };
    for (let attempt = 1; !(await isTold(batch)) && attempt < maxAttempts; attempt += 1) {
      await pause(gatherMs * attempt);
    }
  }
}

/** Whether there is no more to do for a batch. A batch that comes twice counts once. */
async function isTold(batch: { p_batch_id: string; p_calls: CallRecord[] }): Promise<boolean> {
  try {
    const { error, status } = await serverClient()
      .rpc('record_calls', batch)
      .abortSignal(AbortSignal.timeout(5_000));
    if (error === null) return true;
    console.error(`record_calls failed: status ${status}, ${error.code}`);
    return status >= 400 && status < 500;
  } catch (error) {
    console.error('record_calls failed:', (error as Error).message);
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
