import { branchesOf } from './branches.ts';
import { gates, validators } from './gates.ts';
import { maskSource } from './masked-source.ts';

/** A function's source with one thing taken out. */
export interface SourceMutant {
  readonly kind: 'gate' | 'refusal' | 'limit';
  /** Unique among the mutants of one function. */
  readonly what: string;
  readonly source: string;
}

/**
 * Every gate call of a function without its question, every refusal whose condition never holds, and every limit that is
 * not charged.
 * @param source as pg_get_functiondef gives it
 * @throws when it calls something named like a gate that gates.ts does not know, or refuses in a way not known here
 */
export function functionMutants(source: string): SourceMutant[] {
  const masked = maskSource(source);
  return numbered([...callMutants(source, masked), ...refusalMutants(source, masked)]);
}

function callMutants(source: string, masked: string): SourceMutant[] {
  const mutants: SourceMutant[] = [];
  for (const call of masked.matchAll(/\bprivate\.((?:require|begin)_[a-z_]+|take_token)\(/g)) {
    const name = call[1] as string;
    // Its own name in its own definition.
    if (/function\s+$/i.test(masked.slice(0, call.index))) continue;
    if (validators.includes(name)) continue;
    const replacement = gates[name];
    if (replacement === undefined) {
      throw new Error(`private.${name} is neither a gate nor a validator: say which in gates.ts.`);
    }
    const open = call.index + call[0].length;
    const close = closingParenthesis(masked, open);
    const args = splitArguments(source, masked, open, close);
    mutants.push({
      kind: name === 'take_token' ? 'limit' : 'gate',
      what: `${name}(${args.join(', ')})`,
      source: source.slice(0, call.index) + replacement(args) + source.slice(close + 1),
    });
  }
  return mutants;
}

const refusal =
  /\b(?:perform\s+private\.fail\(|return\s+(private\.refusal)\(|(raise)\s+exception\b)/gi;

function refusalMutants(source: string, masked: string): SourceMutant[] {
  const known = masked.match(refusal)?.length ?? 0;
  const named = masked.match(/(?<!function )private\.(?:fail|refusal)\(|\braise\s+exception\b/gi);
  if (known !== (named?.length ?? 0)) {
    throw new Error(
      'It refuses otherwise than by `perform private.fail` or `return private.refusal`.',
    );
  }
  if (known === 0) return [];
  const mutants: SourceMutant[] = [];
  const body = masked.indexOf('$function$');
  const branchAt = branchesOf(masked.slice(body));
  const done = new Set<number>();
  for (const match of masked.matchAll(refusal)) {
    const [text, isAnswer, isRaise] = match;
    const end = masked.indexOf(';', match.index);
    const code = isRaise
      ? 'an error'
      : (/^\s*'([a-z_]+)'/.exec(source.slice(match.index + text.length))?.[1] ?? 'an error');
    const condition = branchAt(match.index - body)?.condition ?? undefined;
    if (condition === undefined) {
      mutants.push({
        kind: 'refusal',
        what: `the refusal ${code}`,
        source:
          source.slice(0, match.index) + (isAnswer ? 'return null' : 'null') + source.slice(end),
      });
      continue;
    }
    // Two refusals under one condition go together.
    if (done.has(condition.start)) continue;
    done.add(condition.start);
    const asked = oneLine(source.slice(body + condition.start, body + condition.end));
    mutants.push({
      kind: 'refusal',
      what: `${code} if ${asked}`,
      source: `${source.slice(0, body + condition.start)} false ${source.slice(body + condition.end)}`,
    });
  }
  return mutants;
}

/** The same thing twice in one function: the second says that it is the second. */
function numbered(mutants: readonly SourceMutant[]): SourceMutant[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const count = (seen.get(mutant.what) ?? 0) + 1;
    seen.set(mutant.what, count);
    return count === 1 ? mutant : { ...mutant, what: `${mutant.what} (${count})` };
  });
}

const oneLine = (text: string) =>
  text
    .replace(/--[^\n]*/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The index of the parenthesis that closes the one before `from`. */
function closingParenthesis(masked: string, from: number): number {
  let depth = 1;
  for (let i = from; i < masked.length; i += 1) {
    if (masked[i] === '(' || masked[i] === '[') depth += 1;
    else if (masked[i] === ')' || masked[i] === ']') depth -= 1;
    if (depth === 0) return i;
  }
  throw new Error('A parenthesis is not closed.');
}

function splitArguments(source: string, masked: string, from: number, to: number): string[] {
  const args: string[] = [];
  let start = from;
  for (let i = from; i <= to; i += 1) {
    if (i < to && (masked[i] === '(' || masked[i] === '[')) i = closingParenthesis(masked, i + 1);
    else if (i === to || masked[i] === ',') {
      args.push(oneLine(source.slice(start, i)));
      start = i + 1;
    }
  }
  return args;
}
