begin;
select plan(5);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'zoe');

create function pg_temp.new_in_channel(p_name text) returns boolean language plpgsql as $$
begin
  perform pg_temp.become(p_name);
  return 'wave' = any (my_permissions(pg_temp.community(), pg_temp.channel()));
end
$$;

-- max is an administrator, zoe a member like any other.
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'zoe']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, (create_role(pg_temp.community(), 'admins', '{administrator}')).id);
reset role;
create temp table epochs as select id, topic_epoch from public.channels where community_id = pg_temp.community();

-- What a later version brings is one row.
insert into public.permissions_catalog (bit, key, scope, description)
values (51, 'wave', 'channel', 'Wave'), (52, 'parade', 'community', 'Hold parades');

select is(
  array[pg_temp.new_in_channel('ann'), pg_temp.new_in_channel('max'), pg_temp.new_in_channel('zoe')],
  array[true, true, false], 'owner and administrators hold it in channels, others do not'
);
select pg_temp.become('ann');
select ok(user_has_permission(pg_temp.community(), 'parade'), 'and the owner in the community');
select pg_temp.become('zoe');
select ok(not user_has_permission(pg_temp.community(), 'parade'), 'but not a member');
reset role;
select results_eq(
  'select id, topic_epoch from public.channels where community_id = pg_temp.community() order by id',
  'select id, topic_epoch from epochs order by id', 'nobody lost anything, so no topic moves'
);
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'wavers', '{wave}');
select set_member_roles(pg_temp.community(), md5('zoe')::uuid, array(select id from list_roles(pg_temp.community()) where name = 'wavers'));
select ok(pg_temp.new_in_channel('zoe'), 'and it is granted like any other');

select * from finish();
rollback;
