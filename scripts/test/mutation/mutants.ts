import type { Queryable } from '../../database/database.ts';
import { functionMutants } from './function-mutants.ts';

/** One thing taken out of the database, and the way back. */
export interface Mutant {
  readonly domain: string;
  readonly kind: 'policy' | 'gate' | 'grant' | 'trigger';
  /** The table or function, by its bare name. */
  readonly object: string;
  readonly what: string;
  readonly apply: string;
  readonly revert: string;
}

type Domains = (name: string) => string;

/** Every mutant there is. @param domainOf the domain of an object, by its schema-qualified name */
export async function findMutants(database: Queryable, domainOf: Domains): Promise<Mutant[]> {
  return [
    ...(await policyMutants(database, domainOf)),
    ...(await gateMutants(database, domainOf)),
    ...(await triggerMutants(database, domainOf)),
    ...(await grantMutants(database, domainOf)),
  ];
}

async function policyMutants(database: Queryable, domainOf: Domains): Promise<Mutant[]> {
  const policies = await database.query<{
    schemaname: string;
    tablename: string;
    policyname: string;
    cmd: string;
    qual: string | null;
    with_check: string | null;
  }>(
    `select schemaname, tablename, policyname, cmd, qual, with_check from pg_policies
     where schemaname = 'public' or policyname like 'guildhall%'`,
  );
  return policies.flatMap((policy) => {
    const table = `${policy.schemaname}.${policy.tablename}`;
    const clause = policy.qual === null ? 'with check' : 'using';
    const create = `create policy ${policy.policyname} on ${table} for ${policy.cmd} to authenticated ${clause}`;
    const common = {
      domain: policy.schemaname === 'public' ? domainOf(table) : 'platform',
      kind: 'policy' as const,
      object: policy.tablename,
    };
    const drop = `drop policy ${policy.policyname} on ${table}`;
    const original = `${create} (${policy.qual ?? policy.with_check})`;
    return [
      {
        ...common,
        what: `policy ${policy.policyname} lets everything through`,
        apply: `${drop}; ${create} (true)`,
        revert: `${drop}; ${original}`,
      },
      {
        ...common,
        what: `policy ${policy.policyname} is not there`,
        apply: drop,
        revert: original,
      },
    ].filter(({ apply }) => !apply.includes(original));
  });
}

async function gateMutants(database: Queryable, domainOf: Domains): Promise<Mutant[]> {
  const functions = await database.query<{ name: string; source: string }>(
    `select p.proname as name, pg_get_functiondef(p.oid) as source
     from pg_proc p where p.pronamespace = 'private'::regnamespace order by p.proname`,
  );
  return functions.flatMap(({ name, source }) =>
    functionMutants(source).map((mutant) => ({
      domain: domainOf(`private.${name}`),
      kind: 'gate' as const,
      object: name,
      what: `${name} without ${mutant.what}`,
      apply: mutant.source,
      revert: source,
    })),
  );
}

async function triggerMutants(database: Queryable, domainOf: Domains): Promise<Mutant[]> {
  const triggers = await database.query<{ name: string; on: string; fn: string }>(
    `select t.tgname as name, t.tgrelid::regclass::text as on, p.proname as fn
     from pg_trigger t join pg_proc p on p.oid = t.tgfoid
     where not t.tgisinternal and p.pronamespace = 'private'::regnamespace`,
  );
  return triggers.map(({ name, on, fn }) => ({
    domain: domainOf(`private.${fn}`),
    kind: 'trigger',
    object: fn,
    what: `trigger ${name} does nothing`,
    apply: `alter table ${on} disable trigger ${name}`,
    revert: `alter table ${on} enable trigger ${name}`,
  }));
}

async function grantMutants(database: Queryable, domainOf: Domains): Promise<Mutant[]> {
  const roles = `unnest(array['anon', 'authenticated', 'service_role']) as r (role)`;
  const onTables = await database.query<{
    name: string;
    role: string;
    privilege: string;
    columns: string[];
  }>(
    `select c.oid::regclass::text as name, r.role, p.privilege, array(
       select a.attname from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and has_column_privilege(r.role, c.oid, a.attnum, 'select')
         and not has_table_privilege(r.role, c.oid, 'select')) as columns
     from pg_class c, ${roles}, unnest(array['select', 'insert', 'update', 'delete']) as p (privilege)
     where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind = 'r'
       and not has_table_privilege(r.role, c.oid, p.privilege)
     order by 1, 2, 3`,
  );
  const onFunctions = await database.query<{ name: string; signature: string; role: string }>(
    `select p.proname as name, p.oid::regprocedure::text as signature, r.role
     from pg_proc p, ${roles}
     where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and not has_function_privilege(r.role, p.oid, 'execute')
     order by 1, 2, 3`,
  );
  const qualified = (name: string) => (name.includes('.') ? name : `public.${name}`);
  return [
    ...onTables.map(({ name, role, privilege, columns }) => ({
      domain: domainOf(qualified(name)),
      kind: 'grant' as const,
      object: name.replace(/^.*\./, ''),
      what: `${role} may ${privilege} on ${name}`,
      apply: `grant ${privilege} on ${name} to ${role}`,
      revert:
        `revoke ${privilege} on ${name} from ${role};` +
        (privilege === 'select' && columns.length > 0
          ? ` grant select (${columns.join(', ')}) on ${name} to ${role}`
          : ''),
    })),
    ...onFunctions.map(({ name, signature, role }) => ({
      domain: domainOf(qualified(signature).replace(/\(.*$/, '')),
      kind: 'grant' as const,
      object: name,
      what: `${role} may execute ${signature}`,
      apply: `grant execute on function ${signature} to ${role}`,
      revert: `revoke execute on function ${signature} from ${role}`,
    })),
  ];
}
