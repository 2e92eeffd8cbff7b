import type { Database, Transaction } from '../../database/database.ts';
import type { Claims } from '../realtime/token.ts';
import { noSuchBucket, noSuchKey } from './storage-error.ts';

export interface StoredObject {
  id: string;
  name: string;
  version: string;
  metadata: { size: number; mimetype: string; cacheControl: string; [other: string]: unknown };
  created_at: string;
}

export interface NewObject {
  bucket: string;
  name: string;
  owner: string | null;
  version: string;
  metadata: StoredObject['metadata'] | null;
}

const columns = 'id, name, version, metadata, created_at';

/** What service_role is asked to be for the rows that Storage writes itself. */
const storage: Claims = { role: 'service_role' };

/** Has a transaction that was only a question rolled back. */
class Asked extends Error {}

/**
 * The rows of storage.objects. Whether somebody may, the policies are asked as that somebody; what is written after an upload is
 * written above them, as the platform does: what a policy has let pass may long be over by then.
 */
export class Objects {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Bytes that an object of this bucket may have. @throws StorageError where there is no such bucket */
  async sizeLimit(bucket: string): Promise<number> {
    const [row] = await this.#database.query<{ file_size_limit: number | null }>(
      'select file_size_limit from storage.buckets where id = $1',
      [bucket],
    );
    if (row === undefined) throw noSuchBucket();
    return row.file_size_limit ?? 50 * 1024 * 1024;
  }

  /** Passes where the policies let `claims` create this object, or with `upsert` also replace it. Nothing is written. */
  async askToCreate(object: NewObject, upsert: boolean, claims: Claims): Promise<void> {
    await this.#ask(claims, async (tx) => {
      await insert(tx, object, upsert);
    });
  }

  /** Passes where the policies let `claims` replace this object, which must be there. */
  async askToReplace({ bucket, name, version }: NewObject, claims: Claims): Promise<void> {
    await this.#ask(claims, async (tx) => {
      const rows = await tx.query(
        'update storage.objects set version = $3 where bucket_id = $1 and name = $2 returning id',
        [bucket, name, version],
      );
      if (rows.length === 0) throw noSuchKey();
    });
  }

  /** Writes the row of an upload that is complete. Returns its id, and the version that it has replaced. */
  async write(object: NewObject): Promise<{ id: string; replaced: string | null }> {
    return this.#as(storage, async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `${object.bucket}/${object.name}`,
      ]);
      const [before] = await tx.query<{ version: string }>(
        'select version from storage.objects where bucket_id = $1 and name = $2 for update',
        [object.bucket, object.name],
      );
      const id = await insert(tx, object, true);
      return { id, replaced: before?.version ?? null };
    });
  }

  /** @throws StorageError where `claims` see no such object */
  async find(bucket: string, name: string, claims: Claims): Promise<StoredObject> {
    const [row] = await this.#as(claims, (tx) =>
      tx.query<StoredObject>(
        `select ${columns} from storage.objects where bucket_id = $1 and name = $2`,
        [bucket, name],
      ),
    );
    if (row === undefined) throw noSuchKey();
    return row;
  }

  /** @throws StorageError where there is no such object */
  findSigned(bucket: string, name: string): Promise<StoredObject> {
    return this.find(bucket, name, storage);
  }

  /** What `claims` see whose name begins so, by name. */
  async list(
    bucket: string,
    prefix: string,
    limit: number,
    claims: Claims,
  ): Promise<StoredObject[]> {
    return this.#as(claims, async (tx) => {
      await tx.query("select set_config('storage.operation', 'storage.object.list', true)");
      return tx.query<StoredObject>(
        `select ${columns} from storage.objects
         where bucket_id = $1 and starts_with(name, $2) order by name limit $3`,
        [bucket, prefix, limit],
      );
    });
  }

  /** Removes the rows of these names, as far as `claims` may. Returns those that are gone. */
  async remove(bucket: string, names: string[], claims: Claims): Promise<StoredObject[]> {
    return this.#as(claims, async (tx) => {
      await tx.query("select set_config('storage.allow_delete_query', 'true', true)");
      return tx.query<StoredObject>(
        `delete from storage.objects
         where bucket_id = $1 and name in (select jsonb_array_elements_text($2::text::jsonb))
         returning ${columns}`,
        [bucket, JSON.stringify(names)],
      );
    });
  }

  async #ask(claims: Claims, question: (tx: Transaction) => Promise<void>): Promise<void> {
    try {
      await this.#as(claims, async (tx) => {
        await question(tx);
        throw new Asked();
      });
    } catch (error) {
      if (!(error instanceof Asked)) throw error;
    }
  }

  #as<T>(claims: Claims, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (tx) => {
      await tx.query(
        `select set_config('request.jwt.claims', $1::text, true),
                set_config('request.jwt.claim.sub', $2::text, true),
                set_config('request.jwt.claim.role', $3::text, true),
                set_config('role', $3::text, true)`,
        [JSON.stringify(claims), claims.sub ?? '', claims.role],
      );
      return work(tx);
    });
  }
}

async function insert(tx: Transaction, object: NewObject, upsert: boolean): Promise<string> {
  const id = crypto.randomUUID();
  await tx.query(
    `insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata)
     values ($1, $2, $3, $4::text::uuid, $4::text, $5, $6::text::jsonb)
     ${
       upsert
         ? `on conflict (bucket_id, name) do update set
              owner = excluded.owner, owner_id = excluded.owner_id, version = excluded.version,
              metadata = excluded.metadata`
         : ''
     }`,
    [
      id,
      object.bucket,
      object.name,
      object.owner,
      object.version,
      object.metadata && JSON.stringify(object.metadata),
    ],
  );
  return id;
}
