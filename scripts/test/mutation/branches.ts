/** A branch of an `if`: the place of its condition, or null for an `else`. */
export interface Branch {
  readonly condition: { readonly start: number; readonly end: number } | null;
}

type Block = { kind: 'if'; branch: Branch; start: number | undefined } | { kind: 'other' };

/**
 * Walks a masked PL/pgSQL source (see maskSource) and says, for any of its places, in which branch of an `if` it stands:
 * the innermost, or undefined where nothing is asked before.
 */
export function branchesOf(masked: string): (place: number) => Branch | undefined {
  const word = /\b(?:end\s+(?:if|loop|case)|if|elsif|then|else|case|loop|begin|end)\b/gi;
  const found: { place: number; branch: Branch | undefined }[] = [];
  const blocks: Block[] = [];

  for (const match of masked.matchAll(word)) {
    const place = match.index;
    const top = blocks.at(-1);
    switch (match[0].toLowerCase().replace(/\s+/g, ' ')) {
      case 'if':
        blocks.push({ kind: 'if', branch: { condition: null }, start: place + match[0].length });
        break;
      case 'elsif':
        if (top?.kind === 'if') top.start = place + match[0].length;
        break;
      case 'then':
        // The one of a `case … when` is not the one of the `if` around it.
        if (top?.kind === 'if' && top.start !== undefined) {
          top.branch = { condition: { start: top.start, end: place } };
          top.start = undefined;
        }
        break;
      case 'else':
        if (top?.kind === 'if') top.branch = { condition: null };
        break;
      case 'case':
      case 'loop':
      case 'begin':
        blocks.push({ kind: 'other' });
        break;
      default:
        if (blocks.pop() === undefined) throw new Error(`An ${match[0]} too many.`);
    }
    const inner = blocks.findLast((block) => block.kind === 'if');
    found.push({ place, branch: inner?.kind === 'if' ? inner.branch : undefined });
  }
  if (blocks.length > 0) throw new Error('A block is not closed.');
  return (place) => found.findLast((entry) => entry.place <= place)?.branch;
}
