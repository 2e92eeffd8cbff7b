import { gates, validators } from './gates.ts';

/** A function's source with one thing taken out. */
export interface SourceMutant {
  readonly what: string;
  readonly source: string;
}

/**
 * Every gate call of a function without its question, and every refusal of it whose condition never holds.
 * @throws when it calls something named like a gate that gates.ts does not know
 */
export function functionMutants(source: string): SourceMutant[] {
  return [...gateMutants(source), ...guardMutants(source)];
}

function gateMutants(source: string): SourceMutant[] {
  const mutants: SourceMutant[] = [];
  for (const call of source.matchAll(/private\.((?:require|begin)_[a-z_]+)\(/g)) {
    const name = call[1] as string;
    // Its own name in its own definition.
    if (/function\s+$/i.test(source.slice(0, call.index))) continue;
    if (validators.includes(name)) continue;
    const replacement = gates[name];
    if (replacement === undefined) {
      throw new Error(`private.${name} is neither a gate nor a validator: say which in gates.ts.`);
    }
    const open = call.index + call[0].length;
    const close = closingParenthesis(source, open);
    const args = splitArguments(source.slice(open, close));
    mutants.push({
      what: `${name}(${args.join(', ')})`,
      source: source.slice(0, call.index) + replacement(args) + source.slice(close + 1),
    });
  }
  return mutants;
}

function guardMutants(source: string): SourceMutant[] {
  const mutants: SourceMutant[] = [];
  // A comment or the question whether anybody is signed in may stand between the condition and the refusal.
  const refusal =
    /\bthen\s+(?:--[^\n]*\s+)*(?:perform private\.require_user\(\);\s+)?(?:perform private\.fail|return private\.refusal)\(\s*'([a-z_]+)'/g;
  for (const match of source.matchAll(refusal)) {
    const before = source.slice(0, match.index);
    const start = Math.max(
      ...['\n  if ', '\n    if ', '\n  elsif ', '\n      if '].map((text) =>
        before.lastIndexOf(text),
      ),
    );
    if (start < 0) throw new Error(`No condition before the refusal ${match[1]}.`);
    const condition =
      start + (before.slice(start).match(/^\s*(?:els)?if /) as RegExpMatchArray)[0].length;
    mutants.push({
      what: `${match[1]} unless ${source.slice(condition, match.index).replace(/\s+/g, ' ').trim()}`,
      source: `${source.slice(0, condition)}false ${source.slice(match.index)}`,
    });
  }
  return mutants;
}

/** The index of the parenthesis that closes the one before `from`; strings are passed over. */
function closingParenthesis(source: string, from: number): number {
  let depth = 1;
  for (let i = from; i < source.length; i += 1) {
    const character = source[i];
    if (character === "'") i = source.indexOf("'", i + 1);
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    if (depth === 0) return i;
  }
  throw new Error('A parenthesis is not closed.');
}

function splitArguments(source: string): string[] {
  const args: string[] = [];
  let start = 0;
  for (let i = 0; i <= source.length; i += 1) {
    const character = source[i];
    if (character === "'") i = source.indexOf("'", i + 1);
    else if (character === '(' || character === '[') i = closingParenthesis(source, i + 1);
    else if (character === ',' || character === undefined) {
      args.push(source.slice(start, i).replace(/\s+/g, ' ').trim());
      start = i + 1;
    }
  }
  return args;
}
