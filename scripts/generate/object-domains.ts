import type { Domain } from './domains.ts';
import { Refusal } from './refusal.ts';
import type { SchemaSource } from './schema-sources.ts';

/** Which domain creates a function, a table (or view) or a type: qualified name to domain. */
export interface ObjectDomains {
  functions: Record<string, Domain>;
  tables: Record<string, Domain>;
  types: Record<string, Domain>;
}

const creations: [keyof ObjectDomains, RegExp][] = [
  ['functions', /^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(\w+\.\w+)\s*\(/gim],
  [
    'tables',
    /^\s*create\s+(?:or\s+replace\s+)?(?:unlogged\s+|materialized\s+)?(?:table|view)\s+(?:if\s+not\s+exists\s+)?(\w+\.\w+)/gim,
  ],
  ['types', /^\s*create\s+(?:type|domain)\s+(\w+\.\w+)/gim],
];

/** Reads the domains off the folders: an object belongs to the domain of the file that creates it. */
export function objectDomains(sources: SchemaSource[]): ObjectDomains {
  const found: ObjectDomains = { functions: {}, tables: {}, types: {} };
  for (const source of sources) {
    for (const [kind, pattern] of creations) {
      for (const match of source.text.matchAll(pattern)) {
        const name = (match[1] as string).toLowerCase();
        const other = found[kind][name];
        if (other !== undefined && other !== source.domain) {
          throw new Refusal(`${name} is created in ${other} and again in ./${source.path}.`);
        }
        found[kind][name] = source.domain;
      }
    }
  }
  return found;
}
