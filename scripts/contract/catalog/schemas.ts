import type { Queryable } from '../../database/database.ts';
import type { CatalogContract, SchemaContract } from '../contract.ts';
import { grantsOf, grantsSql } from './grants.ts';
import { ownSchemas } from './scope.ts';

export async function readSchemas(tx: Queryable): Promise<Record<string, SchemaContract>> {
  const rows = await tx.query<{
    name: string;
    comment: string | null;
    acl: Parameters<typeof grantsOf>[0];
  }>(`
    select n.nspname::text as name,
      -- PostgreSQL itself comments on public.
      case when n.nspname <> 'public' then obj_description(n.oid, 'pg_namespace') end as comment,
      ${grantsSql(`coalesce(n.nspacl, acldefault('n', n.nspowner))`)} as acl
    from pg_namespace as n where n.nspname in ${ownSchemas}`);
  return Object.fromEntries(
    rows.map(({ name, comment, acl }) => [name, { comment, grants: grantsOf(acl) }]),
  );
}

/** An extension in public exposes every function it brings, and those are in nobody's list. */
export async function readExtensions(tx: Queryable): Promise<CatalogContract['extensions']> {
  const rows = await tx.query<{ name: string; schema: string }>(`
    select e.extname::text as name, n.nspname::text as schema
    from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace
    where n.nspname in ${ownSchemas}`);
  return Object.fromEntries(rows.map(({ name, schema }) => [name, { schema }]));
}
