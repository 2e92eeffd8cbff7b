import type { Queryable } from '../../database/database.ts';
import type { CatalogRow, JobContract } from '../contract.ts';
import { oneLine } from './deparsed.ts';

/**
 * The rows of one of Guildhall's own catalog tables, by primary key (its values with a space between them).
 * A table that is not there has no rows: that it is absent is said where the tables are compared.
 * Numbers beyond 2^53 come as strings, because JSON would round them.
 */
export async function readRegistry(
  tx: Queryable,
  table: string,
): Promise<Record<string, CatalogRow>> {
  const [found] = await tx.query<{ key: string[] | null }>(
    `select (select jsonb_agg(a.attname order by array_position(i.indkey::int2[], a.attnum))
        from pg_index as i
        join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
        where i.indrelid = c.oid and i.indisprimary) as key
      from pg_class as c where c.oid = to_regclass($1)`,
    [table],
  );
  if (found === undefined) return {};
  const rows = await tx.query<{ row: CatalogRow }>(`
    select (select jsonb_object_agg(key, case
        when jsonb_typeof(value) = 'number' and abs((value #>> '{}')::numeric) > 9007199254740991
          then to_jsonb(value #>> '{}')
        else value end) from jsonb_each(to_jsonb(registry))) as row
    from ${table} as registry`);
  const key = found.key;
  return Object.fromEntries(
    rows.map(({ row }) => [
      key === null ? JSON.stringify(row) : key.map((column) => String(row[column])).join(' '),
      row,
    ]),
  );
}

/** Cron jobs that Guildhall scheduled; others are the operator's. */
export async function readJobs(tx: Queryable): Promise<Record<string, JobContract>> {
  const [cron] = await tx.query<{ exists: boolean }>(
    `select to_regclass('cron.job') is not null as exists`,
  );
  if (!cron?.exists) return {};
  const rows = await tx.query<JobContract & { name: string }>(`
    select jobname::text as name, schedule, command, active
    from cron.job where jobname like 'guildhall:%'`);
  return Object.fromEntries(
    rows.map(({ name, command, ...job }) => [name, { ...job, command: oneLine(command) }]),
  );
}
