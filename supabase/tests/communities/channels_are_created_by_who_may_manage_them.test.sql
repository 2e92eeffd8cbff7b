begin;
select plan(25);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');

create function pg_temp.community_of(p_owner text default 'ann') returns uuid language sql security definer as
$$ select id from public.communities where owner_id = md5(p_owner)::uuid $$;
create function pg_temp.first_group(p_owner text default 'ann') returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community_of(p_owner) and position = 0 $$;

-- ann owns a community, bob is a member of it, cleo owns another.
select pg_temp.become('cleo');
select create_community('Zig');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community_of(), md5('bob')::uuid);
delete from broadcasts where topic like 'community:' || pg_temp.community_of() || ':%';

select pg_temp.become('ann');
select is((create_channel(pg_temp.community_of(), ' help ')).name, 'help', 'create_channel returns the channel, its name without the spaces around it');
select is((create_channel(pg_temp.community_of(), 'more')).kind, 'text', 'a channel is for text unless told otherwise');
select is((create_channel(pg_temp.community_of(), 'lounge', 'voice')).kind, 'voice', 'or for voice');
select is((create_channel(pg_temp.community_of(), 'in group', 'text', pg_temp.first_group())).group_id, pg_temp.first_group(), 'it stands in the group it is given');
select is((create_channel_group(pg_temp.community_of(), 'Later')).position, 1, 'a group comes after the others');
select results_eq(
  $$ select name, position from list_channels(pg_temp.community_of()) $$,
  $$ values ('help', 0), ('more', 1), ('lounge', 2), ('general', 0), ('in group', 1) $$,
  'channels without a group come first, each place in the order of creation'
);

select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'x', 'video') $$), 'PT422 invalid_argument p_kind', 'another kind is refused');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'x', null) $$), 'PT422 invalid_argument p_kind', 'so is null');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), ' ') $$), 'PT422 invalid_argument p_name', 'so is a blank name');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), repeat('x', 101)) $$), 'PT422 invalid_argument p_name', 'so is one too long');
select is(
  pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'x', 'text', gen_random_uuid()) $$), 'PT404 not_found p_group_id', 'a group that does not exist is refused'
);
select is(
  pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'x', 'text', pg_temp.first_group('cleo')) $$), 'PT404 not_found p_group_id',
  'so is a group of another community, in the same words'
);
select is(pg_temp.refused_field($$ select create_channel_group(pg_temp.community_of(), '') $$), 'PT422 invalid_argument p_name', 'a group needs a name too');

select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'x') $$), 'PT403 missing_permission', 'a member without manage_channels creates no channel');
select is(pg_temp.refused_field($$ select create_channel_group(pg_temp.community_of(), 'x') $$), 'PT403 missing_permission', 'and no group');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of('cleo'), 'x') $$), 'PT404 not_found p_community_id', 'least of all in a community of others');
select is((select count(*) from list_channels(pg_temp.community_of())), 5::bigint, 'a member sees the new channels at once');

reset role;
select is(
  (select count(*) from broadcasts where topic = private.community_topic(pg_temp.community_of()) and event = 'channel_created'), 4::bigint,
  'each new channel is one event for the members'
);
select is_empty(
  $$ select payload from broadcasts where topic = private.community_topic(pg_temp.community_of()) and event = 'channel_created'
     and (payload - 'id' - 'community_id' - 'channel_id' <> '{"moved": []}' or (payload ->> 'community_id')::uuid <> pg_temp.community_of()) $$,
  'which names it by id only: not every member may see it'
);
select is(
  (select count(*) from private.channel_heads h join public.channels c on c.id = h.channel_id where c.community_id = pg_temp.community_of()), 5::bigint, 'each has its head'
);

-- What may not be viewed is not listed.
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select c.community_id, c.id, r.id, private.permission_mask('view_channel')
from public.channels c join public.roles r on r.community_id = c.community_id
where c.community_id = pg_temp.community_of() and c.name in ('help', 'lounge');
select private.resolve_access(pg_temp.community_of());
select pg_temp.become('bob');
select results_eq(
  $$ select name from list_channels(pg_temp.community_of()) $$, $$ values ('more'), ('general'), ('in group') $$, 'list_channels leaves out what the caller may not view'
);
select set_eq(
  $$ select name from public.channels $$, $$ values ('more'), ('general'), ('in group') $$, 'so does the table'
);
select pg_temp.become('ann');
select is((select count(*) from list_channels(pg_temp.community_of())), 5::bigint, 'the owner sees all');

-- manage_channels is what it takes.
reset role;
update public.roles set permissions = permissions | private.permission_mask('manage_channels') where community_id = pg_temp.community_of();
select private.resolve_access(pg_temp.community_of());
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'by bob') $$), 'none', 'a member with manage_channels creates channels');

reset role;
insert into private.rate_limits (limit_key, subject, full_at) values ('community_change', md5('bob')::uuid::text, now() + interval '1 day')
on conflict (limit_key, subject) do update set full_at = excluded.full_at;
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select create_channel(pg_temp.community_of(), 'x') $$), 'PT429 rate_limited', 'who creates too many has to wait');

select * from finish();
rollback;
