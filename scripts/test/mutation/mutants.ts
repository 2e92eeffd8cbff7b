import type { Queryable } from '../../database/database.ts';
import { functionMutants } from './function-mutants.ts';
import { grantMutants } from './grant-mutants.ts';

/** One thing taken out of the database, and the way back. */
export interface Mutant {
  readonly domain: string;
  readonly kind: 'policy' | 'gate' | 'refusal' | 'limit' | 'grant' | 'trigger';
  /** The table or function, by its bare name. */
  readonly object: string;
  /** Unique among all mutants. */
  readonly what: string;
  readonly apply: string;
  readonly revert: string;
}

/** The domain of an object of ours, by its schema-qualified name. */
export type DomainOf = (name: string) => string;

/** Every mutant there is. */
export async function findMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const mutants = [
    ...(await policyMutants(database, domainOf)),
    ...(await rowSecurityMutants(database, domainOf)),
    ...(await viewMutants(database, domainOf)),
    ...(await bodyMutants(database, domainOf)),
    ...(await triggerMutants(database, domainOf)),
    ...(await grantMutants(database, domainOf)),
  ];
  const names = mutants.map(({ what }) => what);
  const twice = names.filter((name, i) => names.indexOf(name) < i);
  if (twice.length > 0) throw new Error(`Two mutants have one name: ${twice.join(', ')}.`);
  return mutants;
}

/** Whose policies stand on the platform's tables. */
const foreignDomains: Record<string, string> = { realtime: 'platform', storage: 'messages' };

async function policyMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const policies = await database.query<{
    schema: string;
    object: string;
    name: string;
    head: string;
    using: string | null;
    check: string | null;
  }>(
    `select schemaname as schema, tablename as object, policyname as name, qual as using, with_check as check,
       format('policy %I on %I.%I as %s for %s to %s', policyname, schemaname, tablename, permissive, cmd,
         array_to_string(roles, ', ')) as head
     from pg_policies
     where schemaname in ('public', 'private') or schemaname in ('realtime', 'storage') and policyname like 'guildhall%'
     order by 1, 2, 3`,
  );
  return policies.flatMap(({ schema, object, name, head, using, check }) => {
    const common = {
      domain: foreignDomains[schema] ?? domainOf(`${schema}.${object}`),
      kind: 'policy' as const,
      object,
    };
    const drop = `drop policy ${name} on ${schema}.${object}`;
    const create = (usingClause: string | null, checkClause: string | null) =>
      `create ${head}${usingClause === null ? '' : ` using (${usingClause})`}${checkClause === null ? '' : ` with check (${checkClause})`}`;
    const revert = `${drop}; ${create(using, check)}`;
    return [
      {
        ...common,
        what: `policy ${name} is not there`,
        apply: drop,
        revert: create(using, check),
      },
      ...(using === null || using === 'true'
        ? []
        : [
            {
              ...common,
              what: `policy ${name} shows every row`,
              apply: `${drop}; ${create('true', check)}`,
              revert,
            },
          ]),
      ...(check === null || check === 'true'
        ? []
        : [
            {
              ...common,
              what: `policy ${name} takes every row`,
              apply: `${drop}; ${create(using, 'true')}`,
              revert,
            },
          ]),
    ];
  });
}

async function rowSecurityMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const tables = await database.query<{ schema: string; object: string }>(
    `select relnamespace::regnamespace::text as schema, relname as object from pg_class
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relrowsecurity
     order by 1, 2`,
  );
  return tables.map(({ schema, object }) => ({
    domain: domainOf(`${schema}.${object}`),
    kind: 'policy',
    object,
    what: `${schema}.${object} has no row security`,
    apply: `alter table ${schema}.${object} disable row level security`,
    revert: `alter table ${schema}.${object} enable row level security`,
  }));
}

/** A view that asks as its owner, whom no policy holds. */
async function viewMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const views = await database.query<{ schema: string; object: string }>(
    `select relnamespace::regnamespace::text as schema, relname as object from pg_class
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind = 'v'
       and 'security_invoker=true' = any (reloptions)
     order by 1, 2`,
  );
  return views.map(({ schema, object }) => ({
    domain: domainOf(`${schema}.${object}`),
    kind: 'policy',
    object,
    what: `view ${object} asks as its owner`,
    apply: `alter view ${schema}.${object} set (security_invoker = false)`,
    revert: `alter view ${schema}.${object} set (security_invoker = true)`,
  }));
}

async function bodyMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const functions = await database.query<{ name: string; signature: string; source: string }>(
    `select p.proname as name, p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as source
     from pg_proc p
     where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prokind in ('f', 'p')
     order by 1, 2`,
  );
  return functions.flatMap(({ name, signature, source }) => {
    const qualified = signature.replace(/\(.*$/, '');
    try {
      return functionMutants(source).map(({ kind, what, source: mutated }) => ({
        domain: domainOf(qualified.includes('.') ? qualified : `public.${qualified}`),
        kind,
        object: name,
        what: `${name} without ${what}`,
        apply: mutated,
        revert: source,
      }));
    } catch (error) {
      throw new Error(`${signature}: ${(error as Error).message}`, { cause: error });
    }
  });
}

async function triggerMutants(database: Queryable, domainOf: DomainOf): Promise<Mutant[]> {
  const triggers = await database.query<{ name: string; on: string; fn: string }>(
    `select t.tgname as name, t.tgrelid::regclass::text as on, p.proname as fn
     from pg_trigger t join pg_proc p on p.oid = t.tgfoid
     where not t.tgisinternal and p.pronamespace = 'private'::regnamespace
     order by 1, 2`,
  );
  return triggers.map(({ name, on, fn }) => ({
    domain: domainOf(`private.${fn}`),
    kind: 'trigger',
    object: fn,
    what: `trigger ${name} on ${on} does nothing`,
    apply: `alter table ${on} disable trigger ${name}`,
    revert: `alter table ${on} enable trigger ${name}`,
  }));
}
