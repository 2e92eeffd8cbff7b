import type { Queryable } from '../../database/database.ts';
import type { SequenceContract, TypeContract } from '../contract.ts';
import { grantsOf, grantsSql } from './grants.ts';
import { notOfAnExtension, ownSchemas } from './scope.ts';

type Acl = Parameters<typeof grantsOf>[0];

/** Row types of tables, arrays and multiranges follow from something else and are left out. */
const typesSql = `
  select n.nspname || '.' || t.typname as name, t.typtype::text as kind,
    (select coalesce(jsonb_agg(e.enumlabel order by e.enumsortorder), '[]')
      from pg_enum as e where e.enumtypid = t.oid) as values,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'comment', col_description(a.attrelid, a.attnum)) order by a.attnum), '[]')
      from pg_attribute as a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as columns,
    case t.typtype
      when 'd' then format_type(t.typbasetype, t.typtypmod)
      when 'r' then (select format_type(rngsubtype, null) from pg_range where rngtypid = t.oid)
    end as base,
    t.typnotnull as not_null, t.typdefault as default,
    (select coalesce(jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)), '{}')
      from pg_constraint as k where k.contypid = t.oid and k.contype = 'c') as constraints,
    obj_description(t.oid, 'pg_type') as comment,
    ${grantsSql(`coalesce(t.typacl, acldefault('T', t.typowner))`)} as acl
  from pg_type as t
  join pg_namespace as n on n.oid = t.typnamespace
  where n.nspname in ${ownSchemas}
    and (t.typtype in ('e', 'd', 'r')
      or t.typtype = 'c' and (select relkind from pg_class where oid = t.typrelid) = 'c')
    and ${notOfAnExtension('pg_type', 't.oid')}`;

const kinds: Record<string, TypeContract['kind']> = {
  e: 'enum',
  c: 'composite',
  d: 'domain',
  r: 'range',
};

export async function readTypes(tx: Queryable): Promise<Record<string, TypeContract>> {
  const rows = await tx.query<
    Omit<TypeContract, 'kind' | 'grants'> & { name: string; kind: string; acl: Acl }
  >(typesSql);
  return Object.fromEntries(
    rows.map(({ name, kind, acl, ...type }) => [
      name,
      { ...type, kind: kinds[kind] as TypeContract['kind'], grants: grantsOf(acl) },
    ]),
  );
}

export async function readSequences(tx: Queryable): Promise<Record<string, SequenceContract>> {
  const rows = await tx.query<Omit<SequenceContract, 'grants'> & { name: string; acl: Acl }>(`
    select n.nspname || '.' || c.relname as name, format_type(s.seqtypid, null) as type,
      s.seqincrement::text as increment,
      (select d.refobjid::regclass::text || '.' || a.attname
        from pg_depend as d
        join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
          and d.refclassid = 'pg_class'::regclass) as owned_by,
      ${grantsSql(`coalesce(c.relacl, acldefault('s', c.relowner))`)} as acl
    from pg_sequence as s
    join pg_class as c on c.oid = s.seqrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ${ownSchemas} and ${notOfAnExtension('pg_class', 'c.oid')}`);
  return Object.fromEntries(
    rows.map(({ name, acl, ...sequence }) => [name, { ...sequence, grants: grantsOf(acl) }]),
  );
}
