import type { Database } from '../database/database.ts';

/**
 * Tells the database where its Edge Functions are and which secret it shares with them, as an operator does once for a
 * hosted project. Here both may be others at each start.
 */
export async function setFunctionsSecrets(
  database: Database,
  secrets: { guildhall_functions_url: string; guildhall_functions_secret: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    for (const [name, secret] of Object.entries(secrets)) {
      const [known] = await tx.query<{ id: string }>(
        'select id from vault.secrets where name = $1',
        [name],
      );
      await (known === undefined
        ? tx.query('select vault.create_secret($1, $2)', [secret, name])
        : tx.query('select vault.update_secret($1::uuid, $2)', [known.id, secret]));
    }
  });
}
