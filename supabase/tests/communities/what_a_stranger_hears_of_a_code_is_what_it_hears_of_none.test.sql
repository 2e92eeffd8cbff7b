begin;
select plan(6);

insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com' from unnest(array['ann', 'bob', 'outsider']) as name;

create function pg_temp.become(p_name text) returns void language sql as $$
  select set_config('role', 'authenticated', true), set_config('request.jwt.claim.sub', md5(p_name)::uuid::text, true),
    set_config('request.jwt.claims', json_build_object('sub', md5(p_name)::uuid, 'role', 'authenticated')::text, true);
$$;
create function pg_temp.refusal(p_sql text, out state text, out message text, out detail text) language plpgsql as $$
begin
  execute p_sql;
exception when others then
  get stacked diagnostics detail = pg_exception_detail;
  state := sqlstate;
  message := sqlerrm;
end
$$;
create function pg_temp.community() returns uuid language sql security definer as
$$ select id from public.communities where name = 'Rust' $$;

select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
create function pg_temp.revoking(p_code text, out state text, out message text, out detail text) language sql as
$$ select * from pg_temp.refusal(format('select revoke_invite(%L)', p_code)) $$;

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
