/**
 * A JSDoc block, without one when there is nothing to say.
 * @param paragraphs joined by empty lines; empty ones are dropped
 */
export function docComment(paragraphs: (string | null)[], indent = ''): string {
  const text = paragraphs
    .filter((paragraph) => paragraph !== null && paragraph !== '')
    .join('\n\n');
  if (text === '') return '';
  const lines = text.replaceAll('*/', '*\\/').split('\n');
  if (lines.length === 1 && !text.startsWith('@')) return `${indent}/** ${text} */\n`;
  const body = lines.map((line) => `${indent} *${line === '' ? '' : ` ${line.trimEnd()}`}\n`);
  return `${indent}/**\n${body.join('')}${indent} */\n`;
}
