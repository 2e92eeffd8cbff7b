begin;
select plan(12);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');

-- ann owns a community with one text and one voice channel in which everything is denied to everyone.
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, 0),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 'admins', 1, private.permission_mask('administrator'));
insert into public.channels (community_id, id, kind, name, position) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'text', 'general', 0),
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000002', 'voice', 'lounge', 1);
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob', 'cleo']) as name;
insert into public.member_roles (community_id, user_id, role_id) values
  ('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000001');
-- Everything is denied in both channels, by the default role, by the role and to each member.
insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, deny)
select c.community_id, c.id, s.role_id, s.user_id, (1::bigint << 31) - 1
from public.channels c, (values
  ('d0000000-0000-4000-8000-000000000000'::uuid, null::uuid), ('d0000000-0000-4000-8000-000000000001', null),
  (null, md5('ann')::uuid), (null, md5('bob')::uuid), (null, md5('cleo')::uuid)
) as s (role_id, user_id)
where c.community_id = 'c0000000-0000-4000-8000-000000000001';
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.community_id = 'c0000000-0000-4000-8000-000000000001' group by m.community_id;
select private.resolve_access('c0000000-0000-4000-8000-000000000001');

-- What each of the three may, as the gates see it.
create temp table masks (name text, community bigint, text_channel bigint, voice_channel bigint);
grant all on masks to authenticated;
create function pg_temp.note(p_name text) returns void language sql security definer as $$
  insert into masks values (
    p_name, private.community_permissions('c0000000-0000-4000-8000-000000000001'),
    private.channel_permissions('e0000000-0000-4000-8000-000000000001'), private.channel_permissions('e0000000-0000-4000-8000-000000000002')
  )
$$;
do $$ begin
  perform pg_temp.become('ann'), pg_temp.note('ann');
  perform pg_temp.become('bob'), pg_temp.note('bob');
  perform pg_temp.become('cleo'), pg_temp.note('cleo');
end $$;
reset role;

create function pg_temp.everything(p_in_channels boolean) returns bigint language sql as $$
  select bit_or(1::bigint << bit) from public.permissions_catalog where not p_in_channels or scope <> 'community'
$$;

select is((select community from masks where name = 'ann'), pg_temp.everything(false), 'the owner has every permission');
select is((select text_channel from masks where name = 'ann'), pg_temp.everything(true), 'in a channel too, whatever overwrites say');
select is((select voice_channel from masks where name = 'ann'), pg_temp.everything(true), 'and in a voice channel');
select is((select community from masks where name = 'bob'), pg_temp.everything(false), 'an administrator has every permission');
select is((select text_channel from masks where name = 'bob'), pg_temp.everything(true), 'in a channel too, whatever overwrites say');
select is((select voice_channel from masks where name = 'bob'), pg_temp.everything(true), 'and in a voice channel');
select is((select community from masks where name = 'cleo'), 0::bigint, 'a member without either has what the default role gives: nothing here');
select is((select text_channel from masks where name = 'cleo'), 0::bigint, 'nor in a channel');
select is((select voice_channel from masks where name = 'cleo'), 0::bigint, 'nor in a voice channel');

-- administrator is a role's permission, not a channel's.
update public.channel_overwrites set deny = 0, allow = private.permission_mask('administrator')
where community_id = 'c0000000-0000-4000-8000-000000000001';
select private.resolve_access('c0000000-0000-4000-8000-000000000001');
delete from masks where true;
do $$ begin perform pg_temp.become('cleo'), pg_temp.note('cleo'); end $$;
reset role;
select is((select text_channel from masks), 0::bigint, 'an overwrite that allows administrator gives nothing');

-- What was given is taken again.
update public.roles set permissions = 0 where id = 'd0000000-0000-4000-8000-000000000001';
select private.resolve_access('c0000000-0000-4000-8000-000000000001');
delete from masks where true;
do $$ begin perform pg_temp.become('bob'), pg_temp.note('bob'), pg_temp.become('ann'), pg_temp.note('ann'); end $$;
reset role;
select is((select community | text_channel from masks where name = 'bob'), 0::bigint, 'who loses the role is no administrator any more');
select is((select community from masks where name = 'ann'), pg_temp.everything(false), 'the owner''s rights do not hang on roles');

select * from finish();
rollback;
