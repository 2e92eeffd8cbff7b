import { expect, it } from 'vitest';
import { objectDomains } from './object-domains.ts';

it('finds the domain of every function, table, view and type by its file', () => {
  expect(
    objectDomains([
      {
        domain: 'platform',
        path: 'schemas/platform/a.sql',
        text: `-- create function private.not_this()
create or replace function private.fail(p_code text)
create unlogged table private.rate_limits (`,
      },
      {
        domain: 'access',
        path: 'schemas/access/b.sql',
        text: `CREATE FUNCTION public.explain_permission (
create view public.role_permissions
create type public.tier as enum ('owner');`,
      },
    ]),
  ).toEqual({
    functions: { 'private.fail': 'platform', 'public.explain_permission': 'access' },
    tables: { 'private.rate_limits': 'platform', 'public.role_permissions': 'access' },
    types: { 'public.tier': 'access' },
  });
});

it('refuses what two domains create', () => {
  const text = 'create function public.twice() returns void';
  expect(() =>
    objectDomains([
      { domain: 'access', path: 'schemas/access/a.sql', text },
      { domain: 'messages', path: 'schemas/messages/b.sql', text },
    ]),
  ).toThrow('public.twice is created in access and again in ./schemas/messages/b.sql.');
});
