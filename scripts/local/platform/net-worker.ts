import type { Database } from '../../database/database.ts';

export interface NetWorker {
  /** Takes no more requests and waits for the answers of those under way. */
  stop(): Promise<void>;
}

interface QueuedRequest {
  id: number;
  method: string;
  url: string;
  headers: Record<string, string> | null;
  /** Base64. */
  body: string | null;
  timeout_milliseconds: number;
}

interface Answer {
  status: number | null;
  contentType: string | null;
  headers: Record<string, string> | null;
  content: string | null;
  timedOut: boolean;
  error: string | null;
}

const BATCH_SIZE = 200;
/** A notification wakes the worker; this is for one that was lost with its connection. */
const POLL_MS = 15_000;
const PURGE_MS = 10 * 60_000;

/**
 * Sends what transactions have queued through the stand-in for pg_net, after they have committed, and stores the
 * answers for six hours. A request is sent once: whatever goes wrong is its answer.
 */
export async function startNetWorker(
  database: Database,
  log: (line: string) => void = console.error,
): Promise<NetWorker> {
  let stopped = false;
  let wanted = false;
  let working: Promise<void> | undefined;

  /** Taken out of the queue before they are sent, so that a crash loses a request and never repeats it. */
  const takeBatch = () =>
    database.query<QueuedRequest>(`
      with taken as (
        delete from net.http_request_queue
        where id in (
          select id from net.http_request_queue order by id limit ${BATCH_SIZE} for update skip locked
        )
        returning *
      )
      select id, method, url, headers, encode(body, 'base64') as body, timeout_milliseconds
      from taken
      order by id
    `);

  async function answer(request: QueuedRequest): Promise<void> {
    const { status, contentType, headers, content, timedOut, error } = await send(request);
    await database.query(
      `insert into net._http_response (id, status_code, content_type, headers, content, timed_out, error_msg)
       values ($1, $2, $3, $4::text::jsonb, $5, $6, $7)`,
      [
        request.id,
        status,
        contentType,
        headers === null ? null : JSON.stringify(headers),
        // PostgreSQL has no zero character.
        content?.replaceAll('\0', '') ?? null,
        timedOut,
        error,
      ],
    );
  }

  async function drain(): Promise<void> {
    while (wanted && !stopped) {
      wanted = false;
      const batch = await takeBatch();
      if (batch.length === BATCH_SIZE) wanted = true;
      await Promise.all(batch.map(answer));
    }
  }

  const wake = () => {
    wanted = true;
    if (stopped || working) return;
    working = drain()
      .catch((error: Error) => log(`[net] ${error.message}`))
      .finally(() => {
        working = undefined;
        if (wanted) wake();
      });
  };

  const purge = () => {
    database
      .query("delete from net._http_response where created < now() - interval '6 hours'")
      .catch((error: Error) => log(`[net] ${error.message}`));
  };

  const unlisten = await database.listen('platform_net', wake);
  const poll = setInterval(wake, POLL_MS);
  const purging = setInterval(purge, PURGE_MS);
  poll.unref();
  purging.unref();
  wake();

  return {
    stop: async () => {
      stopped = true;
      clearInterval(poll);
      clearInterval(purging);
      await unlisten();
      await working;
    },
  };
}

async function send(request: QueuedRequest): Promise<Answer> {
  const nothing = { status: null, contentType: null, headers: null, content: null };
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers ?? {},
      signal: AbortSignal.timeout(request.timeout_milliseconds),
      ...(request.body === null ? {} : { body: Buffer.from(request.body, 'base64') }),
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type'),
      headers: Object.fromEntries(response.headers),
      content: await response.text(),
      timedOut: false,
      error: null,
    };
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') {
      return {
        ...nothing,
        timedOut: true,
        error: `Timeout of ${request.timeout_milliseconds} ms reached.`,
      };
    }
    const reason = cause instanceof Error ? cause.message : message;
    return { ...nothing, timedOut: false, error: reason };
  }
}
