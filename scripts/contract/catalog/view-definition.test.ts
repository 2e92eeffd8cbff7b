import { expect, it } from 'vitest';
import { viewDefinition } from './view-definition.ts';

// What pg_get_viewdef says of the same view: PostgreSQL 15, then PostgreSQL 16 to 18.
it.each([
  [
    'a single table',
    ` SELECT parents.id,
    parents.name AS n
   FROM public.parents
  WHERE ((parents.name)::text <> 'parents.x'::text);`,
    ` SELECT id,
    name AS n
   FROM public.parents
  WHERE ((name)::text <> 'parents.x'::text);`,
  ],
  [
    'an alias, a window and a subquery that looks out',
    ` SELECT x.id,
    row_number() OVER (PARTITION BY x.parent ORDER BY x.id) AS r,
    ( SELECT max(z.id) AS max FROM public.kids z WHERE (z.parent = x.parent)) AS m
   FROM public.kids x;`,
    ` SELECT id,
    row_number() OVER (PARTITION BY parent ORDER BY id) AS r,
    ( SELECT max(z.id) AS max FROM public.kids z WHERE (z.parent = x.parent)) AS m
   FROM public.kids x;`,
  ],
])('spells a view over %s as every version does', (_, fifteen, later) => {
  expect(viewDefinition(fifteen)).toBe(viewDefinition(later));
});

it.each([
  'SELECT p.id, k.id FROM public.parents p, public.kids k;',
  'SELECT p.id, k.id FROM (public.parents p JOIN public.kids k ON ((k.parent = p.id)));',
  'SELECT p.name FROM public.parents p UNION ALL SELECT k.name FROM public.kids k;',
  'SELECT row_to_json(p.*) AS row_to_json FROM public.parents p;',
])('keeps the qualifiers of %s', (definition) => {
  expect(viewDefinition(definition)).toBe(definition);
});
