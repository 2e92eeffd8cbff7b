import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('closed');
}, 60_000);
afterAll(() => platform?.close());

describe('the storage tables', () => {
  it.each(['buckets', 'objects'])('refuse a direct delete from %s', async (table) => {
    expect(await platform.outcomeOfMigration(`delete from storage.${table} where false`)).toBe(
      '42501',
    );
  });

  it('take a delete from the Storage service', async () => {
    expect(
      await platform.outcomeOfMigration(`
        set local "storage.allow_delete_query" = 'true';
        insert into storage.buckets (id, name) values ('b', 'b');
        delete from storage.buckets where id = 'b';
      `),
    ).toBe('ok');
  });

  it('show a client only what a policy shows', async () => {
    const seen = await platform.asMigration(async (tx) => {
      await tx.execute(`
        insert into storage.buckets (id, name) values ('b', 'b');
        insert into storage.objects (bucket_id, name) values ('b', 'mine/a.png'), ('b', 'yours/a.png');
        create policy mine on storage.objects for select to authenticated
          using ((storage.foldername(name))[1] = 'mine');
        set local role authenticated;
      `);
      return tx.query('select name, path_tokens from storage.objects');
    });
    expect(seen).toEqual([{ name: 'mine/a.png', path_tokens: ['mine', 'a.png'] }]);
  });
});

describe('the parts of a path', () => {
  it.each([
    ['a/b/c.tar.gz', ['a', 'b'], 'c.tar.gz', 'gz'],
    ['photo.png', [], 'photo.png', 'png'],
  ])('of %s', async (path, folders, file, extension) => {
    const [row] = await platform.database.query(
      'select storage.foldername($1) as folders, storage.filename($1) as file, storage.extension($1) as extension',
      [path],
    );
    expect(row).toEqual({ folders, file, extension });
  });
});
