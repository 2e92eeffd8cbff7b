import { oneLine } from './deparsed.ts';

const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][\w$]*|\s+|./gs;
const afterFrom = /^(?:WHERE|GROUP|HAVING|WINDOW|ORDER|LIMIT|OFFSET|FETCH|FOR)$/;
const setOperation = /^(?:UNION|INTERSECT|EXCEPT)$/;
const subquery = /^(?:SELECT|WITH|VALUES)$/;

/**
 * A view's query in one line and spelled as PostgreSQL 16 and later do. Version 15 writes a view's columns with their
 * table's name even when the query reads from one table only; `SELECT messages.seq FROM messages` becomes
 * `SELECT seq FROM messages`. What stands in a subquery keeps its qualifiers, because every version writes them there.
 */
export function viewDefinition(definition: string): string {
  const tokens = oneLine(definition).match(token) ?? [];
  const alias = loneAlias(tokens);
  return alias === null ? tokens.join('') : withoutQualifier(tokens, alias).join('');
}

/** The name by which the outermost query knows the only thing it reads from; null when there are several or none. */
function loneAlias(tokens: string[]): string | null {
  let depth = 0;
  let inFrom = false;
  let alias: string | null = null;
  for (const part of tokens) {
    if (part === ')') depth--;
    if (depth === 0) {
      if (setOperation.test(part)) return null;
      if (inFrom && (part === ',' || part === 'JOIN')) return null;
      if (afterFrom.test(part)) inFrom = false;
      if (inFrom && /^["A-Za-z_]/.test(part)) alias = part;
      if (part === 'FROM') inFrom = true;
    }
    if (part === '(') depth++;
  }
  return alias;
}

function withoutQualifier(tokens: string[], alias: string): string[] {
  const kept: string[] = [];
  // For each open parenthesis: does it hold a subquery?
  const open: boolean[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const part = tokens[index] as string;
    if (part === '(') {
      const first = tokens.slice(index + 1, index + 3).find((next) => next !== ' ');
      open.push(first !== undefined && subquery.test(first));
    }
    if (part === ')') open.pop();
    const isQualifier =
      part === alias &&
      tokens[index + 1] === '.' &&
      tokens[index + 2] !== '*' &&
      kept.at(-1) !== '.';
    if (isQualifier && !open.includes(true)) index++;
    else kept.push(part);
  }
  return kept;
}
