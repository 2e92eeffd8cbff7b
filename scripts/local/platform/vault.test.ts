import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('open');
}, 60_000);
afterAll(() => platform?.close());

const secret = 'naïve sëcret ✓';

describe('the vault', () => {
  it('keeps ciphertext and gives the secret back', async () => {
    const [row] = await platform.asMigration(async (tx) => {
      await tx.query("select vault.create_secret($1, 'key', 'what for')", [secret]);
      return tx.query<Record<string, string>>('select * from vault.decrypted_secrets');
    });
    expect(row).toMatchObject({ name: 'key', description: 'what for', decrypted_secret: secret });
    const sealed = Buffer.from(row?.secret ?? '', 'base64');
    expect(sealed.length).toBe(32 + 32);
    expect(sealed.includes(Buffer.from(secret).subarray(0, 6))).toBe(false);
  });

  it('encrypts the same secret differently each time', async () => {
    const rows = await platform.asMigration(async (tx) => {
      await tx.query('select vault.create_secret($1), vault.create_secret($1)', [secret]);
      return tx.query<{ secret: string }>('select secret from vault.secrets');
    });
    expect(new Set(rows.map((row) => row.secret)).size).toBe(2);
  });

  it('changes a secret and leaves alone what is not given', async () => {
    const rows = await platform.asMigration(async (tx) => {
      await tx.query("select vault.create_secret('old', 'key', 'what for')");
      await tx.query("select vault.update_secret(id, 'new') from vault.secrets");
      await tx.query("select vault.update_secret(id, new_name => 'other') from vault.secrets");
      return tx.query('select name, description, decrypted_secret from vault.decrypted_secrets');
    });
    expect(rows).toEqual([{ name: 'other', description: 'what for', decrypted_secret: 'new' }]);
  });

  it('does not give out a secret whose ciphertext was changed or moved', async () => {
    for (const tampering of [
      "secret = encode(set_byte(decode(secret, 'base64'), 0, get_byte(decode(secret, 'base64'), 0) # 1), 'base64')",
      'id = gen_random_uuid()',
      'nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1)',
    ]) {
      const outcome = platform.asMigration(async (tx) => {
        await tx.query("select vault.create_secret('s')");
        await tx.execute(
          `set local session authorization supabase_admin; update vault.secrets set ${tampering} where true`,
        );
        return tx.query('select decrypted_secret from vault.decrypted_secrets');
      });
      await expect(outcome, tampering).rejects.toMatchObject({ code: 'XX001' });
    }
  });

  it('takes a name once', async () => {
    expect(
      await platform.outcomeOfMigration(
        "select vault.create_secret('a', 'key'); select vault.create_secret('b', 'key')",
      ),
    ).toBe('23505');
  });

  it('lets the migration role delete and not write rows', async () => {
    const create = "select vault.create_secret('a', 'key');";
    expect(
      await platform.outcomeOfMigration(`${create} delete from vault.secrets where true`),
    ).toBe('ok');
    expect(
      await platform.outcomeOfMigration(
        `${create} update vault.secrets set secret = 'x' where true`,
      ),
    ).toBe('42501');
  });

  it('is open to service_role', async () => {
    const [row] = await platform.asClient('service_role', {}, async (tx) => {
      await tx.query("select vault.create_secret('a', 'key')");
      return tx.query('select decrypted_secret from vault.decrypted_secrets');
    });
    expect(row).toEqual({ decrypted_secret: 'a' });
  });

  it.each([
    ['anon', 'select vault.create_secret($$a$$)'],
    ['authenticated', 'select from vault.decrypted_secrets'],
    ['authenticated', 'select from platform_shim.vault_keys'],
    ['service_role', 'select from platform_shim.vault_keys'],
    ['authenticated', "select platform_shim.vault_encrypt(gen_random_uuid(), 'a', '\\x00')"],
  ])('refuses %s to run %s', async (role, sql) => {
    await expect(platform.asClient(role, {}, (tx) => tx.query(sql))).rejects.toMatchObject({
      code: '42501',
    });
  });
});
