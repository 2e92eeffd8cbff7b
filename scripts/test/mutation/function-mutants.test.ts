import { expect, test } from 'vitest';
import { functionMutants } from './function-mutants.ts';

const define = (body: string) =>
  `CREATE OR REPLACE FUNCTION private.f(p_id uuid)\nAS $function$\nbegin\n${body}\nend\n$function$`;
const names = (source: string) => functionMutants(source).map(({ what }) => what);

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
  expect(names(source)).toEqual([
    'require_owner(p_id)',
    'require_held(v_held, v_changed)',
    'conflict if p_id is null or p_id = (select auth.uid())',
  ]);
  expect(functionMutants(source)[2]?.source).toContain(
    "if false then\n    -- Why.\n    perform private.fail('conflict'",
  );
});

test('a refusal belongs to the innermost condition around it, however far away that is', () => {
  const source = define(`  if v_outer then
    if v_inner = case when v_a then 1 else 2 end then
      return private.refusal('timed_out', 'No, it''s not; then what.', 403);
    end if;
    v_wait := 1;
    for v_x in select 1 loop
      perform private.fail('rate_limited', 'No.', 429);
    end loop;
  elsif v_other then
    perform private.fail('conflict', 'No.', 409);
  end if;`);
  expect(names(source)).toEqual([
    'timed_out if v_inner = case when v_a then 1 else 2 end',
    'rate_limited if v_outer',
    'conflict if v_other',
  ]);
});

test('a refusal without a condition of its own goes as a whole', () => {
  const source = define(`  if v_known then
    null;
  else
    perform private.fail('not_found', 'No; none.', 404);
  end if;
  raise exception 'Never.';`);
  const mutants = functionMutants(source);
  expect(mutants.map(({ what }) => what)).toEqual([
    'the refusal not_found',
    'the refusal an error',
  ]);
  expect(mutants[0]?.source).toContain('else\n    null;\n  end if;\n  raise');
  expect(mutants[1]?.source).toContain('end if;\n  null;\nend');
});

test('a limit is not charged, and the second of two equal calls says so', () => {
  const call = "  perform private.take_token('x', v_user::text);";
  expect(names(define(`${call}\n${call}`))).toEqual([
    "take_token('x', v_user::text)",
    "take_token('x', v_user::text) (2)",
  ]);
});

test('what is only written in a comment or a string is no call', () => {
  expect(
    names(define("  -- private.require_wings(p_id)\n  x := 'private.require_wings(1)';")),
  ).toEqual([]);
});

test('a gate that nobody has named is no gate that is forgotten', () => {
  expect(() => functionMutants(define('  perform private.require_wings(p_id);'))).toThrow(
    'require_wings is neither a gate nor a validator',
  );
});

test('a refusal of another shape is not passed over', () => {
  expect(() => functionMutants(define("  select private.fail('x', 'No.', 400);"))).toThrow(
    'refuses otherwise',
  );
});
