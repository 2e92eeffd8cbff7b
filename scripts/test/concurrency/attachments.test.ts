import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BeforeCommit,
  codeOf,
  openRealConnections,
  type RealConnections,
} from './real-connections.ts';

// A file that is sent, removed and swept at the same moment. Storage is what its statements are: the caller's own for a removal, a
// superuser's for the row of an upload.

let db: RealConnections;
let userId: string;
let channelId: string;

beforeAll(async () => {
  db = openRealConnections();
  userId = await db.createUser();
  const [community] = await db.as<{ id: string }>(userId, 'select * from create_community($1)', [
    'Races',
  ]);
  const [channel] = await db.as<{ id: string }>(userId, 'select * from list_channels($1)', [
    community!.id,
  ]);
  channelId = channel!.id;
});
afterAll(() => db.close());

interface File {
  id: string;
  path: string;
}

async function upload(): Promise<File> {
  const id = randomUUID();
  const path = `${channelId}/${userId}/${id}`;
  await db.sql`
    insert into storage.objects (bucket_id, name, owner_id, version, metadata)
    values ('attachments', ${path}, ${userId}, '1', '{"size": 1, "mimetype": "text/plain"}')`;
  return { id, path };
}

const send = ({ id }: File, beforeCommit?: BeforeCommit) =>
  db
    .as(
      userId,
      `select send_message($1, 'x', p_attachments => jsonb_build_array(jsonb_build_object('id', $2::text, 'name', 'x')))`,
      [channelId, id],
      beforeCommit,
    )
    .then(() => 'sent', codeOf);

/** Storage removes the bytes after the row, and then commits. */
const remove = ({ path }: File, beforeCommit: BeforeCommit = async () => {}) =>
  db.sql
    .begin(async (tx) => {
      await tx`select set_config('role', 'authenticated', true),
        set_config('request.jwt.claims', ${JSON.stringify({ sub: userId, role: 'authenticated' })}, true),
        set_config('storage.allow_delete_query', 'true', true)`;
      const gone = await tx`
        delete from storage.objects where bucket_id = 'attachments' and name = ${path} returning name`;
      await beforeCommit(tx);
      return gone.length === 1 ? 'removed' : 'not found';
    })
    .catch((error) => {
      if (error.code === '42501') return 'refused';
      throw error;
    });

const claim = (beforeCommit: BeforeCommit = async () => {}) =>
  db.sql.begin(async (tx) => {
    const rows = await tx`select unnest(claim_attachment_removals(1000)) as path`;
    await beforeCommit(tx);
    return rows.map((row) => row.path as string);
  });

async function state({ path }: File): Promise<{ isThere: boolean; isSent: boolean }> {
  const [row] = await db.sql`
    select exists (select from storage.objects where bucket_id = 'attachments' and name = ${path}) as is_there,
      exists (select from private.attachments where path = ${path} and seq is not null) as is_sent`;
  return { isThere: row!.is_there, isSent: row!.is_sent };
}

test('what is being sent is not removed by its owner, who waits and is refused', async () => {
  const file = await upload();
  expect(
    await db.meet(
      (beforeCommit) => send(file, beforeCommit),
      () => remove(file),
    ),
  ).toEqual({ first: 'sent', second: 'refused', hasWaited: true });
  expect(await state(file)).toEqual({ isThere: true, isSent: true });
});

test('what is being removed is not sent', async () => {
  const file = await upload();
  expect(
    await db.meet(
      (beforeCommit) => remove(file, beforeCommit),
      () => send(file),
    ),
  ).toEqual({ first: 'removed', second: 'invalid_argument', hasWaited: true });
  expect(await state(file)).toEqual({ isThere: false, isSent: false });
});

test('what is being handed out for removal is not sent, and what is being sent is not handed out', async () => {
  const [old, other] = [await upload(), await upload()];
  const paths = [old.path, other.path];
  await db.sql`update private.attachments set remove_at = now() where path in ${db.sql(paths)}`;
  const met = await db.meet(
    (beforeCommit) => send(other, beforeCommit),
    () => claim(),
  );
  expect(met.first).toBe('sent');
  expect(met.second).toContain(old.path);
  expect(met.second).not.toContain(other.path);
  expect(await send(old)).toBe('invalid_argument');
});

test('two sweeps are handed out nothing twice', async () => {
  const files = await Promise.all(Array.from({ length: 30 }, upload));
  const paths = files.map(({ path }) => path);
  await db.sql`update private.attachments set remove_at = now() where path in ${db.sql(paths)}`;
  const met = await db.meet(claim, () => Promise.all([claim(), claim()]));
  const claimed = [met.first, ...met.second].flat();
  expect(new Set(claimed).size).toBe(claimed.length);
  expect(new Set(claimed)).toEqual(new Set([...claimed, ...paths]));
});

test('whoever comes first, a file is sent and there, or neither', async () => {
  for (let round = 0; round < 40; round += 1) {
    const file = await upload();
    const [sent, removed] = await Promise.all([send(file), remove(file)]);
    const after = await state(file);
    if (sent === 'sent') {
      expect(removed).not.toBe('removed');
      expect(after).toEqual({ isThere: true, isSent: true });
    } else {
      expect(removed).toBe('removed');
      expect(after).toEqual({ isThere: false, isSent: false });
    }
  }
});

test('of fifty-five uploads at once fifty are taken', async () => {
  // None of those before it waits any more.
  await db.sql`update private.attachments set seq = 0 where user_id = ${userId} and seq is null`;
  const uploads = await Promise.allSettled(Array.from({ length: 55 }, upload));
  expect(uploads.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
});
