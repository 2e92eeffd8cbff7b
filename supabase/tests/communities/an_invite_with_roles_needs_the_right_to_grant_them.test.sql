begin;
select plan(6);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'mia');

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
