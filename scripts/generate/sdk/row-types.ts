import { parseAnnotations } from '../../contract/annotations.ts';
import type { Contract } from '../../contract/contract.ts';
import { Refusal } from '../refusal.ts';
import type { ApiFunction } from './api.ts';
import { docComment } from './doc-comment.ts';
import { rowTypeName } from './names.ts';
import { mappedType } from './sql-types.ts';

/** A row type and its declaration. */
export interface RowType {
  name: string;
  source: string;
}

/**
 * The row types of every public table and view, with the columns that a signed-in user reads, and of whatever else a
 * public function returns.
 * @throws Refusal when two of them get one name, or a function hands out columns of a table that are not for reading.
 */
export function rowTypes(contract: Contract, functions: ApiFunction[]): RowType[] {
  const wanted = new Set(Object.keys(contract.tables).filter((name) => name.startsWith('public.')));
  for (const { contract: fn } of functions) {
    refuseHiddenColumns(fn.returns.type, `${fn.schema}.${fn.name}`, contract);
    addReferenced(fn.returns.type, contract, wanted);
  }
  for (const name of [...wanted]) {
    for (const column of columnsOf(name, contract)) addReferenced(column.type, contract, wanted);
  }
  const names = new Map<string, string>();
  return [...wanted].sort().map((table) => {
    const name = rowTypeName(table);
    const other = names.get(name);
    if (other !== undefined) {
      throw new Refusal(`${other} and ${table} both get the row type ${name}: rename one of them.`);
    }
    names.set(name, table);
    return { name, source: rowTypeSource(name, table, contract) };
  });
}

function addReferenced(sqlType: string, contract: Contract, wanted: Set<string>): void {
  const name = sqlType.replace(/(?:\[\])+$/, '');
  if (wanted.has(name)) return;
  if (contract.tables[name] === undefined && contract.types[name]?.kind !== 'composite') return;
  wanted.add(name);
  for (const column of columnsOf(name, contract)) addReferenced(column.type, contract, wanted);
}

interface RowColumn {
  name: string;
  type: string;
  not_null: boolean;
  comment: string | null;
}

/** @throws Refusal when `@not_null` names what is no column. */
function columnsOf(name: string, contract: Contract): RowColumn[] {
  const table = contract.tables[name];
  if (table !== undefined && !table.kind.endsWith('view')) return readableColumns(table);
  const described = table ?? contract.types[name];
  const columns = described?.columns ?? [];
  const { notNull } = parseAnnotations(described?.comment ?? null);
  const unknown = notNull.find((wanted) => !columns.some((column) => column.name === wanted));
  if (unknown !== undefined) {
    throw new Refusal(`The comment of ${name} has @not_null ${unknown}, which is no column of it.`);
  }
  return columns.map((column) => ({ ...column, not_null: notNull.includes(column.name) }));
}

function readableColumns(table: Contract['tables'][string]): RowColumn[] {
  if (table.grants.authenticated?.includes('select')) return table.columns;
  const readable = table.columns.filter(({ grants }) => grants.authenticated?.includes('select'));
  // Nothing of it is for signed-in users: whoever may read it reads it whole.
  return readable.length === 0 ? table.columns : readable;
}

function refuseHiddenColumns(sqlType: string, label: string, contract: Contract): void {
  const table = contract.tables[sqlType];
  if (table === undefined || table.kind.endsWith('view')) return;
  const hidden = table.columns.length - readableColumns(table).length;
  if (hidden > 0) {
    throw new Refusal(
      `${label} returns ${sqlType}, which has ${hidden} columns that are not for reading: return a type of its own.`,
    );
  }
}

function rowTypeSource(name: string, table: string, contract: Contract): string {
  const described = contract.tables[table] ?? contract.types[table];
  const members = columnsOf(table, contract).map((column) => {
    const { description, type: declared } = parseAnnotations(column.comment);
    const type =
      declared ?? mappedType(column.type, contract, `Column ${table}.${column.name}`).type;
    return `${docComment([description], '  ')}  ${column.name}: ${type}${column.not_null ? '' : ' | null'};\n`;
  });
  const { description } = parseAnnotations(described?.comment ?? null);
  return `${docComment([description, `A row of \`${table}\`.`])}export interface ${name} {\n${members.join('')}}\n`;
}
