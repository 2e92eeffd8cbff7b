begin;
select plan(4);

insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com' from unnest(array['ann', 'bob']) as name;

create function pg_temp.become(p_name text) returns void language sql as $$
  select set_config('role', 'authenticated', true), set_config('request.jwt.claim.sub', md5(p_name)::uuid::text, true),
    set_config('request.jwt.claims', json_build_object('sub', md5(p_name)::uuid, 'role', 'authenticated')::text, true);
$$;
create function pg_temp.refusal(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  return 'none';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return concat_ws(' ', sqlstate, nullif(v_detail, '')::jsonb ->> 'code');
end
$$;
create function pg_temp.community() returns uuid language sql security definer as
$$ select id from public.communities where name = 'Rust' $$;
create function pg_temp.channel(p_name text default 'general') returns uuid language sql security definer as
$$ select id from public.channels where community_id = pg_temp.community() and name = p_name $$;
create function pg_temp.role(p_name text) returns uuid language sql security definer as
$$ select id from public.roles where community_id = pg_temp.community() and name = p_name $$;

create function pg_temp.spent(p_limit text, p_subject text) returns integer language sql security definer as $$
  select round(extract(epoch from r.full_at - clock_timestamp()) / extract(epoch from c.period / c.capacity))::integer
  from private.rate_limits r join private.rate_limit_catalog c on c.key = r.limit_key
  where r.limit_key = p_limit and r.subject = p_subject
$$;
select pg_temp.become('bob');
select is(redeem_invite('0000000000000000') ->> 'code', 'PT404', 'a wrong code is refused by an answer');
select preview_invite('0000000000000001');
select is(pg_temp.spent('invite_try', md5('bob')::uuid::text), 2, 'so both tries count for the user');
select set_config('request.headers', '{"x-forwarded-for": "6.6.6.6, 203.0.113.9"}', true);
select redeem_invite('0000000000000002');
select is(pg_temp.spent('invite_try_address', '203.0.113.9'), 1, 'and for the address that the proxy saw, whatever the client says');
select set_config('request.headers', '{"x-forwarded-for": "6.6.6.6", "cf-connecting-ip": "198.51.100.7"}', true);
select redeem_invite('0000000000000003');
select is(pg_temp.spent('invite_try_address', '198.51.100.7'), 1, 'or that the edge saw');

select * from finish();
rollback;
