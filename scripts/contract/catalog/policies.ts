import type { Queryable } from '../../database/database.ts';
import type { CatalogContract, PolicyContract } from '../contract.ts';
import { oneLine } from './deparsed.ts';
import { ownSchemas } from './scope.ts';
import { rowLevelSecurity } from './tables.ts';

interface PolicyRow {
  name: string;
  command: string;
  permissive: boolean;
  roles: string[];
  using: string | null;
  check: string | null;
}

/** Policies add up, so on the platform's tables in realtime and storage anybody's policy counts. */
const policiesSql = `
  select p.polname || ' on ' || n.nspname || '.' || c.relname as name,
    p.polcmd::text as command, p.polpermissive as permissive,
    (select jsonb_agg(case when role = 0 then 'public' else pg_get_userbyid(role)::text end)
      from unnest(p.polroles) as role) as roles,
    pg_get_expr(p.polqual, p.polrelid) as using,
    pg_get_expr(p.polwithcheck, p.polrelid) as check
  from pg_policy as p
  join pg_class as c on c.oid = p.polrelid
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ${ownSchemas} or n.nspname in ('realtime', 'storage')`;

const commands: Record<string, PolicyContract['command']> = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
};

export async function readPolicies(tx: Queryable): Promise<Record<string, PolicyContract>> {
  const rows = await tx.query<PolicyRow>(policiesSql);
  return Object.fromEntries(
    rows.map(({ name, command, permissive, roles, using, check }) => [
      name,
      {
        command: commands[command] as PolicyContract['command'],
        permissive,
        roles: [...roles].sort(),
        using: using === null ? null : oneLine(using),
        check: check === null ? null : oneLine(check),
      },
    ]),
  );
}

/** A policy on a table whose row-level security is off decides nothing. */
export async function readPlatformTables(
  tx: Queryable,
): Promise<CatalogContract['platform_tables']> {
  const rows = await tx.query<{ name: string; on: boolean; forced: boolean }>(`
    select n.nspname || '.' || c.relname as name, c.relrowsecurity as on, c.relforcerowsecurity as forced
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'realtime' and c.relname = 'messages'
      or n.nspname = 'storage' and c.relname = 'objects'`);
  return Object.fromEntries(
    rows.map(({ name, on, forced }) => [
      name,
      { row_level_security: rowLevelSecurity(on, forced) },
    ]),
  );
}
