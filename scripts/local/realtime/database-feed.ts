import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RelayContext } from './context.ts';
import { isJsonObject } from './protocol.ts';
import { type StoredRow, storedBroadcast, storedColumns } from './stored-broadcast.ts';

const notifications = 'realtime_messages';
const rowsPerRead = 100;
const readAttempts = 5;

interface RowKey {
  id: string;
  inserted_at: string;
}

export interface DatabaseFeedTimes {
  /** Pause before LISTEN or a read is tried again; it doubles up to `longestRetryMs`. */
  retryMs: number;
  longestRetryMs: number;
  /** How often the feed checks that it still hears the database. */
  probeMs: number;
}

const defaultTimes: DatabaseFeedTimes = { retryMs: 250, longestRetryMs: 5000, probeMs: 10_000 };

/**
 * Broadcasts from the database. A trigger on realtime.messages notifies of each new row; notifications arrive after
 * commit and in commit order, and this feed forwards the rows in that order to whoever is subscribed.
 */
export class DatabaseFeed {
  readonly #context: RelayContext;
  readonly #times: DatabaseFeedTimes;
  readonly #stopping = new AbortController();
  readonly #pending: RowKey[] = [];
  #working: Promise<void> | undefined;
  #unlisten: (() => Promise<void>) | undefined;
  /** Stands for the latest LISTEN. A driver may revive an earlier one, and its notifications would come twice. */
  #listening: object | undefined;
  #probing: Promise<void> | undefined;
  /** A connection that has lost its LISTEN looks idle, so the feed sends itself a notification and waits to hear it. */
  #expectedProbe: string | undefined;
  #forwarded = 0;
  #dropped = 0;

  constructor(context: RelayContext, times: Partial<DatabaseFeedTimes> = {}) {
    this.#context = context;
    this.#times = { ...defaultTimes, ...times };
  }

  /** Rows forwarded to at least one subscriber, dropped as too large or unreadable, and waiting to be read. */
  get counts() {
    return { forwarded: this.#forwarded, dropped: this.#dropped, pending: this.#pending.length };
  }

  /** Returns once the feed hears the database, however many attempts that takes, or is stopped. */
  async start(): Promise<void> {
    await this.#listen();
    // PGlite's session lives in this process and cannot lose its LISTEN.
    if (this.#context.database.engine === 'postgres') this.#probing = this.#keepProbing();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#working, this.#probing]);
    await this.#unlisten?.().catch(() => {});
    this.#unlisten = undefined;
  }

  async #listen(): Promise<void> {
    await this.#retrying('could not listen to the database', Number.POSITIVE_INFINITY, async () => {
      const listening = {};
      this.#listening = listening;
      this.#unlisten = await this.#context.database.listen(notifications, (payload) => {
        if (this.#listening === listening) this.#notified(payload);
      });
    });
  }

  #notified(text: string): void {
    let payload: unknown;
    try {
      payload = JSON.parse(text);
    } catch {}
    if (!isJsonObject(payload)) return;
    if (typeof payload.probe === 'string') {
      if (payload.probe === this.#expectedProbe) this.#expectedProbe = undefined;
      return;
    }
    const { id, inserted_at } = payload;
    if (typeof id !== 'string' || typeof inserted_at !== 'string') return;
    // Nobody can be owed a row that was committed before the first subscriber came.
    if (this.#context.topics.count === 0) return;
    this.#pending.push({ id, inserted_at });
    this.#working ??= this.#work();
  }

  /** Reads what has come in, in batches. One reader at a time keeps the order. */
  async #work(): Promise<void> {
    try {
      await this.#readPending();
    } catch (error) {
      this.#context.log(`could not forward broadcasts: ${(error as Error).message}`);
    } finally {
      this.#working = undefined;
    }
  }

  async #readPending(): Promise<void> {
    while (this.#pending.length > 0 && !this.#stopping.signal.aborted) {
      // Lets notifications of the same commit come together, and sockets and timers have their turn.
      await new Promise((resolve) => setImmediate(resolve));
      const keys = this.#pending.splice(0, rowsPerRead);
      let rows: Map<string, StoredRow> | undefined;
      await this.#retrying('could not read broadcasts', readAttempts, async () => {
        rows = await this.#read(keys);
      });
      if (rows === undefined) {
        this.#dropped += keys.length;
        continue;
      }
      for (const { id } of keys) {
        const row = rows.get(id);
        if (row !== undefined) this.#forward(row);
      }
    }
  }

  /** Rows by id; those that are no broadcast or that nobody is subscribed to stay in the database. */
  async #read(keys: RowKey[]): Promise<Map<string, StoredRow>> {
    const { database, topics, limits } = this.#context;
    const names = topics.names();
    if (names.length === 0) return new Map();
    const rows = await database.query<StoredRow>(
      `select ${storedColumns('$3::int')}
       from jsonb_to_recordset($1::text::jsonb) as wanted (id uuid, inserted_at timestamp)
       join realtime.messages m on m.id = wanted.id and m.inserted_at = wanted.inserted_at
       where m.extension = 'broadcast' and m.event is not null and m.private is not null
         and m.topic in (select jsonb_array_elements_text($2::text::jsonb))`,
      [JSON.stringify(keys), JSON.stringify(names), limits.payloadBytes],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  #forward(row: StoredRow): void {
    const { topics, limits, log } = this.#context;
    const broadcast = storedBroadcast(row, { id: row.id });
    if (broadcast === null) {
      if (row.bytes === null) return;
      this.#dropped += 1;
      log(
        `dropped the broadcast "${row.event}" on "${row.topic}": ${row.bytes} bytes, and ${limits.payloadBytes} is the limit`,
      );
      return;
    }
    const topic = topics.find({ name: row.topic, private: row.private });
    const receivers = topic?.broadcast(broadcast, { id: row.id }) ?? 0;
    if (receivers > 0) this.#forwarded += 1;
  }

  async #keepProbing(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const probe = randomUUID();
      this.#expectedProbe = probe;
      let sent = true;
      try {
        await this.#context.database.query('select pg_notify($1::text, $2::text)', [
          notifications,
          JSON.stringify({ probe }),
        ]);
      } catch {
        sent = false;
      }
      await pause(this.#times.probeMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted || this.#expectedProbe !== probe) continue;
      this.#context.log(
        sent
          ? 'no longer hears the database; listening anew'
          : 'lost the database; listening anew once it is back',
      );
      // Ending a LISTEN whose connection is gone fails, and there is nothing to end then.
      await this.#unlisten?.().catch(() => {});
      this.#unlisten = undefined;
      await this.#listen();
    }
  }

  /** Tries until it works, `attempts` times at most, with a line in the log for every failure. */
  async #retrying(complaint: string, attempts: number, task: () => Promise<void>): Promise<void> {
    let waitMs = this.#times.retryMs;
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      try {
        await task();
        return;
      } catch (error) {
        const last = attempt >= attempts;
        this.#context.log(
          `${complaint}: ${error}; ${last ? 'giving up' : `again in ${waitMs} ms`}`,
        );
        if (last) return;
      }
      await pause(waitMs, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
      waitMs = Math.min(waitMs * 2, this.#times.longestRetryMs);
    }
  }
}
