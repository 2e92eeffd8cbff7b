begin;
select plan(7);

-- The three parts of a refusal, as a program receives them.
create function pg_temp.refusal(p_sql text, out state text, out message text, out detail jsonb)
language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  state := sqlstate;
  message := sqlerrm;
  detail := nullif(v_detail, '')::jsonb;
end
$$;

select is(
  (select state from pg_temp.refusal($$ select private.fail('conflict', 'No.', 409) $$)),
  'PT409', 'the SQLSTATE is PT and the HTTP status'
);
select is(
  (select message from pg_temp.refusal($$ select private.fail('conflict', 'It is taken.', 409) $$)),
  'It is taken.', 'the message is the sentence'
);
select is(
  (select detail from pg_temp.refusal($$ select private.fail('conflict', 'No.', 409) $$)),
  '{"code": "conflict"}', 'DETAIL is JSON with the code alone where there is nothing to add'
);
select is(
  (select detail from pg_temp.refusal(
    $$ select private.fail('rate_limited', 'Wait.', 429, '{"retry_after": 1.5}') $$)),
  '{"code": "rate_limited", "retry_after": 1.5}', 'DETAIL carries what a program needs beside the code'
);
select is(
  (select detail ->> 'field' from pg_temp.refusal(
    $$ select private.fail('invalid_argument', 'No.', 422, jsonb_build_object('field', 'it''s "%s" \')) $$)),
  'it''s "%s" \', 'quotes, percent signs and backslashes in a detail arrive as they are'
);
select is(
  (select message from pg_temp.refusal($$ select private.fail('internal', '100 % sure', 500) $$)),
  '100 % sure', 'a percent sign in the message is no placeholder'
);

select is(
  (select state from pg_temp.refusal($$ set local role authenticated; select private.fail('x', 'x', 200) $$)),
  '42501', 'a client cannot raise errors of its own making'
);

select * from finish();
rollback;
