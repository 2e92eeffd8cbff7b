import { type Annotations, parseAnnotations } from '../../contract/annotations.ts';
import type { Contract, FunctionContract } from '../../contract/contract.ts';
import { domains } from '../domains.ts';
import { Refusal } from '../refusal.ts';
import { camelCase, methodName, pascalCase, rowTypeName } from './names.ts';
import { type MappedType, mappedType } from './sql-types.ts';

/** One argument of an SDK method. */
export interface ApiArgument extends MappedType {
  name: string;
  sqlName: string;
  optional: boolean;
  /** The default where it is a plain value other than null, as a reader would write it. */
  defaultValue: string | null;
  text: string;
}

/** One public SQL function as the SDK offers it. */
export interface ApiFunction {
  contract: FunctionContract & { returns: { kind: 'row' | 'rows' | 'scalar' | 'void' } };
  annotations: Annotations;
  domain: string;
  method: string;
  /** Name of the descriptor: `sendMessage`. */
  descriptor: string;
  /** Name of the arguments' type; null when there are none. */
  argumentsType: string | null;
  arguments: ApiArgument[];
  /** What the method's promise resolves to. */
  resultType: string;
  /** A type declared for the result, for functions that do not return a table's rows. */
  declaredResult: { name: string; body: string } | null;
}

/**
 * Everything the SDK is generated from, by domain and then in the order of names.
 * @throws Refusal when a comment promises what the function does not have, or two methods get one name.
 */
export function apiFunctions(contract: Contract): ApiFunction[] {
  const functions = Object.values(contract.functions)
    .filter(({ schema, kind }) => schema === 'public' && kind === 'function')
    .filter(isCallable)
    .map((fn) => apiFunction(fn, contract));
  refuseRepeated(functions);
  const place = (fn: ApiFunction) => (domains as readonly string[]).indexOf(fn.domain);
  return functions.sort(
    (a, b) => place(a) - place(b) || (a.contract.name < b.contract.name ? -1 : 1),
  );
}

function isCallable(fn: FunctionContract): fn is ApiFunction['contract'] {
  return fn.returns.kind !== 'trigger';
}

function apiFunction(fn: ApiFunction['contract'], contract: Contract): ApiFunction {
  const label = `public.${fn.name}`;
  const annotations = parseAnnotations(fn.comment);
  refuseWrongComment(fn, annotations, label);
  const domain = contract.domains.functions[label];
  if (domain === undefined) {
    throw new Refusal(`${label} exists, but no file in supabase/schemas creates it.`);
  }
  return {
    contract: fn,
    annotations,
    domain,
    method: annotations.sdk ?? methodName(fn.name, domain),
    descriptor: camelCase(fn.name),
    argumentsType: fn.arguments.length > 0 ? `${pascalCase(fn.name)}Args` : null,
    arguments: fn.arguments.map((argument) => apiArgument(argument, fn, annotations, contract)),
    ...resultOf(fn, annotations, contract, label),
  };
}

function apiArgument(
  argument: FunctionContract['arguments'][number],
  fn: FunctionContract,
  annotations: Annotations,
  contract: Contract,
): ApiArgument {
  const sqlName = argument.name as string;
  const mapped = mappedType(argument.type, contract, `${sqlName} of public.${fn.name}`);
  const described = annotations.parameters[sqlName];
  const optional = argument.default !== undefined;
  const type = described?.type ?? mapped.type;
  // Null may be given where it is the default, or where the comment says so: elsewhere it would replace the default.
  const saysNull = /\|\s*null$/.test(type);
  const nullable = saysNull || (optional && /^null\b/i.test(argument.default ?? ''));
  return {
    name: camelCase(sqlName),
    sqlName,
    optional,
    type: nullable && !saysNull ? `${type} | null` : type,
    schema: nullable ? `z.nullable(${mapped.schema})` : mapped.schema,
    defaultValue: nullable ? null : plainValue(argument.default),
    text: described?.text ?? '',
  };
}

/** `'text'::text` gives `'text'`, `50` stays, an expression gives null. */
function plainValue(sql: string | undefined): string | null {
  return /^(-?\d+(?:\.\d+)?|'[^']*'|true|false)(?:::[\w ."]+)?$/.exec(sql ?? '')?.[1] ?? null;
}

