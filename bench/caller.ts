import type { Session } from './bench-database.ts';

/**
 * Runs one statement as the Data API does: a transaction, the role and the claims for its length, the statement,
 * the commit; a roundtrip each. A statement that fails is rolled back and its error is thrown.
 *
 * @returns the milliseconds of the whole transaction and of the statement alone, and its rows
 */
export async function callAs(
  session: Session,
  { role, userId }: { role: string; userId: string },
  statement: string,
  parameters: readonly (string | number | null)[],
): Promise<{ wholeMs: number; statementMs: number; rows: Record<string, unknown>[] }> {
  const claims = JSON.stringify({ sub: userId, role: 'authenticated', aud: 'authenticated' });
  const startedAt = performance.now();
  await session.unsafe('begin', [], { prepare: true });
  try {
    await session.unsafe(
      "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)",
      [role, claims],
      { prepare: true },
    );
    const statementAt = performance.now();
    const rows = await session.unsafe(statement, [...parameters], { prepare: true });
    const statementMs = performance.now() - statementAt;
    await session.unsafe('commit', [], { prepare: true });
    return { wholeMs: performance.now() - startedAt, statementMs, rows: [...rows] };
  } catch (error) {
    await session.unsafe('rollback', [], { prepare: true });
    throw error;
  }
}
