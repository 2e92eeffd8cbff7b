import type { CatalogContract } from '../../contract/contract.ts';
import { Refusal } from '../refusal.ts';
import { rowTypeName } from './names.ts';

/** A SQL type as TypeScript sees its JSON, and the zod schema (of `zod/mini`) that checks it as an argument. */
export interface MappedType {
  type: string;
  schema: string;
}

// zod/mini says no more than "Invalid input", so each schema brings what a caller should read after the field's name.
const string: MappedType = { type: 'string', schema: `z.string('must be a string')` };
const number: MappedType = { type: 'number', schema: `z.number('must be a number')` };
const json: MappedType = { type: 'unknown', schema: `z.json()` };

const scalars: Record<string, MappedType> = {
  uuid: { type: 'string', schema: `z.guid('must be a UUID')` },
  text: string,
  'character varying': string,
  character: string,
  name: string,
  'extensions.citext': string,
  boolean: { type: 'boolean', schema: `z.boolean('must be true or false')` },
  smallint: wholeNumber('-32768', '32767'),
  integer: wholeNumber('-2147483648', '2147483647'),
  // Within 2^53: the design lets no larger number out to clients.
  bigint: { type: 'number', schema: `z.int('must be a whole number')` },
  numeric: number,
  real: number,
  'double precision': number,
  // With an offset, because without one the server would read it in the session's time zone.
  'timestamp with time zone': {
    type: 'string',
    schema: `z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' })`,
  },
  date: { type: 'string', schema: `z.iso.date('must be a date like 2026-01-31')` },
  interval: string,
  inet: string,
  bytea: string,
  tsvector: string,
  'extensions.vector': string,
  json,
  jsonb: json,
};

function wholeNumber(least: string, most: string): MappedType {
  const says = `'must be a whole number from ${least} to ${most}'`;
  return {
    type: 'number',
    schema: `z.int(${says}).check(z.gte(${least}, ${says}), z.lte(${most}, ${says}))`,
  };
}

/**
 * @param sqlType as format_type spells it, with an empty search_path
 * @param place what has this type, for the refusal
 * @throws Refusal when nothing is known of the type
 */
export function mappedType(sqlType: string, catalog: CatalogContract, place: string): MappedType {
  if (sqlType.endsWith('[]')) {
    const element = mappedType(sqlType.slice(0, -2), catalog, place);
    const type = /[ |]/.test(element.type) ? `(${element.type})[]` : `${element.type}[]`;
    return { type, schema: `z.array(${element.schema}, 'must be a list')` };
  }
  const scalar = scalars[sqlType.replace(/\(\d+(?:,\d+)?\)/, '')];
  if (scalar !== undefined) return scalar;
  const named = catalog.types[sqlType];
  if (named?.kind === 'enum') {
    const values = named.values.map((value) => JSON.stringify(value));
    return {
      type: values.join(' | '),
      schema: `z.enum([${values.join(', ')}], ${JSON.stringify(`must be one of ${named.values.join(', ')}`)})`,
    };
  }
  if (named?.kind === 'domain' && named.base !== null) {
    return mappedType(named.base, catalog, place);
  }
  if (named?.kind === 'composite' || catalog.tables[sqlType] !== undefined) {
    return { type: rowTypeName(sqlType), schema: `z.json()` };
  }
  throw new Refusal(
    `${place} is of type ${sqlType}, which the SDK has no type for: add it to scripts/generate/sdk/sql-types.ts.`,
  );
}
