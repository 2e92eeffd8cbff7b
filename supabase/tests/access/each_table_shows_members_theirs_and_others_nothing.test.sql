begin;
select plan(31);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'former', 'outsider');

-- ann owns one community and cleo another. bob is a member of ann's, with a role, an overwrite of his own and an invite.
create function pg_temp.community_of(p_owner text default 'ann') returns uuid language sql security definer as
$$ select id from public.communities where owner_id = md5(p_owner)::uuid $$;
create function pg_temp.channel_of(p_owner text default 'ann') returns uuid language sql security definer as
$$ select id from public.channels where community_id = pg_temp.community_of(p_owner) and name = 'general' $$;

select pg_temp.become('cleo');
select create_community('Zig');
select create_invite(pg_temp.community_of('cleo'));
select send_message(pg_temp.channel_of('cleo'), 'hello');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community_of(), 'hidden');
select send_message(pg_temp.channel_of(), 'hello');
select set_config('test.code', (create_invite(pg_temp.community_of())).code, true);
select pg_temp.become('former');
select redeem_invite(current_setting('test.code'));
select create_invite(pg_temp.community_of());
select send_message(pg_temp.channel_of(), 'good bye');
select leave_community(pg_temp.community_of());
select pg_temp.become('bob');
select redeem_invite(current_setting('test.code'));
select create_invite(pg_temp.community_of());
reset role;
insert into public.roles (community_id, id, name, position) values (pg_temp.community_of(), 'd0000000-0000-4000-8000-000000000001', 'helpers', 1);
insert into public.member_roles (community_id, user_id, role_id) values (pg_temp.community_of(), md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000001');
insert into public.channel_overwrites (community_id, channel_id, user_id, allow)
values (pg_temp.community_of(), pg_temp.channel_of(), md5('bob')::uuid, private.permission_mask('pin_messages'));
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select c.community_id, c.id, r.id, private.permission_mask('view_channel')
from public.channels c join public.roles r on r.community_id = c.community_id and r.is_default
where c.community_id = pg_temp.community_of() and c.name = 'hidden';
insert into public.channel_group_overwrites (community_id, group_id, user_id, allow)
select g.community_id, g.id, md5('bob')::uuid, 1 from public.channel_groups g where g.community_id = pg_temp.community_of();
insert into public.bans (community_id, user_id) values (pg_temp.community_of(), md5('former')::uuid);
insert into public.messages (channel_id, seq, author_id, body, revision)
select id, 1, md5('ann')::uuid, 'secret', 1 from public.channels where community_id = pg_temp.community_of() and name = 'hidden';
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.user_id = md5('bob')::uuid group by m.community_id;
select private.resolve_access(pg_temp.community_of());

-- They are known by ids of another system, and chat.
select private.link_external_identity(md5(n)::uuid, private.chat_provider(), n) from unnest(array['ann', 'bob', 'former', 'outsider']) as n;
select pg_temp.become('ann');
select insert_chat_message('ann_bob', 'ann', 'bob', 'between us');
reset role;

-- How many rows of each table the caller reads, of what this test has made.
create function pg_temp.rows_read() returns table (name text, rows bigint) language sql as $$
  select 'profiles', count(*) from public.profiles where id in (select md5(n)::uuid from unnest(array['ann', 'bob', 'cleo', 'former', 'outsider']) as n)
  union all select 'communities', count(*) from public.communities
  union all select 'roles', count(id) from public.roles
  union all select 'community_members', count(user_id) from public.community_members
  union all select 'member_roles', count(*) from public.member_roles
  union all select 'channel_groups', count(*) from public.channel_groups
  union all select 'channels', count(*) from public.channels
  union all select 'channel_overwrites', count(channel_id) from public.channel_overwrites
  union all select 'invites', count(*) from public.invites
  union all select 'messages', count(*) from public.messages
  union all select 'social_messages', count(*) from public.social_messages
  union all select 'chat_threads', count(*) from public.chat_threads
  union all select 'chat_messages', count(*) from public.chat_messages
  union all select 'permissions_catalog', count(*) from public.permissions_catalog
  union all select 'role_permissions', count(*) from public.role_permissions
  union all select 'channel_group_overwrites', count(group_id) from public.channel_group_overwrites
  union all select 'bans', count(*) from public.bans
  union all select 'audit_log', count(*) from public.audit_log
$$;
select set_eq(
  $$ select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') $$,
  $$ select unnest(array['profiles', 'communities', 'roles', 'community_members', 'member_roles', 'channel_groups', 'channels',
       'channel_overwrites', 'invites', 'messages', 'social_messages', 'chat_threads', 'chat_messages', 'permissions_catalog', 'role_permissions',
       'channel_group_overwrites', 'bans', 'audit_log']) $$,
  'every table in public is asked about here'
);

select pg_temp.become('bob');
select set_eq(
  'select * from pg_temp.rows_read()',
  $$ values ('profiles', 2::bigint), ('communities', 1), ('roles', 2), ('community_members', 2), ('member_roles', 1), ('channel_groups', 1),
       ('channels', 1), ('channel_overwrites', 1), ('invites', 1), ('messages', 3), ('social_messages', 3), ('chat_threads', 1), ('chat_messages', 1), ('permissions_catalog', 31),
       ('role_permissions', 12), ('channel_group_overwrites', 1), ('bans', 0), ('audit_log', 0) $$,
  'a member reads the community, and of the channels what may be viewed'
);
select is_empty($$ select * from public.communities where id <> pg_temp.community_of() $$, 'nothing of other communities');
select is_empty($$ select * from public.messages where body = 'secret' $$, 'nothing of a hidden channel');
select is_empty($$ select * from public.invites where creator_id <> md5('bob')::uuid $$, 'no code that others made');
select set_eq('select id from public.profiles', $$ select md5(n)::uuid from unnest(array['ann', 'bob']) as n $$, 'the profiles of who is there');

select pg_temp.become('ann');
select set_eq(
  'select * from pg_temp.rows_read()',
  $$ values ('profiles', 2::bigint), ('communities', 1), ('roles', 2), ('community_members', 2), ('member_roles', 1), ('channel_groups', 1),
       ('channels', 2), ('channel_overwrites', 2), ('invites', 3), ('messages', 4), ('social_messages', 4), ('chat_threads', 1), ('chat_messages', 1), ('permissions_catalog', 31),
       ('role_permissions', 12), ('channel_group_overwrites', 1), ('bans', 1), ('audit_log', 4) $$,
  'the owner reads all of it, codes and bans and the log included'
);
select is_empty($$ select * from public.messages where channel_id = pg_temp.channel_of('cleo') $$, 'and nothing of other communities');

create temp table nothing (name text, rows bigint);
insert into nothing values ('profiles', 1), ('communities', 0), ('roles', 0), ('community_members', 0), ('member_roles', 0), ('channel_groups', 0),
  ('channels', 0), ('channel_overwrites', 0), ('invites', 0), ('messages', 0), ('social_messages', 0), ('chat_threads', 0), ('chat_messages', 0), ('permissions_catalog', 31),
  ('role_permissions', 0), ('channel_group_overwrites', 0), ('bans', 0), ('audit_log', 0);
grant select on nothing to authenticated;
select pg_temp.become('outsider');
select set_eq('select * from pg_temp.rows_read()', 'select * from nothing', 'an outsider reads one profile, the own, and the catalog of permissions');
select pg_temp.become('former');
select set_eq('select * from pg_temp.rows_read()', 'select * from nothing', 'so does whoever left: nothing of what was there, not even the own messages and codes');

set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select set_eq(
  'select * from pg_temp.rows_read()', $$ select name, case name when 'profiles' then 0 else rows end from nothing $$, 'a token without a user has no profile either'
);

-- Masks and classes stay inside.
select pg_temp.become('ann');
select throws_ok('select permissions from public.roles', '42501', null, 'a role''s mask is not readable, not even by the owner');
select throws_ok('select access_class_id from public.community_members', '42501', null, 'nor is a member''s class');

set local role anon;
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "anon"}';
select throws_ok(format('select count(*) from public.%I', name), '42501', null, 'without a session ' || name || ' is refused')
from unnest(array['profiles', 'communities', 'roles', 'community_members', 'member_roles', 'channel_groups', 'channels', 'channel_overwrites',
  'invites', 'messages', 'social_messages', 'chat_threads', 'chat_messages', 'permissions_catalog', 'role_permissions', 'channel_group_overwrites', 'bans', 'audit_log']) as name;

select * from finish();
rollback;
