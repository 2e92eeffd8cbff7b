begin;
select plan(6);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'outsider');

create function pg_temp.refused(p_sql text, out state text, out message text, out detail text) language plpgsql as $$
begin
  execute p_sql;
exception when others then
  get stacked diagnostics detail = pg_exception_detail;
  state := sqlstate;
  message := sqlerrm;
end
$$;

select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
create function pg_temp.revoking(p_code text, out state text, out message text, out detail text) language sql as
$$ select * from pg_temp.refused(format('select revoke_invite(%L)', p_code)) $$;

select pg_temp.become('outsider');
select is((select detail::jsonb from pg_temp.revoking('0000000000000000')), '{"code": "not_found", "field": "p_code"}', 'a code that does not exist is what is not found');
select is(pg_temp.revoking(current_setting('test.code')), pg_temp.revoking('0000000000000000'), 'of one that exists a stranger hears the same, word for word');
select is(pg_temp.revoking(null), pg_temp.revoking('0000000000000000'), 'and of none');

-- Whoever is a member may know that it exists, having been given it.
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select is((select detail::jsonb from pg_temp.revoking('0000000000000000')), '{"code": "not_found", "field": "p_code"}', 'a member hears it of what does not exist');
select is(
  (select detail::jsonb from pg_temp.revoking(current_setting('test.code'))), '{"code": "missing_permission", "permission": "manage_invites"}', 'and of what does, which right is missing'
);
reset role;
select is((select count(*) from public.invites where code = current_setting('test.code')), 1::bigint, 'nobody has revoked it');

select * from finish();
rollback;
