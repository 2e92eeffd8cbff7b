import { canonicalJson } from './canonical-json.ts';
import type { CatalogContract } from './contract.ts';
import { type Piece, piecesOf } from './pieces.ts';

/**
 * Every difference, one line each, sorted: `absent function public.send_message(uuid, text)`,
 * `extra grant select on table public.reports to anon`, `changed policy …: using was … is …`.
 * @param expected what the contract says
 * @param live what the database has
 */
export function compareContracts(expected: CatalogContract, live: CatalogContract): string[] {
  const before = piecesOf(expected);
  const after = piecesOf(live);
  const lines: string[] = [];
  for (const [label, piece] of before) {
    const same = after.get(label);
    if (same !== undefined) lines.push(...changes(piece, same));
    else if (isTold(piece, before, after)) lines.push(`absent ${label}`);
  }
  for (const [label, piece] of after) {
    if (!before.has(label) && isTold(piece, after, before)) lines.push(`extra ${label}`);
  }
  return lines.sort();
}

/** A piece needs no line of its own when what it belongs to is missing on the other side, too. */
function isTold(piece: Piece, here: Map<string, Piece>, there: Map<string, Piece>): boolean {
  return piece.parent === null || !here.has(piece.parent) || there.has(piece.parent);
}

function changes(expected: Piece, live: Piece): string[] {
  const fields = [...new Set([...Object.keys(expected.fields), ...Object.keys(live.fields)])];
  return fields
    .filter((field) => textOf(expected.fields[field]) !== textOf(live.fields[field]))
    .map((field) => {
      const [was, is] = shortened(textOf(expected.fields[field]), textOf(live.fields[field]));
      return `changed ${expected.label}: ${field} was ${was} is ${is}`;
    });
}

/** A value in one line that tells all values apart. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return `[${value.join(', ')}]`;
  }
  return canonicalJson(value);
}

const longest = 160;
const leadIn = 40;

/** Of two long texts, the stretch from a little before the first difference on. */
function shortened(was: string, is: string): [string, string] {
  let first = 0;
  while (first < was.length && was[first] === is[first]) first++;
  const start = Math.max(was.length, is.length) > longest ? Math.max(0, first - leadIn) : 0;
  const cut = (text: string) => {
    const stretch = text.slice(start, start + longest);
    const end = start + longest < text.length ? '…' : '';
    return `${start > 0 ? '…' : ''}${stretch}${end}`.replace(/\s+/g, ' ');
  };
  return [cut(was), cut(is)];
}
