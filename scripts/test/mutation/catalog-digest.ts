import type { Queryable } from '../../database/database.ts';

/**
 * One number for everything that a mutant may change: policies, row security, function bodies, triggers and rights.
 * Two databases with the same number are the same in all of it.
 */
export async function catalogDigest(database: Queryable): Promise<string> {
  const [row] = await database.query<{ digest: string }>(`
    with ours as (
      select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n where n.nspname in ('public', 'private')
    ), facts (fact) as (
      select format('policy %s', p) from pg_policies p where p.schemaname in ('public', 'private', 'realtime', 'auth')
      union all
      select format('description %s %s', d.objoid::regclass, d.description)
      from pg_description d join pg_policy p on d.classoid = 'pg_policy'::regclass and d.objoid = p.oid
      union all
      select format('row security %s %s %s %s', c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity, c.reloptions)
      from pg_class c join ours n on n.oid = c.relnamespace
      union all
      select format('function %s %s %s', p.oid::regprocedure, p.proowner, pg_get_functiondef(p.oid))
      from pg_proc p join ours n on n.oid = p.pronamespace where p.prokind in ('f', 'p')
      union all
      select format('trigger %s %s %s', t.tgrelid::regclass, t.tgname, t.tgenabled) from pg_trigger t where not t.tgisinternal
      union all
      select format('right %s %s', o.name, e)
      from (
        select n.nspname::text, coalesce(n.nspacl, acldefault('n', n.nspowner)) from ours n
        union all
        select c.oid::regclass::text, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
        from pg_class c join ours n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        union all
        select format('%s.%s', c.oid::regclass, a.attname), a.attacl
        from pg_attribute a join pg_class c on c.oid = a.attrelid join ours n on n.oid = c.relnamespace where a.attacl is not null
        union all
        select p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
        from pg_proc p join ours n on n.oid = p.pronamespace
      ) as o (name, acl), aclexplode(o.acl) as e
    )
    select md5(string_agg(f.fact, e'\\n' order by f.fact collate "C")) as digest from facts f`);
  if (row === undefined) throw new Error('The catalog gives no digest.');
  return row.digest;
}
