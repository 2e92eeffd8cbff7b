import type { Queryable } from '../../database/database.ts';
import type { DomainOf, Mutant } from './mutants.ts';

/** Whom a right could be given that is not theirs; PUBLIC stands for every role there is. */
const roles = `unnest(array['anon', 'authenticated', 'service_role', 'public']) as r (role)`;
const ours = `('public'::regnamespace, 'private'::regnamespace)`;

/** Every right on a relation, a column, a function or the schema `private` that a client role does not have, given to it. */
export async function grantMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  return [
    ...(await onRelations(database, domainOf)),
    ...(await onHiddenColumns(database, domainOf)),
    ...(await onFunctions(database, domainOf)),
    ...(await onPrivate(database)),
  ];
}

interface Missing {
  domain: string;
  object: string;
  role: string;
  /** What comes between `grant` and `to`. */
  right: string;
  /** Rights that taking this one away again takes along. */
  restore?: string | undefined;
}

const mutant = ({ domain, object, role, right, restore }: Missing): Mutant => ({
  domain,
  kind: 'grant',
  object,
  what: `${role} may ${right}`,
  apply: `grant ${right} to ${role}`,
  revert: `revoke ${right} from ${role}${restore === undefined ? '' : `; ${restore}`}`,
});

async function onRelations(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const rows = await database.query<{
    name: string;
    object: string;
    owner: string;
    is_sequence: boolean;
    role: string;
    privilege: string;
    columns: string | null;
  }>(
    // A sequence belongs where its table belongs.
    `select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name, c.relname as object,
       format('%s.%s', t.relnamespace::regnamespace, t.relname) as owner, c.relkind = 'S' as is_sequence,
       r.role, p.privilege,
       (
         select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           and c.relkind <> 'S' and p.privilege = 'select' and has_column_privilege(r.role, c.oid, a.attnum, 'select')
       ) as columns
     from pg_class c
     left join pg_depend d on c.relkind = 'S' and d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
     join pg_class t on t.oid = coalesce(d.refobjid, c.oid),
     ${roles},
     unnest(
       case when c.relkind = 'S' then array['usage', 'select', 'update']
       else array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'] end
     ) as p (privilege)
     where c.relnamespace in ${ours} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       and not case when c.relkind = 'S' then has_sequence_privilege(r.role, c.oid, p.privilege)
         else has_table_privilege(r.role, c.oid, p.privilege) end
     order by 1, r.role, p.privilege`,
  );
  return rows.map(({ name, object, owner, is_sequence, role, privilege, columns }) =>
    mutant({
      domain: domainOf(owner),
      object,
      role,
      right: `${privilege} on ${is_sequence ? 'sequence ' : ''}${name}`,
      // Taking a right on the table takes it on its columns, too.
      restore:
        columns === null ? undefined : `grant ${privilege} (${columns}) on ${name} to ${role}`,
    }),
  );
}

async function onHiddenColumns(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const rows = await database.query<{
    name: string;
    object: string;
    qualified: string;
    role: string;
    column: string;
  }>(
    `select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name, c.relname as object,
       format('%s.%s', c.relnamespace::regnamespace, c.relname) as qualified, r.role, quote_ident(a.attname) as column
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped, ${roles}
     where c.relnamespace in ${ours} and c.relkind in ('r', 'p', 'v', 'm', 'f')
       and has_any_column_privilege(r.role, c.oid, 'select')
       and not has_column_privilege(r.role, c.oid, a.attnum, 'select')
     order by 1, 4, a.attnum`,
  );
  return rows.map(({ name, object, qualified, role, column }) =>
    mutant({ domain: domainOf(qualified), object, role, right: `select (${column}) on ${name}` }),
  );
}

async function onFunctions(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const rows = await database.query<{
    object: string;
    qualified: string;
    signature: string;
    role: string;
  }>(
    `select p.proname as object, format('%s.%s', p.pronamespace::regnamespace, p.proname) as qualified,
       format('%I.%I(%s)', p.pronamespace::regnamespace, p.proname, pg_get_function_identity_arguments(p.oid)) as signature, r.role
     from pg_proc p, ${roles}
     where p.pronamespace in ${ours} and not has_function_privilege(r.role, p.oid, 'execute')
     order by 2, 3, 4`,
  );
  return rows.map(({ object, qualified, signature, role }) =>
    mutant({
      domain: domainOf(qualified),
      object,
      role,
      right: `execute on function ${signature}`,
    }),
  );
}

async function onPrivate(database: Queryable): Promise<Mutant[]> {
  const rows = await database.query<{ role: string; privilege: string }>(
    `select r.role, p.privilege from ${roles}, unnest(array['usage', 'create']) as p (privilege)
     where not has_schema_privilege(r.role, 'private', p.privilege)
     order by 1, 2`,
  );
  return rows.map(({ role, privilege }) =>
    mutant({
      domain: 'platform',
      object: 'private',
      role,
      right: `${privilege} on schema private`,
    }),
  );
}
