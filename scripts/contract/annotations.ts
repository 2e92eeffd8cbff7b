/** What a comment in the database says beside its description. */
export interface Annotations {
  description: string;
  /** Codes of `@errors a, b`, sorted. */
  errors: string[];
  /** `@idempotent by p_x` gives `p_x`, `@idempotent` alone gives `always`. */
  idempotent: string | null;
  /** `@param p_x text`, or `@param p_x {json type} text`. */
  parameters: Record<string, { type: string | null; text: string }>;
  /** `@returns text`, or `@returns {json type} text`. */
  returns: { type: string | null; text: string } | null;
  /** `@type {json type}` of a json column. */
  type: string | null;
  /** Columns of `@not_null a, b`: of a view or a composite type, where the database cannot say so. */
  notNull: string[];
  /** `@sdk name`: the name in the SDK instead of the derived one. */
  sdk: string | null;
  example: string | null;
  /** Tags that mean nothing here, without the @. */
  unknown: string[];
}

/**
 * Parses a comment: text up to the first line that starts with `@`, then one tag after the other; a line without `@`
 * goes on with the tag above it.
 */
export function parseAnnotations(comment: string | null): Annotations {
  const [description = '', ...tags] = (comment ?? '').split(/^[ \t]*@(?=[a-z])/m);
  const result: Annotations = {
    description: description.trim(),
    errors: [],
    idempotent: null,
    parameters: {},
    returns: null,
    type: null,
    notNull: [],
    sdk: null,
    example: null,
    unknown: [],
  };
  for (const tag of tags) {
    const name = /^[a-z_]+/.exec(tag)?.[0] ?? '';
    const text = tag.slice(name.length).trim();
    switch (name) {
      case 'errors':
        result.errors.push(...names(text));
        break;
      case 'idempotent':
        result.idempotent = text === '' ? 'always' : text.replace(/^by\s+/, '');
        break;
      case 'param': {
        const parameter = /^\w+/.exec(text)?.[0] ?? '';
        result.parameters[parameter] = typed(text.slice(parameter.length).trim());
        break;
      }
      case 'returns':
        result.returns = typed(text);
        break;
      case 'type':
        result.type = typed(text).type;
        break;
      case 'not_null':
        result.notNull.push(...names(text));
        break;
      case 'sdk':
        result.sdk = text;
        break;
      case 'example':
        result.example = text;
        break;
      default:
        result.unknown.push(name);
    }
  }
  result.errors = [...new Set(result.errors)].sort();
  return result;
}

const names = (text: string) => text.split(/[\s,]+/).filter((name) => name !== '');

/**
 * Splits `{type} text`; the type may hold braces of its own. An object type needs only one pair:
 * `{topic: string}` means the same as `{{topic: string}}`.
 */
function typed(text: string): { type: string | null; text: string } {
  if (!text.startsWith('{')) return { type: null, text };
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '{') depth++;
    if (text[index] === '}' && --depth === 0) {
      const inner = text.slice(1, index).trim();
      const isObject = /^(?:\w+|"[^"]*")\??\s*:/.test(inner);
      return { type: isObject ? `{ ${inner} }` : inner, text: text.slice(index + 1).trim() };
    }
  }
  return { type: null, text };
}
