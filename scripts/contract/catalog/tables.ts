import type { Queryable } from '../../database/database.ts';
import type { ColumnContract, TableContract } from '../contract.ts';
import { grantsOf, grantsSql } from './grants.ts';
import { foreignOwner, notOfAnExtension, ownSchemas } from './scope.ts';
import { viewDefinition } from './view-definition.ts';

type Acl = Parameters<typeof grantsOf>[0];

interface TableRow {
  name: string;
  kind: string;
  partition: boolean;
  unlogged: boolean;
  row_security: boolean;
  row_security_forced: boolean;
  published: boolean;
  partition_key: string | null;
  options: string[];
  definition: string | null;
  foreign_owner: string | null;
  comment: string | null;
  columns: (Omit<ColumnContract, 'grants' | 'identity'> & { identity: string; acl: Acl })[];
  constraints: Record<string, string>;
  indexes: Record<string, string>;
  acl: Acl;
}

/**
 * Partitions in private come and go with time, and nobody but the owner reaches them; one in public would be a way
 * around its parent's policies, so it is named. Not-null constraints (rows of pg_constraint since 18) stand with the
 * columns.
 */
const tablesSql = `
  select n.nspname || '.' || c.relname as name, c.relkind::text as kind, c.relispartition as partition,
    c.relpersistence = 'u' as unlogged, c.relrowsecurity as row_security,
    c.relforcerowsecurity as row_security_forced,
    exists (select from pg_publication_tables as p where p.pubname = 'supabase_realtime'
      and p.schemaname = n.nspname and p.tablename = c.relname) as published,
    pg_get_partkeydef(c.oid) as partition_key,
    to_jsonb(coalesce(c.reloptions, '{}')) as options,
    case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition,
    ${foreignOwner('c.relowner')} as foreign_owner,
    obj_description(c.oid, 'pg_class') as comment,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'not_null', a.attnotnull,
        'default', pg_get_expr(d.adbin, d.adrelid),
        'identity', a.attidentity,
        'generated', a.attgenerated <> '',
        'collation', (select collname from pg_collation where oid = a.attcollation
          and oid <> (select typcollation from pg_type where oid = a.atttypid)),
        'comment', col_description(c.oid, a.attnum),
        'acl', ${grantsSql('a.attacl')}) order by a.attnum), '[]')
      from pg_attribute as a
      left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)), '{}')
      from pg_constraint as k
      where k.conrelid = c.oid and k.contype in ('c', 'f', 'p', 'u', 'x')) as constraints,
    (select coalesce(jsonb_object_agg(x.relname,
        pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (invalid)' end), '{}')
      from pg_index as i join pg_class as x on x.oid = i.indexrelid
      where i.indrelid = c.oid
        and not exists (select from pg_constraint as k where k.conindid = i.indexrelid
          and k.conrelid = c.oid and k.contype in ('p', 'u', 'x'))) as indexes,
    ${grantsSql(`coalesce(c.relacl, acldefault('r', c.relowner))`)} as acl
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ${ownSchemas} and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not (c.relispartition and n.nspname = 'private')
    and ${notOfAnExtension('pg_class', 'c.oid')}`;

const kinds: Record<string, TableContract['kind']> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};
const identities: Record<string, ColumnContract['identity']> = { a: 'always', d: 'by default' };

export async function readTables(tx: Queryable): Promise<Record<string, TableContract>> {
  const rows = await tx.query<TableRow>(tablesSql);
  return Object.fromEntries(rows.map((row) => [row.name, tableOf(row)]));
}

function tableOf(row: TableRow): TableContract {
  return {
    kind: row.partition ? 'partition' : (kinds[row.kind] as TableContract['kind']),
    persistence: row.unlogged ? 'unlogged' : 'logged',
    row_level_security: rowLevelSecurity(row.row_security, row.row_security_forced),
    published: row.published,
    partition_key: row.partition_key,
    options: [...row.options].sort(),
    definition: row.definition === null ? null : viewDefinition(row.definition),
    foreign_owner: row.foreign_owner,
    comment: row.comment,
    columns: row.columns.map(({ acl, identity, ...column }) => ({
      ...column,
      identity: identities[identity] ?? null,
      grants: grantsOf(acl),
    })),
    constraints: row.constraints,
    indexes: row.indexes,
    grants: grantsOf(row.acl),
  };
}

export function rowLevelSecurity(on: boolean, forced: boolean): 'off' | 'on' | 'forced' {
  if (!on) return 'off';
  return forced ? 'forced' : 'on';
}
