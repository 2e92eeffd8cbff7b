begin;
select plan(5);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'zoe');

create function pg_temp.group_id() returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() $$;
create function pg_temp.everybody() returns uuid language sql security definer as
$$ select id from public.roles where community_id = pg_temp.community() and is_default $$;
create function pg_temp.epoch() returns bigint language sql security definer as
$$ select topic_epoch from public.channels where id = pg_temp.channel() $$;
create function pg_temp.views(p_name text) returns boolean language plpgsql as $$
begin
  perform pg_temp.become(p_name);
  return can_view_channel(pg_temp.channel());
end
$$;

-- Only max is let in, by an overwrite of his own. In the group there is none, so syncing lets everybody in.
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'zoe']) as name;
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('max')::uuid, '{view_channel}');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.everybody(), p_deny => '{view_channel}');
select is(array[pg_temp.views('max'), pg_temp.views('zoe')], array[true, false], 'one is let in, the others are not');

select set_config('test.epoch', pg_temp.epoch()::text, true) is null as ignored;
select pg_temp.become('ann');
select sync_channel_with_group(pg_temp.channel());
select is(array[pg_temp.views('max'), pg_temp.views('zoe')], array[true, true], 'after syncing all are in');
select is(pg_temp.epoch(), current_setting('test.epoch')::bigint, 'nobody lost the channel, so its topic stays, whoever was let in before');

-- The same way back takes it from somebody.
select pg_temp.become('ann');
select set_channel_group_overwrite(pg_temp.group_id(), 'role', pg_temp.everybody(), p_deny => '{view_channel}');
select is(array[pg_temp.views('max'), pg_temp.views('zoe')], array[false, false], 'what the group denies the synced channel denies');
select is(pg_temp.epoch(), current_setting('test.epoch')::bigint + 1, 'and its topic moves, once');

select * from finish();
rollback;
