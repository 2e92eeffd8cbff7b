begin;
select plan(12);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'dora');

insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, private.permission_mask('view_channel')),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 'helpers', 1, private.permission_mask('pin_messages')),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000002', 'readers', 2, private.permission_mask('read_history'));
insert into public.channels (community_id, id, kind, name, position)
values ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'text', 'general', 0);
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob', 'cleo', 'dora']) as name;

create function pg_temp.reassign() returns void language sql as $$
  select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.community_id = 'c0000000-0000-4000-8000-000000000001' group by m.community_id
$$;
create function pg_temp.class(p_name text) returns private.access_classes language sql as $$
  select a from private.access_classes a join public.community_members m on m.access_class_id = a.id
  where m.user_id = md5(p_name)::uuid
$$;

select is((pg_temp.class('bob')).id, (pg_temp.class('cleo')).id, 'two members without roles are in one class');
select isnt((pg_temp.class('ann')).id, (pg_temp.class('bob')).id, 'the owner is in another');
select is((pg_temp.class('ann')).member_id, md5('ann')::uuid, 'of her own');

insert into public.member_roles (community_id, user_id, role_id) values
  ('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000002'),
  ('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000001'),
  ('c0000000-0000-4000-8000-000000000001', md5('cleo')::uuid, 'd0000000-0000-4000-8000-000000000001'),
  ('c0000000-0000-4000-8000-000000000001', md5('cleo')::uuid, 'd0000000-0000-4000-8000-000000000002');
select pg_temp.reassign();
select is((pg_temp.class('bob')).id, (pg_temp.class('cleo')).id, 'the order in which roles were granted makes no other class');
select is(
  (pg_temp.class('bob')).permissions, private.permission_mask('view_channel', 'pin_messages', 'read_history'),
  'a class has the permissions of the default role and of all its roles'
);
select isnt((pg_temp.class('bob')).id, (pg_temp.class('dora')).id, 'whoever holds other roles is in another');

-- A grant past its end does not count.
update public.member_roles set expires_at = now() - interval '1 second'
where user_id = md5('bob')::uuid and role_id = 'd0000000-0000-4000-8000-000000000001';
update public.member_roles set expires_at = now() + interval '1 minute' where user_id = md5('cleo')::uuid;
select pg_temp.reassign();
select is((pg_temp.class('bob')).role_ids, '{d0000000-0000-4000-8000-000000000002}', 'a role whose grant has ended makes no class');
select is(cardinality((pg_temp.class('cleo')).role_ids), 2, 'one whose grant has not ended does');

insert into public.channel_overwrites (community_id, channel_id, user_id, allow) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', md5('dora')::uuid, private.permission_mask('add_reactions'));
select pg_temp.reassign();
select is((pg_temp.class('dora')).member_id, md5('dora')::uuid, 'a member with overwrites of her own is in a class of her own');

-- One row per class and channel: what was resolved step by step equals a resolution from scratch.
create temp table step_by_step as
select ca.* from private.channel_access ca
where ca.access_class_id in (select id from private.access_classes where community_id = 'c0000000-0000-4000-8000-000000000001');
select is(
  (select count(*) from step_by_step),
  (select count(*) from private.access_classes where community_id = 'c0000000-0000-4000-8000-000000000001'), 'every class has its answer for the channel'
);
delete from private.channel_access where access_class_id in (select access_class_id from step_by_step);
select private.resolve_access('c0000000-0000-4000-8000-000000000001');
select set_eq(
  'select * from step_by_step',
  $$ select * from private.channel_access where channel_id = 'e0000000-0000-4000-8000-000000000001' $$,
  'which is the one that a resolution from scratch gives'
);

insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000002', 'Zig', md5('bob')::uuid);
select throws_ok(
  $$ insert into public.community_members (community_id, user_id, sort_name, access_class_id)
     values ('c0000000-0000-4000-8000-000000000002', md5('cleo')::uuid, 'cleo', (pg_temp.class('ann')).id) $$,
  '23503', null, 'no member can be put into a class of another community'
);

select * from finish();
rollback;
