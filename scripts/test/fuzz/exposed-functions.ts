import { parseAnnotations } from '../../contract/annotations.ts';
import { readContract } from '../../contract/read-contract.ts';

export interface ExposedArgument {
  name: string;
  type: string;
  isRequired: boolean;
  /** What its documentation allows by name; empty where it names nothing. */
  words: string[];
}

/** A function of the API, as the contract says it. */
export interface ExposedFunction {
  name: string;
  arguments: ExposedArgument[];
  returns: { kind: string; type: string };
  isVolatile: boolean;
  /** The codes its documentation names. */
  errors: string[];
  /** The roles that may call it. */
  roles: string[];
}

const quoted = (text: string): string[] =>
  [...text.matchAll(/(['`])([a-z_]+)\1/g)].map(([, , word]) => word as string);

const contract = readContract();

/** Every function that a client can name: one that is added later is in it from its first day. */
export const exposedFunctions: ExposedFunction[] = Object.values(contract.functions)
  .filter(({ schema }) => schema === 'public')
  .map((definition) => {
    const { parameters } = parseAnnotations(definition.comment);
    return {
      name: definition.name,
      arguments: definition.arguments.map(({ name, type, default: standard }) => ({
        name: name ?? '',
        type,
        isRequired: standard === undefined,
        words: quoted(Object.values(parameters[name ?? ''] ?? {}).join(' ')),
      })),
      returns: definition.returns,
      isVolatile: definition.volatility === 'volatile',
      errors: definition.errors,
      roles: Object.keys(definition.grants),
    };
  });

/** What stands in the tables' conditions and in the catalog of permissions: kinds, states, keys. */
export const knownWords: string[] = [
  ...new Set([
    ...Object.keys(contract.permissions),
    ...Object.values(contract.tables).flatMap(({ constraints }) =>
      Object.values(constraints).flatMap(quoted),
    ),
  ]),
];
