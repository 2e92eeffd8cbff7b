begin;
select plan(8);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'zoe');

create function pg_temp.epoch() returns bigint language sql security definer as
$$ select topic_epoch from public.channels where id = pg_temp.channel('staff') $$;
create function pg_temp.told() returns bigint language sql security definer as
$$ select count(*) from broadcasts where topic like 'community:' || pg_temp.community() || ':%' and event = 'members_updated' $$;

-- The role staff opens a channel. max also has a personal overwrite in the group.
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'zoe']) as name;
create temp table of_group as select id from public.channel_groups where community_id = pg_temp.community();
grant select on of_group to authenticated;
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'staff');
select create_channel(pg_temp.community(), 'staff');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('staff'), '{view_channel}');
select set_channel_overwrite(
  pg_temp.channel('staff'), 'role', (select id from list_roles(pg_temp.community()) where is_default), p_deny => '{view_channel}'
);
select set_channel_group_overwrite((select id from of_group), 'member', md5('max')::uuid, '{pin_messages}');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('staff'), now() + interval '1 hour');

-- The grant ends, and before the sweep comes, something else resolves max's rights.
reset role;
update public.member_roles set expires_at = now() where user_id = md5('max')::uuid;
update public.community_members set access_expires_at = '1999-01-01' where user_id = md5('max')::uuid;
select set_config('test.epoch', pg_temp.epoch()::text, true) is null as ignored;
select pg_temp.become('ann');
select create_channel(pg_temp.community(), 'new', 'text', (select id from of_group));
select is(pg_temp.epoch(), current_setting('test.epoch')::bigint + 1, 'a new channel that finds a grant ended moves the topic of what it opened');
reset role;
-- Of one: who has waited longest. Others may wait, too.
select private.sweep_access(1);
select is(pg_temp.told(), 1::bigint, 'the sweep still tells that the grant has ended');
select is_empty($$ select from public.member_roles where user_id = md5('max')::uuid $$, 'and removes it');
select is(pg_temp.epoch(), current_setting('test.epoch')::bigint + 1, 'once is enough for the topic');

-- An earlier end takes a role away, so it asks what taking it away asks.
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'silenced');
select create_role(pg_temp.community(), 'managers', '{manage_roles}');
select move_role(pg_temp.role('managers'), 3);
select set_channel_overwrite(pg_temp.channel('general'), 'role', pg_temp.role('silenced'), p_deny => '{pin_messages}');
select grant_role(pg_temp.community(), md5('zoe')::uuid, pg_temp.role('silenced'));
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select set_channel_overwrite(pg_temp.channel('general'), 'member', md5('max')::uuid, p_deny => '{pin_messages}');
select pg_temp.become('max');
select is(
  pg_temp.refused_permission('select revoke_role(pg_temp.community(), md5(''zoe'')::uuid, pg_temp.role(''silenced''))'),
  'PT403 missing_permission pin_messages', 'a role that silences is not taken by who may not do what it denies'
);
select is(
  pg_temp.refused_permission('select grant_role(pg_temp.community(), md5(''zoe'')::uuid, pg_temp.role(''silenced''), now() + interval ''1 minute'')'),
  'PT403 missing_permission pin_messages', 'nor given an end'
);
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('zoe')::uuid, pg_temp.role('silenced'), now() + interval '1 hour');
select pg_temp.become('max');
select is(
  pg_temp.refused_permission('select grant_role(pg_temp.community(), md5(''zoe'')::uuid, pg_temp.role(''silenced''), now() + interval ''1 minute'')'),
  'PT403 missing_permission pin_messages', 'or an earlier one'
);
select is(
  pg_temp.refused_permission('select grant_role(pg_temp.community(), md5(''zoe'')::uuid, pg_temp.role(''silenced''), now() + interval ''2 hours'')'),
  'none', 'a later one takes nothing'
);

select * from finish();
rollback;