function resultOf(
  fn: ApiFunction['contract'],
  annotations: Annotations,
  contract: Contract,
  label: string,
): Pick<ApiFunction, 'resultType' | 'declaredResult'> {
  const { kind, type, columns } = fn.returns;
  if (kind === 'void') return { resultType: 'void', declaredResult: null };
  const many = (item: string) =>
    kind !== 'rows' ? item : /[ |]/.test(item) ? `(${item})[]` : `${item}[]`;
  const declared = annotations.returns?.type ?? null;
  if (declared !== null) {
    refuseUnknownRowTypes(declared, contract, label);
    const name = `${pascalCase(fn.name)}Result`;
    return { resultType: many(name), declaredResult: { name, body: declared } };
  }
  if (columns !== undefined) {
    const name = `${pascalCase(fn.name)}Row`;
    const members = columns.map((column) => {
      const place = `Column ${column.name} of ${label}`;
      return `  ${column.name}: ${mappedType(column.type, contract, place).type} | null;`;
    });
    return {
      resultType: many(name),
      declaredResult: { name, body: `{\n${members.join('\n')}\n}` },
    };
  }
  return {
    resultType: many(mappedType(type, contract, `The result of ${label}`).type),
    declaredResult: null,
  };
}

/** Names that TypeScript itself knows and a `@returns {…}` may use. */
const globalTypes = new Set(['Record', 'Partial', 'Pick', 'Omit', 'Array', 'Readonly']);

function refuseUnknownRowTypes(declared: string, contract: Contract, label: string): void {
  const known = new Set(
    [...Object.keys(contract.tables), ...Object.keys(contract.types)].map(rowTypeName),
  );
  const names = declared.replace(/'[^']*'|"[^"]*"/g, '').match(/\b[A-Z]\w*/g) ?? [];
  const unknown = names.find((name) => !known.has(name) && !globalTypes.has(name));
  if (unknown !== undefined) {
    throw new Refusal(
      `The comment on ${label} names the type ${unknown} in @returns, and there is no such row type (the table messages has the row type Message).`,
    );
  }
}

function refuseWrongComment(fn: FunctionContract, annotations: Annotations, label: string): void {
  const names = fn.arguments.map(({ name }) => name);
  if (annotations.description === '') {
    throw new Refusal(`${label} has no comment, and the SDK's documentation is made of it.`);
  }
  if (annotations.unknown.length > 0) {
    throw new Refusal(
      `The comment on ${label} has the unknown tag @${annotations.unknown[0]}; there are @errors, @example, @idempotent, @param, @returns and @sdk.`,
    );
  }
  const unnamed = names.findIndex((name) => name === null || !/^p?_[a-z0-9_]+$/.test(name));
  if (unnamed >= 0) {
    throw new Refusal(
      `Argument ${unnamed + 1} of ${label} is not named p_… or _…, and callers give arguments by name.`,
    );
  }
  const stranger = Object.keys(annotations.parameters).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new Refusal(`The comment on ${label} describes ${stranger}, which is no argument of it.`);
  }
  const { idempotent } = annotations;
  if (idempotent !== null && idempotent !== 'always' && !names.includes(idempotent)) {
    throw new Refusal(
      `The comment on ${label} says it is idempotent by ${idempotent}, which is no argument of it.`,
    );
  }
  if (annotations.sdk !== null && !/^[a-z][A-Za-z0-9]*$/.test(annotations.sdk)) {
    throw new Refusal(
      `The comment on ${label} says @sdk ${annotations.sdk}, which is no name of a method.`,
    );
  }
}

function refuseRepeated(functions: ApiFunction[]): void {
  const taken = new Map<string, string>();
  for (const { contract, domain, method } of functions) {
    for (const name of [
      `the method ${domain}.${method}`,
      `the descriptor ${camelCase(contract.name)}`,
    ]) {
      const other = taken.get(name);
      if (other !== undefined) {
        throw new Refusal(
          `public.${other} and public.${contract.name} both become ${name}: give one of them another name with @sdk.`,
        );
      }
      taken.set(name, contract.name);
    }
  }
}
