import { describe, expect, it } from 'vitest';
import { grantsOf } from './grants.ts';

const all = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'];
const entries = (privileges: string[]) =>
  privileges.map((privilege) => ({ role: 'anon', privilege, grantable: false }));

describe('grantsOf', () => {
  it('gives the same for `grant all` before and since MAINTAIN', () => {
    expect(grantsOf(entries([...all, 'maintain']))).toEqual(grantsOf(entries(all)));
  });

  it('names MAINTAIN where it was granted on its own', () => {
    expect(grantsOf(entries(['select', 'maintain']))).toEqual({ anon: ['maintain', 'select'] });
  });

  it('says when a role may pass a privilege on, and names it once for two grantors', () => {
    expect(
      grantsOf([
        { role: 'anon', privilege: 'select', grantable: false },
        { role: 'anon', privilege: 'select', grantable: true },
      ]),
    ).toEqual({ anon: ['select with grant option'] });
  });
});
