begin;
select plan(6);

insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com' from unnest(array['ann', 'max', 'mia']) as name;

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

-- max may grant roles but not invite; mia may invite but not grant roles. Both stand above the role helpers.
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'helpers');
select create_role(pg_temp.community(), 'granters', '{manage_roles}');
select create_role(pg_temp.community(), 'inviters', '{create_invite}');
select move_role(pg_temp.role('granters'), 3);
select move_role(pg_temp.role('inviters'), 2);
select set_role_permissions(pg_temp.role('everyone'), '{view_channel,send_messages,attach_files}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'mia']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('granters'));
select grant_role(pg_temp.community(), md5('mia')::uuid, pg_temp.role('inviters'));

select pg_temp.become('mia');
select is(pg_temp.refusal('select create_invite(pg_temp.community())'), 'none', 'to invite is one right');
select is(
  pg_temp.refusal('select create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(''helpers'')])'), 'PT403 missing_permission', 'to grant roles by it is another'
);
select pg_temp.become('max');
select is(
  pg_temp.refusal('select create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(''helpers'')])'), 'PT403 missing_permission', 'which is not enough by itself'
);
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('inviters'));
select pg_temp.become('max');
select is(pg_temp.refusal('select create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(''helpers'')])'), 'none', 'whoever holds both may');
select is(
  pg_temp.refusal('select create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(''everyone'')])'), 'PT422 invalid_argument', 'the default role is nobody''s to grant'
);

-- In a voice channel that one may not join, one holds nothing: so the group that it is synced with is out of reach, too.
select pg_temp.become('ann');
create function pg_temp.group_id() returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() and name = 'Text channels' $$;
select create_channel(pg_temp.community(), 'voice', 'voice', pg_temp.group_id());
select pg_temp.become('max');
select is(
  pg_temp.refusal('select set_channel_group_overwrite(pg_temp.group_id(), ''role'', pg_temp.role(''helpers''), ''{send_messages}'')'),
  'PT403 missing_permission', 'what is given to a group is held in every channel synced with it'
);

select * from finish();
rollback;
