begin;
select plan(11);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max');

create function pg_temp.group_id() returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() $$;
create function pg_temp.is_synced() returns boolean language sql security definer as
$$ select is_synced from public.channels where id = pg_temp.channel() $$;
create function pg_temp.sync() returns text language sql as
$$ select pg_temp.refused_permission(format('select sync_channel_with_group(%L)', pg_temp.channel())) $$;

-- max manages roles, stands below the admins and above the low, and may not pin.
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'low');
select create_role(pg_temp.community(), 'managers', '{manage_roles}');
select create_role(pg_temp.community(), 'admins', '{administrator}');
-- The last made stands lowest.
select move_role(pg_temp.role('low'), 1);
select move_role(pg_temp.role('admins'), 3);
reset role;
select private.add_member(pg_temp.community(), md5('max')::uuid);
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));

-- What the channel has and the group has not would go.
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('admins'), p_deny => '{add_reactions}');
select pg_temp.become('max');
select is(pg_temp.sync(), 'PT403 role_hierarchy', 'an overwrite about a role above does not go by syncing');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('admins'));
select set_channel_overwrite(pg_temp.channel(), 'member', md5('max')::uuid, p_deny => '{add_reactions}');
select pg_temp.become('max');
select is(pg_temp.sync(), 'PT403 role_hierarchy', 'nor one about oneself');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'member', md5('max')::uuid);
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('low'), p_deny => '{pin_messages}');
select pg_temp.become('max');
select is(pg_temp.sync(), 'PT403 missing_permission pin_messages', 'nor is what one does not hold given back by it');

-- What the group has and the channel has not would come.
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('low'));
select set_channel_group_overwrite(pg_temp.group_id(), 'role', pg_temp.role('low'), '{pin_messages}');
select pg_temp.become('max');
select is(pg_temp.sync(), 'PT403 missing_permission pin_messages', 'what one does not hold does not come by syncing');
select pg_temp.become('ann');
select set_channel_group_overwrite(pg_temp.group_id(), 'role', pg_temp.role('low'), '{add_reactions}');
select set_channel_group_overwrite(pg_temp.group_id(), 'role', pg_temp.role('admins'), '{add_reactions}');
select pg_temp.become('max');
select is(pg_temp.sync(), 'PT403 role_hierarchy', 'nor does what is about a role above');
select is(pg_temp.is_synced(), false, 'none of it has happened');
select is_empty($$ select from list_channel_overwrites(pg_temp.channel()) $$, 'in no part');

-- What is the same in both is not asked about; what differs is, each by itself.
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('admins'), '{add_reactions}');
select pg_temp.become('max');
select is(pg_temp.sync(), 'none', 'an overwrite about a role above that stays as it is hinders nobody');
select is(pg_temp.is_synced(), true, 'so the channel is synced');
select set_eq(
  $$ select subject_id, allow from list_channel_overwrites(pg_temp.channel()) $$,
  $$ select pg_temp.role(name), '{add_reactions}'::text[] from unnest(array['low', 'admins']) as name $$,
  'and carries what its group has'
);
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('admins'), p_deny => '{pin_messages}');
select is(pg_temp.sync(), 'none', 'whoever stands above and holds all of it may sync whatever there is');

select * from finish();
rollback;
