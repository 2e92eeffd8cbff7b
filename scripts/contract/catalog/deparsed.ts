/** SQL that PostgreSQL spelled from a parse tree, or that somebody laid out, in one line; literals stay as they are. */
export function oneLine(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+/g, (part) => (/^\s/.test(part) ? ' ' : part))
    .trim();
}
