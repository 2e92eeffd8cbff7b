begin;
select plan(2);

insert into auth.users (id, email) values (md5('ann')::uuid, 'ann@example.com');

create function pg_temp.refusal(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  return 'none';
exception when sqlstate 'PT401' or sqlstate 'PT422' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return concat_ws(' ', sqlstate, v_detail::jsonb ->> 'code', v_detail::jsonb ->> 'field');
when others then
  return concat_ws(' ', sqlstate, sqlerrm);
end
$$;

set local role authenticated;
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is(
  pg_temp.refusal('select set_role_permissions(gen_random_uuid(), null)'), 'PT401 session_required', 'who is calling is asked before what is missing'
);
select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid, 'role', 'authenticated')::text, true);
select is(
  pg_temp.refusal('select set_role_permissions(gen_random_uuid(), null)'), 'PT422 invalid_argument p_permissions', 'whoever is signed in is told what is missing'
);

select * from finish();
rollback;
