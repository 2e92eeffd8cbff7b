/**
 * SQL with the inside of every string and comment blanked, of the same length: what is found in it stands at the same
 * place in the source, and no quoted or commented word is taken for code. Quotes of `skipped` tags, as `$function$`
 * around a body, do not count.
 */
export function maskSource(source: string, skipped = '$function$'): string {
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|(\$[A-Za-z_]*\$)/g;
  let masked = '';
  let from = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [text, tag] = match;
    if (tag === skipped) continue;
    let end = match.index + text.length;
    if (tag !== undefined) {
      const close = source.indexOf(tag, end);
      if (close < 0) throw new Error(`${tag} is not closed.`);
      end = close + tag.length;
    }
    const quotes = text.startsWith("'") || tag !== undefined;
    const inside = source.slice(match.index, end);
    masked += source.slice(from, match.index);
    // The quotes stay: an argument that is a string is an argument.
    masked += quotes ? `'${blank(inside.slice(1, -1))}'` : blank(inside);
    from = end;
    token.lastIndex = end;
  }
  return masked + source.slice(from);
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');
