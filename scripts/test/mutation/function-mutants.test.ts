import { expect, test } from 'vitest';
import { functionMutants } from './function-mutants.ts';

const define = (body: string) =>
  `CREATE OR REPLACE FUNCTION private.f(p_id uuid)\nAS $function$\nbegin\n${body}\nend\n$function$`;

test('a gate whose answer is needed is replaced by the answer without the question', () => {
  const [mutant] = functionMutants(
    define("  v_held := private.begin_change((select g.id from x g), 'manage, all');"),
  );
  expect(mutant?.what).toBe("begin_change((select g.id from x g), 'manage, all')");
  expect(mutant?.source).toContain(
    'v_held := private.community_permissions((select g.id from x g));',
  );
});

test('each call and each refusal is a mutant of its own', () => {
  const source = define(`  perform private.require_owner(p_id);
  if p_id is null
    or p_id = (select auth.uid())
  then
    -- Why.
    perform private.fail('conflict', 'No.', 409);
  end if;
  perform private.require_held(v_held, v_changed) from x;`);
  expect(functionMutants(source).map(({ what }) => what)).toEqual([
    'require_owner(p_id)',
    'require_held(v_held, v_changed)',
    'conflict unless p_id is null or p_id = (select auth.uid())',
  ]);
  expect(functionMutants(source)[2]?.source).toContain(
    "if false then\n    -- Why.\n    perform private.fail('conflict'",
  );
});

test('a gate that nobody has named is no gate that is forgotten', () => {
  expect(() => functionMutants(define('  perform private.require_wings(p_id);'))).toThrow(
    'require_wings is neither a gate nor a validator',
  );
});
