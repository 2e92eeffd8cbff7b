begin;
select plan(9);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
-- Everything but administrator, so that each channel's overwrite is what makes the difference.
insert into public.roles (community_id, name, position, permissions)
values ('c0000000-0000-4000-8000-000000000001', 'everyone', 0, (1::bigint << 30) - 1);
insert into public.channels (community_id, id, kind, name, position)
select 'c0000000-0000-4000-8000-000000000001', md5(name)::uuid, split_part(name, ' ', 1), name, 0
from unnest(array['text open', 'text no view', 'text no send', 'text no connect', 'voice open', 'voice no view', 'voice no send', 'voice no connect']) as name;
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select c.community_id, c.id, r.id, private.permission_mask(case split_part(c.name, ' ', 3)
  when 'view' then 'view_channel' when 'send' then 'send_messages' when 'connect' then 'connect' end)
from public.channels c
join public.roles r on r.community_id = c.community_id
where c.community_id = 'c0000000-0000-4000-8000-000000000001' and c.name like '% no %';
select private.add_member('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid);

create function pg_temp.permissions(p_channel text) returns text[] language sql as $$
  select array(
    select c.key::text
    from public.community_members m
    join private.channel_access a on a.access_class_id = m.access_class_id
    join public.permissions_catalog c on a.permissions & (1::bigint << c.bit) <> 0
    where m.user_id = md5('bob')::uuid and a.channel_id = md5(p_channel)::uuid
    order by c.bit
  )
$$;
create function pg_temp.in_channels(variadic p_except text[]) returns text[] language sql as $$
  select array(select key::text from public.permissions_catalog where scope <> 'community' and key <> all (p_except) order by bit)
$$;

select is(pg_temp.permissions('text open'), pg_temp.in_channels(''), 'in an open channel bob may all that is asked in channels');
select ok(not pg_temp.permissions('text open') && array['kick_members', 'manage_community', 'create_invite', 'administrator'], 'and nothing that is asked in the community as a whole');
select is(pg_temp.permissions('text no view'), '{}', 'without view_channel nothing is left');
select is(pg_temp.permissions('voice no view'), '{}', 'nor in a voice channel');
select is(
  pg_temp.permissions('text no send'), pg_temp.in_channels('send_messages', 'mention_everyone', 'attach_files', 'embed_links'),
  'without send_messages no mention_everyone, attach_files, embed_links'
);
select is(
  pg_temp.permissions('voice no send'), pg_temp.in_channels('send_messages', 'mention_everyone', 'attach_files', 'embed_links'),
  'nor in a voice channel'
);
select is(pg_temp.permissions('voice no connect'), '{view_channel}', 'without connect only seeing a voice channel is left');
select is(pg_temp.permissions('text no connect'), pg_temp.in_channels('connect'), 'in a text channel connect means nothing to the others');
select is(pg_temp.permissions('voice open'), pg_temp.in_channels(''), 'with connect all is left');

select * from finish();
rollback;
