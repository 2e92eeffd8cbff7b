begin;
select plan(10);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

-- Filled to one below each bound by hand: what counts is what the functions say then.
select pg_temp.become('ann');
select create_community('Rust');
reset role;
insert into public.channels (community_id, kind, name, position) select pg_temp.community(), 'text', 'c' || n, n from generate_series(1, 498) as n;
insert into public.channel_groups (community_id, name, position) select pg_temp.community(), 'g' || n, n from generate_series(1, 98) as n;
insert into public.roles (community_id, name, position) select pg_temp.community(), 'r' || n, n from generate_series(1, 248) as n;
insert into public.channel_overwrites (community_id, channel_id, role_id, allow)
select pg_temp.community(), pg_temp.channel(), r.id, 1 from public.roles r where r.community_id = pg_temp.community();
insert into public.channel_group_overwrites (community_id, group_id, role_id, allow)
select pg_temp.community(), g.id, r.id, 1
from public.roles r, public.channel_groups g
where r.community_id = pg_temp.community() and g.community_id = pg_temp.community() and g.name = 'Text channels';
select private.add_member(pg_temp.community(), md5('bob')::uuid);
create function pg_temp.group_id() returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() and name = 'Text channels' $$;

select pg_temp.become('ann');
select is(pg_temp.refusal('select create_channel(pg_temp.community(), ''the last'')'), 'none', 'there is room for 500 channels');
select is(pg_temp.refusal('select create_channel(pg_temp.community(), ''one more'')'), 'PT409 limit_reached', 'and for no more');
select is(pg_temp.refusal('select create_channel_group(pg_temp.community(), ''the last'')'), 'none', 'for 100 groups');
select is(pg_temp.refusal('select create_channel_group(pg_temp.community(), ''one more'')'), 'PT409 limit_reached', 'and for no more');
select is(pg_temp.refusal('select create_role(pg_temp.community(), ''the last'')'), 'none', 'for 250 roles');
select is(pg_temp.refusal('select create_role(pg_temp.community(), ''one more'')'), 'PT409 limit_reached', 'and for no more');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('the last'), '{add_reactions}');
select is(
  pg_temp.refusal('select set_channel_overwrite(pg_temp.channel(), ''member'', md5(''bob'')::uuid, ''{add_reactions}'')'), 'PT409 limit_reached', 'a channel has at most 250 overwrites'
);
select is(
  pg_temp.refusal('select set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''r1''), ''{add_reactions}'')'), 'none', 'of which each can still be changed'
);
select set_channel_group_overwrite(pg_temp.group_id(), 'role', pg_temp.role('the last'), '{add_reactions}');
select is(
  pg_temp.refusal('select set_channel_group_overwrite(pg_temp.group_id(), ''member'', md5(''bob'')::uuid, ''{add_reactions}'')'), 'PT409 limit_reached', 'so has a group'
);
select is(
  pg_temp.refusal('select set_channel_group_overwrite(pg_temp.group_id(), ''role'', pg_temp.role(''r1''), ''{add_reactions}'')'), 'none', 'of which each can still be changed'
);

select * from finish();
rollback;
