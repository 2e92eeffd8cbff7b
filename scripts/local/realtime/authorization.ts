import type { Database, Transaction } from '../../database/database.ts';
import type { Claims } from './token.ts';

export type Extension = 'broadcast' | 'presence';

/** What the policies on realtime.messages can see of a caller and of the channel. */
export interface Caller {
  claims: Claims;
  headers: Record<string, string>;
}

export interface ReadRights {
  broadcast: boolean;
  presence: boolean;
}

/** realtime.messages has no partition for today, so nobody's rights can be found out. */
export class MissingPartition extends Error {
  override name = 'MissingPartition';
}

/** Carries an answer out of a transaction and has it rolled back. */
class Answer<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/**
 * Asks the row-level security of realtime.messages what a caller may do on a private topic, in transactions that are
 * always rolled back. Answers are not kept here: who asks decides how long they hold.
 */
export class Authorization {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** May receive what the SELECT policies let through of two probe rows. Throws what the policies raise. */
  async mayReceive(topic: string, caller: Caller): Promise<ReadRights> {
    return this.#ask(async (tx) => {
      const probes = await tx
        .query<{ id: string; extension: Extension }>(
          `insert into realtime.messages (topic, extension)
           values ($1::text, 'broadcast'), ($1::text, 'presence')
           returning id::text as id, extension`,
          [topic],
        )
        .catch((error) => {
          throw isMissingPartition(error) ? new MissingPartition() : error;
        });
      await become(tx, topic, caller);
      const visible = await tx.query<{ id: string }>(
        `select id::text as id from realtime.messages
         where topic = $1::text and id in ($2::uuid, $3::uuid)`,
        [topic, ...probes.map((probe) => probe.id)],
      );
      const sees = (extension: Extension) =>
        probes.some(
          (probe) => probe.extension === extension && visible.some((row) => row.id === probe.id),
        );
      return { broadcast: sees('broadcast'), presence: sees('presence') };
    });
  }

  /** May send when the INSERT policies accept a row. Throws what the policies raise. */
  async maySend(topic: string, extension: Extension, caller: Caller): Promise<boolean> {
    return this.#ask(async (tx) => {
      await become(tx, topic, caller);
      try {
        await tx.query(
          'insert into realtime.messages (topic, extension) values ($1::text, $2::text)',
          [topic, extension],
        );
        return true;
      } catch (error) {
        if (sqlState(error) === '42501') return false;
        throw isMissingPartition(error) ? new MissingPartition() : error;
      }
    });
  }

  async #ask<T>(question: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      await this.#database.transaction(async (tx) => {
        throw new Answer(await question(tx));
      });
    } catch (thrown) {
      if (thrown instanceof Answer) return thrown.value as T;
      throw thrown;
    }
    throw new Error('the transaction of an authorization check was not rolled back');
  }
}

async function become(tx: Transaction, topic: string, { claims, headers }: Caller): Promise<void> {
  await tx.query(
    `select set_config('realtime.topic', $1::text, true),
            set_config('request.jwt.claims', $2::text, true),
            set_config('request.jwt.claim.sub', $3::text, true),
            set_config('request.jwt.claim.role', $4::text, true),
            set_config('request.headers', $5::text, true),
            set_config('role', $4::text, true)`,
    [topic, JSON.stringify(claims), claims.sub ?? '', claims.role, JSON.stringify(headers)],
  );
}

function sqlState(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}

function isMissingPartition(error: unknown): boolean {
  return sqlState(error) === '23514' && /no partition of relation/.test(String(error));
}
