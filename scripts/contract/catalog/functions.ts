import type { Queryable } from '../../database/database.ts';
import { parseAnnotations } from '../annotations.ts';
import { sha256 } from '../canonical-json.ts';
import type { ArgumentContract, FunctionContract, ReturnsContract } from '../contract.ts';
import { grantsOf, grantsSql } from './grants.ts';
import { foreignOwner, notOfAnExtension, ownSchemas } from './scope.ts';

interface FunctionRow {
  schema: string;
  name: string;
  kind: 'f' | 'p' | 'a' | 'w';
  types: string[];
  arguments: { name: string | null; type: string; mode: string; default: string | null }[];
  returns_set: boolean;
  returns_type: string;
  returns_composite: boolean;
  language: string;
  volatility: 'i' | 's' | 'v';
  definer: boolean;
  strict: boolean;
  leakproof: boolean;
  parallel: 's' | 'r' | 'u';
  settings: string[];
  foreign_owner: string | null;
  acl: Parameters<typeof grantsOf>[0];
  comment: string | null;
  body: string;
}

const functionsSql = `
  select n.nspname::text as schema, p.proname::text as name, p.prokind::text as kind,
    (select coalesce(jsonb_agg(format_type(type, null) order by place), '[]')
      from unnest(p.proargtypes) with ordinality as argument (type, place)) as types,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', nullif(p.proargnames[place], ''),
        'type', format_type(type, null),
        'mode', coalesce(p.proargmodes[place]::text, 'i'),
        'default', pg_get_function_arg_default(p.oid, place::int)) order by place), '[]')
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as argument (type, place)
    ) as arguments,
    p.proretset as returns_set,
    coalesce(format_type(nullif(p.prorettype, 0), null), 'void') as returns_type,
    coalesce(returned.typtype = 'c', false) as returns_composite,
    l.lanname::text as language, p.provolatile::text as volatility, p.prosecdef as definer,
    p.proisstrict as strict, p.proleakproof as leakproof, p.proparallel::text as parallel,
    to_jsonb(coalesce(p.proconfig, '{}')) as settings,
    ${foreignOwner('p.proowner')} as foreign_owner,
    ${grantsSql(`coalesce(p.proacl, acldefault('f', p.proowner))`)} as acl,
    obj_description(p.oid, 'pg_proc') as comment,
    coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) || coalesce(' ' || p.probin, '') as body
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  join pg_language as l on l.oid = p.prolang
  left join pg_type as returned on returned.oid = p.prorettype
  where n.nspname in ${ownSchemas} and ${notOfAnExtension('pg_proc', 'p.oid')}`;

const kinds = { f: 'function', p: 'procedure', a: 'aggregate', w: 'window' } as const;
const volatilities = { i: 'immutable', s: 'stable', v: 'volatile' } as const;
const parallels = { s: 'safe', r: 'restricted', u: 'unsafe' } as const;
const modes: Record<string, NonNullable<ArgumentContract['mode']>> = {
  o: 'out',
  b: 'inout',
  v: 'variadic',
};

export async function readFunctions(tx: Queryable): Promise<Record<string, FunctionContract>> {
  const rows = await tx.query<FunctionRow>(functionsSql);
  return Object.fromEntries(
    rows.map((row) => [`${row.schema}.${row.name}(${row.types.join(', ')})`, functionOf(row)]),
  );
}

function functionOf(row: FunctionRow): FunctionContract {
  const { errors, idempotent } = parseAnnotations(row.comment);
  return {
    schema: row.schema,
    name: row.name,
    kind: kinds[row.kind],
    arguments: row.arguments
      .filter(({ mode }) => mode !== 't' && mode !== 'o')
      .map(({ name, type, mode, default: value }) => ({
        name,
        type,
        ...(modes[mode] === undefined ? {} : { mode: modes[mode] }),
        ...(value === null ? {} : { default: value }),
      })),
    returns: returnsOf(row),
    language: row.language,
    volatility: volatilities[row.volatility],
    security: row.definer ? 'definer' : 'invoker',
    strict: row.strict,
    leakproof: row.leakproof,
    parallel: parallels[row.parallel],
    settings: Object.fromEntries(
      row.settings.map((setting) => {
        const equals = setting.indexOf('=');
        return [setting.slice(0, equals), setting.slice(equals + 1)];
      }),
    ),
    foreign_owner: row.foreign_owner,
    grants: grantsOf(row.acl),
    comment: row.comment,
    errors,
    idempotent,
    body: sha256(normalisedBody(row.body)),
  };
}

function returnsOf(row: FunctionRow): ReturnsContract {
  const columns = row.arguments
    .filter(({ mode }) => mode === 't' || mode === 'o' || mode === 'b')
    .map(({ name, type }) => ({ name: name ?? '', type }));
  const type = row.returns_type;
  if (type === 'void') return { kind: 'void', type };
  if (type === 'trigger' || type === 'event_trigger') return { kind: 'trigger', type };
  const single = row.returns_composite || columns.length > 0 ? 'row' : 'scalar';
  return {
    kind: row.returns_set ? 'rows' : single,
    type,
    ...(columns.length > 0 ? { columns } : {}),
  };
}

/** A file saved with other line ends, or indented anew at its edges, is the same body. */
function normalisedBody(body: string): string {
  return body
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/**
 * Names of functions written as `begin atomic … end`. PostgreSQL keeps only their parse tree and spells it anew, in
 * words that differ between major versions, so no hash of theirs holds.
 */
export async function readFunctionsWithoutText(tx: Queryable): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(`
    select n.nspname || '.' || p.proname as name
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ${ownSchemas} and p.prosqlbody is not null
      and ${notOfAnExtension('pg_proc', 'p.oid')}
    order by 1`);
  return rows.map(({ name }) => name);
}
