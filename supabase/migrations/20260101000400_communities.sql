-- Generated from supabase/schemas/communities by npm run generate; do not edit.

-- schemas/communities/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_create', 100, '1 day', 'Communities created, per user: each is some twenty rows and stays; a test that makes many passes'),
  ('membership_update', 30, '10 minutes', 'Changes to one''s own membership, per user: each is told to all members'),
  ('invite_create', 100, '1 hour', 'Invites created, per user: each may stay for ever, and a hundred are more than anybody hands out'),
  ('community_join', 10, '1 hour', 'Joins of one community, per community and user: each leave moves its topics'),
  ('community_join_total', 1000, '10 minutes', 'Joins of one community, per community: each is told to all its members. A raid with many accounts is slowed down, a launch is not'),
  ('invite_try', 60, '10 minutes', 'Invite codes tried, per user: somebody mistypes, a program guesses'),
  ('invite_try_address', 600, '10 minutes', 'Invite codes tried, per address: a school or an office shares one, and accounts are easily made');

-- schemas/communities/events.sql

-- Every structure event also carries community_id and moved: the channels whose topics have new names since.
insert into private.topic_events (prefix, event, description) values
  ('community', 'channel_created', 'A channel came; ask list_channels whether you see it. Payload: channel_id'),
  ('community', 'channel_updated', 'Payload: channel_id'),
  ('community', 'channel_deleted', 'Payload: channel_id'),
  ('community', 'channels_moved', 'Channels or groups stand in another order'),
  ('community', 'channel_group_created', 'Payload: group_id'),
  ('community', 'channel_group_updated', 'Payload: group_id'),
  ('community', 'channel_group_deleted', 'Payload: group_id'),
  ('community', 'overwrites_changed', 'Payload: channel_id or group_id'),
  ('community', 'role_created', 'Payload: role_id'),
  ('community', 'role_updated', 'Payload: role_id'),
  ('community', 'role_deleted', 'Payload: role_id'),
  ('community', 'roles_moved', 'Roles stand in another order'),
  ('community', 'member_joined', 'Payload: user_id'),
  ('community', 'member_banned', 'Somebody who was no member; a member''s ban is a moved. Payload: user_id'),
  ('community', 'member_updated', 'Roles, nickname or timeout. Payload: user_id'),
  ('community', 'members_updated', 'Temporary roles ended. Payload: user_ids'),
  ('community', 'community_updated', 'Name or owner'),
  ('community', 'community_deleted', 'The last event there is'),
  ('user', 'access_changed', 'Your place in a community changed. Payload: community_id, kind ''joined'', ''left'', ''kicked'', ''banned'', ''timed_out'', ''roles'' or ''owner''');

-- schemas/communities/require_name.sql

-- require_name: the one rule for names of communities, channels, groups and roles: it shows something, and all of it
-- shows. Returns the name as it is stored.
create function private.require_name(p_name text, p_max integer default 100, p_field text default 'p_name')
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_name text := pg_catalog.btrim(p_name);
begin
  if v_name is null or pg_catalog.char_length(v_name) not between 1 and p_max then
    perform private.fail(
      'invalid_argument', pg_catalog.format('A name has 1 to %s characters.', p_max), 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  -- An emoji's parts may be joined by zero width: the joiner alone is no trick.
  if private.is_blank(v_name)
    or private.strip_hidden(v_name) <> pg_catalog.replace(v_name, pg_catalog.chr(8205), '')
  then
    perform private.fail(
      'invalid_argument', 'A name has no hidden characters and is more than spaces.', 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  return v_name;
end
$$;

revoke all on function private.require_name(text, integer, text) from public, anon, authenticated, service_role;

-- schemas/communities/notify_access_changed.sql

-- notify_access_changed: tells one user, on every device, that something about their place in a community changed.
create function private.notify_access_changed(p_user_id uuid, p_community_id uuid, p_kind text)
returns void
language sql volatile security definer set search_path = ''
as $$
  select private.broadcast(
    'user:' || p_user_id, 'access_changed',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'kind', p_kind)
  );
$$;

revoke all on function private.notify_access_changed(uuid, uuid, text) from public, anon, authenticated, service_role;

-- schemas/communities/add_member.sql

-- add_member: makes a user a member with the default role and those of the invite. Says false where the user already is
-- one. The caller holds hold_access for the community, or nobody else can know of it yet.
-- The class is made for the final set of roles, so joining never takes anybody's last place in a class.
create function private.add_member(
  p_community_id uuid,
  p_user_id uuid,
  p_role_ids uuid[] default '{}',
  p_invited_by uuid default null,
  p_invite_code text default null
)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_ids uuid[] := array(select distinct r.id from pg_catalog.unnest(p_role_ids) as r (id) order by r.id);
  v_member_id uuid := private.personal_class(p_community_id, p_user_id);
begin
  insert into public.community_members (
    community_id, user_id, access_class_id, timed_out_until, sort_name, invited_by, invite_code
  )
  select
    p_community_id, p.id, private.access_class(p_community_id, v_role_ids, v_member_id), d.timed_out_until,
    private.sort_name(null, p.display_name), p_invited_by, p_invite_code
  from public.profiles p
  left join private.departed_timeouts d
    on d.community_id = p_community_id and d.user_id = p.id and d.timed_out_until > pg_catalog.now()
  where p.id = p_user_id
  on conflict (community_id, user_id) do nothing;
  if not found then
    return false;
  end if;

  insert into public.member_roles (community_id, user_id, role_id)
  select p_community_id, p_user_id, r.id from pg_catalog.unnest(v_role_ids) as r (id);
  delete from private.departed_timeouts d where d.community_id = p_community_id and d.user_id = p_user_id;

  perform private.announce(p_community_id, 'member_joined', pg_catalog.jsonb_build_object('user_id', p_user_id));
  perform private.notify_access_changed(p_user_id, p_community_id, 'joined');
  return true;
end
$$;

revoke all on function private.add_member(uuid, uuid, uuid[], uuid, text) from public, anon, authenticated, service_role;

-- schemas/communities/granted_roles.sql

-- granted_roles: the roles a member holds at this moment beside the default role, each with the end of its grant (null: it
-- has none), as the audit log tells them: {"<role id>": "<end>"}.
create function private.granted_roles(p_community_id uuid, p_user_id uuid)
returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(pg_catalog.jsonb_object_agg(m.role_id, m.expires_at), '{}')
  from public.member_roles m
  where m.community_id = p_community_id
    and m.user_id = p_user_id
    and (m.expires_at is null or m.expires_at > pg_catalog.now());
$$;

revoke all on function private.granted_roles(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/communities/add_channel.sql

-- add_channel: puts a channel at the end of its group, synced with it, and resolves every class's rights in it.
-- The caller has checked the right, and holds change_access for the community or nobody else can know of it yet.
create function private.add_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  insert into public.channels (community_id, group_id, kind, name, position, is_synced)
  select p_community_id, p_group_id, p_kind, p_name, coalesce(pg_catalog.max(c.position) + 1, 0), p_group_id is not null
  from public.channels c
  where c.community_id = p_community_id and c.group_id is not distinct from p_group_id
  returning * into v_channel;

  insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
  select g.community_id, v_channel.id, g.role_id, g.user_id, g.allow, g.deny
  from public.channel_group_overwrites g
  where g.group_id = p_group_id;

  -- Whoever has a personal overwrite in the group has one in this channel now, and so a class of their own.
  perform private.assign_access_classes(
    p_community_id,
    array(select g.user_id from public.channel_group_overwrites g where g.group_id = p_group_id and g.user_id is not null)
  );
  perform private.resolve_access(p_community_id, p_channel_id => v_channel.id);
  return v_channel;
end
$$;

revoke all on function private.add_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;

-- schemas/communities/create_community.sql

-- create_community: a community with its owner, its default role, a group and a first channel to talk in.
-- Limits: community_create per user.
create function private.create_community(p_name text)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_name text := private.require_name(p_name);
  v_community public.communities;
  v_group_id uuid;
begin
  perform private.take_token('community_create', v_user_id::text);

  insert into public.communities (name, owner_id) values (v_name, v_user_id) returning * into v_community;

  insert into public.roles (community_id, name, position, permissions)
  values (
    v_community.id, 'everyone', 0,
    private.permission_mask(
      'view_channel', 'read_history', 'send_messages', 'send_in_threads', 'create_threads', 'attach_files',
      'embed_links', 'add_reactions', 'create_invite', 'connect', 'speak', 'stream'
    )
  );

  insert into public.channel_groups (community_id, name, position)
  values (v_community.id, 'Text channels', 0)
  returning id into v_group_id;

  perform private.add_channel(v_community.id, 'general', 'text', v_group_id);
  perform private.add_member(v_community.id, v_user_id);
  return v_community;
end
$$;

revoke all on function private.create_community(text) from public, anon, authenticated, service_role;
grant execute on function private.create_community(text) to authenticated;

create function public.create_community(p_name text)
returns public.communities
language sql volatile security invoker set search_path = ''
as $$ select private.create_community(p_name); $$;

comment on function public.create_community(text) is
$$Creates a community owned by the caller, with its default role `everyone`, a group and a text channel `general`.
@param p_name 1 to 100 characters
@errors session_required, invalid_argument, rate_limited$$;

revoke all on function public.create_community(text) from public, anon, authenticated, service_role;
grant execute on function public.create_community(text) to authenticated;

-- schemas/communities/my_communities.sql

create function private.my_communities()
returns setof public.communities
language sql stable security definer set search_path = ''
as $$
  select c.*
  from public.community_members m
  join public.communities c on c.id = m.community_id
  where m.user_id = private.require_user()
  order by m.joined_at, c.id;
$$;

revoke all on function private.my_communities() from public, anon, authenticated, service_role;
grant execute on function private.my_communities() to authenticated;

create function public.my_communities()
returns setof public.communities
language sql stable security invoker set search_path = ''
as $$ select * from private.my_communities(); $$;

comment on function public.my_communities() is
$$Returns the communities the caller is a member of, in the order of joining.
@errors session_required
@sdk mine$$;

revoke all on function public.my_communities() from public, anon, authenticated, service_role;
grant execute on function public.my_communities() to authenticated;

-- schemas/communities/create_channel_group.sql

-- create_channel_group: a heading at the end. Gate: manage_channels.
create function private.create_channel_group(p_community_id uuid, p_name text)
returns public.channel_groups
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_group public.channel_groups;
begin
  perform private.begin_change(p_community_id, 'manage_channels');
  if (select pg_catalog.count(*) from public.channel_groups g where g.community_id = p_community_id) >= 100 then
    perform private.fail('limit_reached', 'A community has at most 100 groups.', 409);
  end if;

  insert into public.channel_groups (community_id, name, position)
  select p_community_id, v_name, coalesce(pg_catalog.max(g.position) + 1, 0)
  from public.channel_groups g
  where g.community_id = p_community_id
  returning * into v_group;

  perform private.announce(
    p_community_id, 'channel_group_created', pg_catalog.jsonb_build_object('group_id', v_group.id)
  );
  perform private.write_audit(
    p_community_id, 'channel_group_created', v_group.id::text, p_after => pg_catalog.jsonb_build_object('name', v_name)
  );
  return v_group;
end
$$;

revoke all on function private.create_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.create_channel_group(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_channel_group(p_community_id uuid, p_name text)
returns public.channel_groups
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_channel_group(p_community_id, p_name); $$;

comment on function public.create_channel_group(uuid, text) is
$$Creates a group of channels at the end of the community's list. Needs `manage_channels`. There are at most
100.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.create_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_channel_group(uuid, text) to authenticated;

-- schemas/communities/create_channel.sql

-- create_channel: a channel at the end of its group. Gate: manage_channels.
-- The event names the channel by id only: not every member may see it.
create function private.create_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_lost uuid[];
  v_channel public.channels;
begin
  perform private.begin_change(p_community_id, 'manage_channels');

  if p_kind is null or p_kind not in ('text', 'voice') then
    perform private.fail(
      'invalid_argument', 'A channel is of kind ''text'' or ''voice''.', 422,
      pg_catalog.jsonb_build_object('field', 'p_kind')
    );
  end if;
  if p_group_id is not null then
    perform private.require_group(p_community_id, p_group_id);
  end if;
  if (select pg_catalog.count(*) from public.channels c where c.community_id = p_community_id) >= 500 then
    perform private.fail('limit_reached', 'A community has at most 500 channels.', 409);
  end if;

  -- Who gets a class of their own by the group is measured before: a grant of theirs that has just ended is a loss now.
  v_lost := private.assign_access_classes(
    p_community_id,
    array(select g.user_id from public.channel_group_overwrites g where g.group_id = p_group_id and g.user_id is not null)
  );
  v_channel := private.add_channel(p_community_id, v_name, p_kind, p_group_id);
  perform private.announce(
    p_community_id, 'channel_created', pg_catalog.jsonb_build_object('channel_id', v_channel.id),
    v_lost
  );
  perform private.write_audit(
    p_community_id, 'channel_created', v_channel.id::text,
    p_after => pg_catalog.jsonb_build_object('name', v_name, 'kind', p_kind, 'group_id', p_group_id)
  );
  return v_channel;
end
$$;

revoke all on function private.create_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
grant execute on function private.create_channel(uuid, text, text, uuid) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_channel(
  p_community_id uuid,
  p_name text,
  p_kind text default 'text',
  p_group_id uuid default null
)
returns public.channels
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_channel(p_community_id, p_name, p_kind, p_group_id); $$;

comment on function public.create_channel(uuid, text, text, uuid) is
$$Creates a channel at the end of its group, synced with it: with the group's overwrites. Needs `manage_channels`. A community
has at most 500 channels.
@param p_name 1 to 100 characters
@param p_kind `text` or `voice`
@param p_group_id a group of the same community; left out: above all groups
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.create_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.create_channel(uuid, text, text, uuid) to authenticated;

-- schemas/communities/list_channels.sql

-- list_channels: what the caller sees, and nothing of what the caller does not. Gate: membership; then the resolved
-- view right of each channel.
create function private.list_channels(p_community_id uuid)
returns setof public.channels
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
begin
  perform private.require_in_community(p_community_id);

  return query
  select c.*
  from (
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.permissions & v_view <> 0
    where m.community_id = p_community_id
      and m.user_id = (select auth.uid())
      and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
    union all
    -- Between the end of a temporary grant and the sweep: see channel_permissions.
    select r.place_id
    from public.community_members m
    cross join lateral private.rights_now(m.community_id, m.user_id) r
    where m.community_id = p_community_id
      and m.user_id = (select auth.uid())
      and m.access_expires_at <= pg_catalog.now()
      and r.permissions & v_view <> 0
  ) visible
  join public.channels c on c.community_id = p_community_id and c.id = visible.channel_id
  left join public.channel_groups g on g.community_id = c.community_id and g.id = c.group_id
  order by g.position nulls first, g.id, c.position, c.id;
end
$$;

revoke all on function private.list_channels(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channels(uuid) to authenticated;

create function public.list_channels(p_community_id uuid)
returns setof public.channels
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channels(p_community_id); $$;

comment on function public.list_channels(uuid) is
$$Returns the channels of a community that the caller may view, in the order they are shown: those without a group
first, then group by group.
@errors session_required, not_found$$;

revoke all on function public.list_channels(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channels(uuid) to authenticated;

-- schemas/communities/described_role.sql

-- described_role: a role as clients see it: with its permissions as names. The mask of public.roles stays inside.
create type public.described_role as (
  community_id uuid,
  id uuid,
  name text,
  position integer,
  is_default boolean,
  permissions text[],
  color integer,
  created_at timestamptz
);

comment on type public.described_role is $$A role of a community with its permissions.
@not_null community_id, id, name, position, is_default, permissions, color, created_at$$;
comment on column public.described_role.position is 'Place in the hierarchy: 0 is the default role, higher is stronger.';
comment on column public.described_role.permissions is 'Keys of permissions_catalog.';
comment on column public.described_role.color is 'As 0xRRGGBB; 0: none of its own.';

create function private.describe_role(p_role public.roles)
returns public.described_role
language sql stable security definer set search_path = ''
as $$
  select row(
    p_role.community_id, p_role.id, p_role.name, p_role.position, p_role.is_default,
    private.permission_keys(p_role.permissions), p_role.color, p_role.created_at
  )::public.described_role;
$$;

revoke all on type public.described_role from public, anon, authenticated, service_role;
grant usage on type public.described_role to authenticated;
revoke all on function private.describe_role(public.roles) from public, anon, authenticated, service_role;

-- schemas/communities/require_permission_keys.sql

-- require_permission_keys: the one rule for lists of permissions from outside: known keys, none twice, none missing.
-- Returns the mask. Null where the list is null: what that means is the caller's to say.
create function private.require_permission_keys(p_keys text[], p_field text)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_unknown text;
begin
  if p_keys is null then
    return null;
  end if;
  if pg_catalog.array_ndims(p_keys) > 1
    or pg_catalog.cardinality(p_keys) > 64
    or (select pg_catalog.count(distinct k.key) from pg_catalog.unnest(p_keys) as k (key)) < pg_catalog.cardinality(p_keys)
  then
    perform private.fail(
      'invalid_argument', 'A list of permissions names each at most once.', 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  select k.key into v_unknown
  from pg_catalog.unnest(p_keys) as k (key)
  where not exists (select from public.permissions_catalog c where c.key = k.key)
  limit 1;
  if found then
    perform private.fail(
      'invalid_argument', 'There is no such permission.', 422,
      pg_catalog.jsonb_build_object('field', p_field, 'permission', pg_catalog.left(v_unknown, 64))
    );
  end if;
  return private.permission_mask(variadic p_keys);
end
$$;

revoke all on function private.require_permission_keys(text[], text) from public, anon, authenticated, service_role;

-- schemas/communities/require_color.sql

-- require_color: the one rule for colours: 0xRRGGBB, 0 for none.
create function private.require_color(p_color integer)
returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_color not between 0 and 16777215 then
    perform private.fail(
      'invalid_argument', 'A colour is a number from 0 to 0xFFFFFF.', 422,
      pg_catalog.jsonb_build_object('field', 'p_color')
    );
  end if;
end
$$;

revoke all on function private.require_color(integer) from public, anon, authenticated, service_role;

-- schemas/communities/create_role.sql

-- create_role: a role right above the default role, so below everybody who could be asked about it; the others move up.
-- Gate: manage_roles; its permissions are held by the caller.
create function private.create_role(p_community_id uuid, p_name text, p_permissions text[], p_color integer)
returns public.described_role
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_permissions bigint := coalesce(private.require_permission_keys(p_permissions, 'p_permissions'), 0);
  v_held bigint;
  v_role public.roles;
begin
  perform private.require_color(p_color);
  v_held := private.begin_change(p_community_id, 'manage_roles');
  perform private.require_held(v_held, v_permissions);
  if (select pg_catalog.count(*) from public.roles r where r.community_id = p_community_id) >= 250 then
    perform private.fail('limit_reached', 'A community has at most 250 roles.', 409);
  end if;

  update public.roles r set position = r.position + 1 where r.community_id = p_community_id and r.position > 0;
  insert into public.roles (community_id, name, position, permissions, color)
  values (p_community_id, v_name, 1, v_permissions, coalesce(p_color, 0))
  returning * into v_role;

  perform private.announce(p_community_id, 'role_created', pg_catalog.jsonb_build_object('role_id', v_role.id));
  perform private.write_audit(
    p_community_id, 'role_created', v_role.id::text,
    p_after => pg_catalog.jsonb_build_object(
      'name', v_name, 'permissions', private.permission_keys(v_permissions), 'color', v_role.color
    )
  );
  return private.describe_role(v_role);
end
$$;

revoke all on function private.create_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function private.create_role(uuid, text, text[], integer) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_role(
  p_community_id uuid,
  p_name text,
  p_permissions text[] default '{}',
  p_color integer default 0
)
returns public.described_role
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_role(p_community_id, p_name, p_permissions, p_color); $$;

comment on function public.create_role(uuid, text, text[], integer) is
$$Creates a role right above the default role. Needs `manage_roles`, and each permission that it gives. A
community has at most 250 roles.
@param p_name 1 to 100 characters
@param p_permissions keys of permissions_catalog
@param p_color 0xRRGGBB; 0: none of its own
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.create_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function public.create_role(uuid, text, text[], integer) to authenticated;

-- schemas/communities/update_role.sql

-- update_role: what is left out stays. Gate: manage_roles, the role below the caller's own; every permission that is
-- given or taken is held. However many hold the role, one resolution of the community's classes and one event.
create function private.update_role(p_role_id uuid, p_name text, p_permissions text[], p_color integer)
returns public.described_role
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := case when p_name is not null then private.require_name(p_name) end;
  v_permissions bigint := private.require_permission_keys(p_permissions, 'p_permissions');
  v_community_id uuid := (select r.community_id from public.roles r where r.id = p_role_id);
  v_held bigint;
  v_old public.roles;
  v_new public.roles;
  v_lost uuid[] := array[]::uuid[];
begin
  perform private.require_color(p_color);
  v_held := private.begin_change(v_community_id, 'manage_roles', 'role');
  v_old := private.require_above_role(v_community_id, p_role_id);
  perform private.require_held(v_held, v_old.permissions # coalesce(v_permissions, v_old.permissions));

  v_new := v_old;
  v_new.name := coalesce(v_name, v_old.name);
  v_new.permissions := coalesce(v_permissions, v_old.permissions);
  v_new.color := coalesce(p_color, v_old.color);
  if v_new = v_old then
    return private.describe_role(v_old);
  end if;

  update public.roles r
  set name = v_new.name, permissions = v_new.permissions, color = v_new.color
  where r.community_id = v_community_id and r.id = p_role_id;
  if v_new.permissions <> v_old.permissions then
    v_lost := private.resolve_access(v_community_id);
  end if;

  perform private.announce(
    v_community_id, 'role_updated', pg_catalog.jsonb_build_object('role_id', p_role_id), v_lost
  );
  perform private.write_audit(
    v_community_id, 'role_updated', p_role_id::text,
    pg_catalog.jsonb_build_object(
      'name', v_old.name, 'permissions', private.permission_keys(v_old.permissions), 'color', v_old.color
    ),
    pg_catalog.jsonb_build_object(
      'name', v_new.name, 'permissions', private.permission_keys(v_new.permissions), 'color', v_new.color
    )
  );
  return private.describe_role(v_new);
end
$$;

revoke all on function private.update_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function private.update_role(uuid, text, text[], integer) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_role(
  p_role_id uuid,
  p_name text default null,
  p_permissions text[] default null,
  p_color integer default null
)
returns public.described_role
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_role(p_role_id, p_name, p_permissions, p_color); $$;

comment on function public.update_role(uuid, text, text[], integer) is
$$Changes a role below the caller's own; what is left out stays. Needs `manage_roles`, and each permission whose value
changes.
@param p_name 1 to 100 characters
@param p_permissions the whole new set: keys of permissions_catalog
@param p_color 0xRRGGBB; 0: none of its own
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_role(uuid, text, text[], integer) from public, anon, authenticated, service_role;
grant execute on function public.update_role(uuid, text, text[], integer) to authenticated;

-- schemas/communities/set_role_permissions.sql

-- set_role_permissions: see update_role. Here a missing list is a mistake and not "as before".
create function private.set_role_permissions(p_role_id uuid, p_permissions text[])
returns public.described_role
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_permissions is null then
    perform private.require_user();
    perform private.fail(
      'invalid_argument', 'Name the permissions; an empty list takes all of them.', 422,
      pg_catalog.jsonb_build_object('field', 'p_permissions')
    );
  end if;
  return private.update_role(p_role_id, null, p_permissions, null);
end
$$;

revoke all on function private.set_role_permissions(uuid, text[]) from public, anon, authenticated, service_role;
grant execute on function private.set_role_permissions(uuid, text[]) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.set_role_permissions(p_role_id uuid, p_permissions text[])
returns public.described_role
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_role_permissions(p_role_id, p_permissions); $$;

comment on function public.set_role_permissions(uuid, text[]) is
$$Replaces the permissions of a role below the caller's own. Needs `manage_roles`, and each permission whose value changes.
@param p_permissions the whole new set: keys of permissions_catalog
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.set_role_permissions(uuid, text[]) from public, anon, authenticated, service_role;
grant execute on function public.set_role_permissions(uuid, text[]) to authenticated;

-- schemas/communities/delete_role.sql

-- delete_role: for its holders the same as taking it away: what its overwrites denied them comes back, and must be held
-- by the caller. Gate: manage_roles, the role below the caller's own. In one statement after the other under the
-- community's lock: nobody is without rights in between.
create function private.delete_role(p_role_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select r.community_id from public.roles r where r.id = p_role_id);
  v_role public.roles;
  v_holder_ids uuid[];
begin
  perform private.begin_change(v_community_id, 'manage_roles', 'role');
  v_role := private.require_above_role(v_community_id, p_role_id);
  if v_role.is_default then
    perform private.fail('conflict', 'The default role cannot be deleted.', 409);
  end if;
  perform private.require_held_in_channels(v_community_id, '{}', array[p_role_id]);

  v_holder_ids := array(
    select m.user_id from public.member_roles m where m.community_id = v_community_id and m.role_id = p_role_id
  );
  delete from public.roles r where r.community_id = v_community_id and r.id = p_role_id;
  update public.roles r
  set position = r.position - 1
  where r.community_id = v_community_id and r.position > v_role.position;

  -- Only its holders' rights came from it, so no other class has to be resolved.
  perform private.announce(
    v_community_id, 'role_deleted', pg_catalog.jsonb_build_object('role_id', p_role_id),
    private.assign_access_classes(v_community_id, v_holder_ids)
  );
  perform private.write_audit(
    v_community_id, 'role_deleted', p_role_id::text,
    pg_catalog.jsonb_build_object(
      'name', v_role.name, 'permissions', private.permission_keys(v_role.permissions), 'color', v_role.color
    ),
    p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_role(uuid, text) to authenticated;

create function public.delete_role(p_role_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_role(p_role_id, p_reason); $$;

comment on function public.delete_role(uuid, text) is
$$Deletes a role below the caller's own; its holders lose it and its overwrites go. Needs `manage_roles`, and each
permission that its overwrites deny. The default role cannot be deleted.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.delete_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_role(uuid, text) to authenticated;

-- schemas/communities/move_role.sql

-- move_role: Gate: manage_roles; the role and the place it goes to are below the caller's highest role. Nobody's rights
-- change by it: position decides who acts on whom, and plays no part in the rule.
create function private.move_role(p_role_id uuid, p_position integer)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select r.community_id from public.roles r where r.id = p_role_id);
  v_role public.roles;
  v_highest integer;
begin
  perform private.begin_change(v_community_id, 'manage_roles', 'role');
  v_role := private.require_above_role(v_community_id, p_role_id);
  if v_role.is_default then
    perform private.fail('conflict', 'The default role stays at the bottom.', 409);
  end if;
  select pg_catalog.max(r.position) into v_highest from public.roles r where r.community_id = v_community_id;
  if p_position is null or p_position not between 1 and v_highest then
    perform private.fail(
      'invalid_argument', 'A role''s place is from 1 to the number of roles above the default role.', 422,
      pg_catalog.jsonb_build_object('field', 'p_position', 'max', v_highest)
    );
  end if;
  if p_position >= private.member_rank(v_community_id, (select auth.uid())) then
    perform private.fail('role_hierarchy', 'This place is not below your own highest role.', 403);
  end if;
  if p_position = v_role.position then
    return;
  end if;

  update public.roles r
  set position = case
    when r.id = p_role_id then p_position
    when p_position > v_role.position then r.position - 1
    else r.position + 1
  end
  where r.community_id = v_community_id
    and r.position between least(p_position, v_role.position) and greatest(p_position, v_role.position);

  perform private.announce(v_community_id, 'roles_moved');
  perform private.write_audit(
    v_community_id, 'role_moved', p_role_id::text,
    pg_catalog.jsonb_build_object('position', v_role.position),
    pg_catalog.jsonb_build_object('position', p_position)
  );
end
$$;

revoke all on function private.move_role(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.move_role(uuid, integer) to authenticated;

create function public.move_role(p_role_id uuid, p_position integer)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_role(p_role_id, p_position); $$;

comment on function public.move_role(uuid, integer) is
$$Moves a role to another place in the hierarchy; those between move by one. Needs `manage_roles`; both places are below
the caller's highest role.
@param p_position 1 is right above the default role, higher is stronger
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.move_role(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_role(uuid, integer) to authenticated;

-- schemas/communities/change_member_roles.sql

-- change_member_roles: what granting, revoking and setting roles have in common, after the gate. Grants and revokes, each
-- role below the caller's own and the member below the caller. Only the owner changes their own roles: everybody else is
-- not below themselves. Granting gives a role's permissions, so they must be held; and see require_held_in_channels.
-- Roles that are held and granted again only get the new end; an earlier end takes them away, in time. Nothing changed: nothing is written or sent.
create function private.change_member_roles(
  p_community_id uuid,
  p_user_id uuid,
  p_granted uuid[],
  p_revoked uuid[],
  p_expires_at timestamptz,
  p_held bigint
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_id uuid;
  v_role public.roles;
  v_before jsonb;
  v_shortened uuid[];
begin
  if p_user_id is distinct from (select c.owner_id from public.communities c where c.id = p_community_id)
    or p_user_id <> (select auth.uid())
  then
    perform private.require_above_member(p_community_id, p_user_id);
  end if;

  foreach v_role_id in array p_granted || p_revoked loop
    v_role := private.require_above_role(p_community_id, v_role_id);
    if v_role.is_default then
      perform private.fail('conflict', 'Every member holds the default role.', 409);
    end if;
    if v_role_id = any (p_granted) then
      perform private.require_held(p_held, v_role.permissions);
    end if;
  end loop;
  v_shortened := array(
    select m.role_id from public.member_roles m
    where m.community_id = p_community_id and m.user_id = p_user_id and m.role_id = any (p_granted)
      and coalesce(m.expires_at, 'infinity') > p_expires_at
  );
  perform private.require_held_in_channels(p_community_id, p_granted, p_revoked || v_shortened);

  v_before := private.granted_roles(p_community_id, p_user_id);
  delete from public.member_roles m
  where m.community_id = p_community_id
    and m.user_id = p_user_id
    and m.role_id = any (p_revoked)
    -- One that has ended is the sweep's to remove: there is nothing left to take, and nothing to tell.
    and (m.expires_at is null or m.expires_at > pg_catalog.now());
  insert into public.member_roles as m (community_id, user_id, role_id, expires_at)
  select p_community_id, p_user_id, g.id, p_expires_at from pg_catalog.unnest(p_granted) as g (id)
  on conflict (community_id, user_id, role_id) do update set expires_at = excluded.expires_at;
  if private.granted_roles(p_community_id, p_user_id) = v_before then
    return;
  end if;

  perform private.announce(
    p_community_id, 'member_updated', pg_catalog.jsonb_build_object('user_id', p_user_id),
    private.assign_access_classes(p_community_id, array[p_user_id])
  );
  perform private.notify_access_changed(p_user_id, p_community_id, 'roles');
  perform private.write_audit(
    p_community_id, 'member_roles_changed', p_user_id::text,
    pg_catalog.jsonb_build_object('roles', v_before),
    pg_catalog.jsonb_build_object('roles', private.granted_roles(p_community_id, p_user_id))
  );
end
$$;

revoke all on function private.change_member_roles(uuid, uuid, uuid[], uuid[], timestamptz, bigint)
from public, anon, authenticated, service_role;

-- schemas/communities/grant_role.sql

-- grant_role: Gate: manage_roles; see change_member_roles.
create function private.grant_role(p_community_id uuid, p_user_id uuid, p_role_id uuid, p_expires_at timestamptz)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  v_held := private.begin_change(p_community_id, 'manage_roles');
  if p_expires_at is not null and (
    p_expires_at <= pg_catalog.clock_timestamp() or p_expires_at = 'infinity'
  ) then
    perform private.fail(
      'invalid_argument', 'A grant ends in the future.', 422, pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  perform private.change_member_roles(p_community_id, p_user_id, array[p_role_id], '{}', p_expires_at, v_held);
end
$$;

revoke all on function private.grant_role(uuid, uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.grant_role(uuid, uuid, uuid, timestamptz) to authenticated;

create function public.grant_role(
  p_community_id uuid,
  p_user_id uuid,
  p_role_id uuid,
  p_expires_at timestamptz default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.grant_role(p_community_id, p_user_id, p_role_id, p_expires_at); $$;

comment on function public.grant_role(uuid, uuid, uuid, timestamptz) is
$$Grants a role below the caller's own to a member below the caller. Needs `manage_roles`, and everything the role gives, in
the community and in single channels. The owner may grant roles to themself.
@param p_expires_at when the grant ends by itself; left out: never. Granted again: the new end holds
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.grant_role(uuid, uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.grant_role(uuid, uuid, uuid, timestamptz) to authenticated;

-- schemas/communities/revoke_role.sql

-- revoke_role: Gate: manage_roles; see change_member_roles.
create function private.revoke_role(p_community_id uuid, p_user_id uuid, p_role_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  v_held := private.begin_change(p_community_id, 'manage_roles');
  perform private.change_member_roles(p_community_id, p_user_id, '{}', array[p_role_id], null, v_held);
end
$$;

revoke all on function private.revoke_role(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.revoke_role(uuid, uuid, uuid) to authenticated;

create function public.revoke_role(p_community_id uuid, p_user_id uuid, p_role_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.revoke_role(p_community_id, p_user_id, p_role_id); $$;

comment on function public.revoke_role(uuid, uuid, uuid) is
$$Takes a role below the caller's own from a member below the caller. Needs `manage_roles`, and each permission that the
role's overwrites deny and that so comes back. The owner may take roles from themself.
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, rate_limited$$;

revoke all on function public.revoke_role(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_role(uuid, uuid, uuid) to authenticated;

-- schemas/communities/set_member_roles.sql

-- set_member_roles: an administrator's screen saved at once: all of it or nothing. Gate: manage_roles; see
-- change_member_roles. Roles that stay keep their end, and are not asked about: what does not change needs no right.
create function private.set_member_roles(p_community_id uuid, p_user_id uuid, p_role_ids uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_ids uuid[] := private.require_ids(p_role_ids, 'p_role_ids');
  v_held bigint;
  v_now uuid[];
begin
  v_held := private.begin_change(p_community_id, 'manage_roles');
  v_now := private.granted_role_ids(p_community_id, p_user_id);
  perform private.change_member_roles(
    p_community_id, p_user_id,
    array(select w.id from pg_catalog.unnest(v_role_ids) as w (id) where w.id <> all (v_now)),
    array(select h.id from pg_catalog.unnest(v_now) as h (id) where h.id <> all (v_role_ids)),
    null, v_held
  );
end
$$;

revoke all on function private.set_member_roles(uuid, uuid, uuid[]) from public, anon, authenticated, service_role;
grant execute on function private.set_member_roles(uuid, uuid, uuid[]) to authenticated;

create function public.set_member_roles(p_community_id uuid, p_user_id uuid, p_role_ids uuid[])
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_member_roles(p_community_id, p_user_id, p_role_ids); $$;

comment on function public.set_member_roles(uuid, uuid, uuid[]) is
$$Sets all roles of a member at once: those missing are granted, the others revoked, or nothing happens. Needs what
`grant_role` and `revoke_role` need for the roles that change.
@param p_role_ids the whole new set beside the default role, at most 250
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, invalid_argument, rate_limited$$;

revoke all on function public.set_member_roles(uuid, uuid, uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.set_member_roles(uuid, uuid, uuid[]) to authenticated;

-- schemas/communities/list_roles.sql

-- list_roles: Gate: membership.
create function private.list_roles(p_community_id uuid)
returns setof public.described_role
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id);

  return query
  select (private.describe_role(r)).*
  from public.roles r
  where r.community_id = p_community_id
  order by r.position desc;
end
$$;

revoke all on function private.list_roles(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_roles(uuid) to authenticated;

create function public.list_roles(p_community_id uuid)
returns setof public.described_role
language sql stable security invoker set search_path = ''
as $$ select * from private.list_roles(p_community_id); $$;

comment on function public.list_roles(uuid) is
$$Returns the roles of a community with their permissions, the strongest first and the default role last.
@errors session_required, not_found$$;

revoke all on function public.list_roles(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_roles(uuid) to authenticated;

-- schemas/communities/overwrite.sql

-- overwrite: an overwrite of a channel or a group as clients see it: with permissions as names.
create type public.overwrite as (
  channel_id uuid,
  group_id uuid,
  subject_kind text,
  subject_id uuid,
  allow text[],
  deny text[]
);

comment on type public.overwrite is $$What a channel or a group allows or denies a role or a member.
@not_null subject_kind, subject_id, allow, deny$$;
comment on column public.overwrite.channel_id is 'Null for a group''s.';
comment on column public.overwrite.group_id is 'Null for a channel''s.';
comment on column public.overwrite.subject_kind is $$Whom it is about.
@type {'role' | 'member'}$$;
comment on column public.overwrite.subject_id is 'A role''s or a user''s id.';

revoke all on type public.overwrite from public, anon, authenticated, service_role;
grant usage on type public.overwrite to authenticated;

-- schemas/communities/require_overwrite_masks.sql

-- require_overwrite_masks: the two lists of an overwrite as masks (allow, deny): keys that are asked in channels, none in both.
create function private.require_overwrite_masks(p_allow text[], p_deny text[])
returns bigint[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_allow bigint := private.require_permission_keys(p_allow, 'p_allow');
  v_deny bigint := private.require_permission_keys(p_deny, 'p_deny');
  v_elsewhere bigint := (
    select pg_catalog.bit_or(1::bigint << k.bit) from public.permissions_catalog k where k.scope = 'community'
  );
begin
  if v_allow is null or v_deny is null then
    perform private.fail(
      'invalid_argument', 'What is neither allowed nor denied is an empty list.', 422,
      pg_catalog.jsonb_build_object('field', case when v_allow is null then 'p_allow' else 'p_deny' end)
    );
  end if;
  if (v_allow | v_deny) & v_elsewhere <> 0 then
    perform private.fail(
      'invalid_argument', 'This permission is not asked in channels.', 422,
      pg_catalog.jsonb_build_object(
        'field', case when v_allow & v_elsewhere <> 0 then 'p_allow' else 'p_deny' end,
        'permission', (private.permission_keys((v_allow | v_deny) & v_elsewhere))[1]
      )
    );
  end if;
  if v_allow & v_deny <> 0 then
    perform private.fail(
      'invalid_argument', 'A permission is allowed or denied, not both.', 422,
      pg_catalog.jsonb_build_object('field', 'p_deny', 'permission', (private.permission_keys(v_allow & v_deny))[1])
    );
  end if;
  return array[v_allow, v_deny];
end
$$;

revoke all on function private.require_overwrite_masks(text[], text[]) from public, anon, authenticated, service_role;

-- schemas/communities/require_overwrite_subject.sql

-- require_overwrite_subject: whom an overwrite is about: a role or a member of this community, strictly below the caller.
-- So nobody overwrites what holds for oneself. Whoever has left stands below everybody: nothing new is said about them, but
-- what is said already may be taken back or copied (p_may_be_gone).
create function private.require_overwrite_subject(
  p_community_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_may_be_gone boolean
)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_subject_kind = 'role' then
    perform private.require_above_role(p_community_id, p_subject_id);
  elsif p_subject_kind = 'member' then
    if p_may_be_gone and private.member_rank(p_community_id, p_subject_id) is null then
      return;
    end if;
    perform private.require_above_member(p_community_id, p_subject_id);
  else
    perform private.fail(
      'invalid_argument', 'An overwrite is about a ''role'' or a ''member''.', 422,
      pg_catalog.jsonb_build_object('field', 'p_subject_kind')
    );
  end if;
end
$$;

revoke all on function private.require_overwrite_subject(uuid, text, uuid, boolean)
from public, anon, authenticated, service_role;

-- schemas/communities/require_group.sql

-- require_group: the group is one of this community's, also after the wait for its lock. Returns it.
create function private.require_group(p_community_id uuid, p_group_id uuid)
returns public.channel_groups
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_group public.channel_groups;
begin
  select g.* into v_group from public.channel_groups g where g.community_id = p_community_id and g.id = p_group_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such group in this community.', 404,
      pg_catalog.jsonb_build_object('field', 'p_group_id')
    );
  end if;
  return v_group;
end
$$;

revoke all on function private.require_group(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/communities/copy_group_overwrites.sql

-- copy_group_overwrites: makes synced channels carry their group's overwrites. Returns the channels that somebody does not
-- receive any more. The caller holds change_access.
create function private.copy_group_overwrites(p_community_id uuid, p_channel_ids uuid[])
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_before uuid[];
  v_after uuid[];
  v_lost uuid[];
begin
  v_before := array(
    select distinct w.user_id from public.channel_overwrites w
    where w.channel_id = any (p_channel_ids) and w.user_id is not null
  );
  delete from public.channel_overwrites w where w.channel_id = any (p_channel_ids);
  insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
  select g.community_id, c.id, g.role_id, g.user_id, g.allow, g.deny
  from public.channels c
  join public.channel_group_overwrites g on g.group_id = c.group_id
  where c.id = any (p_channel_ids);
  v_after := array(
    select distinct w.user_id from public.channel_overwrites w
    where w.channel_id = any (p_channel_ids) and w.user_id is not null
  );

  -- Who gets a class of their own leaves the shared one before it is resolved, and who gives it up enters after: nobody is
  -- measured by an answer that is not theirs, so no topic moves for nothing.
  v_lost := private.assign_access_classes(p_community_id, v_after);
  v_lost := v_lost || private.resolve_access(p_community_id);
  return v_lost || private.assign_access_classes(p_community_id, v_before);
end
$$;

revoke all on function private.copy_group_overwrites(uuid, uuid[]) from public, anon, authenticated, service_role;

-- schemas/communities/change_channel_overwrite.sql

-- change_channel_overwrite: setting and clearing an overwrite. An overwrite that says nothing is none. Gate: manage_roles in
-- the channel; the subject is below the caller; every bit whose value changes is held in the channel. Ends the sync.
create function private.change_channel_overwrite(
  p_channel_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow bigint,
  p_deny bigint
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint := private.begin_change_in_channel(p_channel_id, 'manage_roles');
  v_channel public.channels := (select c from public.channels c where c.id = p_channel_id);
  v_old public.channel_overwrites;
  v_old_allow bigint;
  v_old_deny bigint;
  v_lost uuid[] := array[]::uuid[];
begin
  select w.* into v_old
  from public.channel_overwrites w
  where w.channel_id = p_channel_id and w.subject_id = p_subject_id;
  perform private.require_overwrite_subject(
    v_channel.community_id, p_subject_kind, p_subject_id, v_old.channel_id is not null and p_allow | p_deny = 0
  );
  v_old_allow := coalesce(v_old.allow, 0);
  v_old_deny := coalesce(v_old.deny, 0);
  perform private.require_held(v_held, (v_old_allow # p_allow) | (v_old_deny # p_deny));
  if v_old_allow = p_allow and v_old_deny = p_deny then
    return;
  end if;

  if p_allow | p_deny = 0 then
    delete from public.channel_overwrites w where w.channel_id = p_channel_id and w.subject_id = p_subject_id;
  else
    if v_old.channel_id is null and (
      select pg_catalog.count(*) from public.channel_overwrites w where w.channel_id = p_channel_id
    ) >= 250 then
      perform private.fail('limit_reached', 'A channel has at most 250 overwrites.', 409);
    end if;
    insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
    values (
      v_channel.community_id, p_channel_id,
      case when p_subject_kind = 'role' then p_subject_id end, case when p_subject_kind = 'member' then p_subject_id end,
      p_allow, p_deny
    )
    on conflict (channel_id, subject_id) do update set allow = excluded.allow, deny = excluded.deny;
  end if;
  update public.channels c set is_synced = false where c.id = p_channel_id and c.is_synced;

  if p_subject_kind = 'member' then
    v_lost := private.assign_access_classes(v_channel.community_id, array[p_subject_id]);
  end if;
  v_lost := v_lost || private.resolve_access(v_channel.community_id, p_channel_id => p_channel_id);
  perform private.announce(
    v_channel.community_id, 'overwrites_changed', pg_catalog.jsonb_build_object('channel_id', p_channel_id), v_lost
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_overwrite_changed', p_channel_id::text,
    pg_catalog.jsonb_build_object(
      'subject_kind', p_subject_kind, 'subject_id', p_subject_id,
      'allow', private.permission_keys(v_old_allow), 'deny', private.permission_keys(v_old_deny)
    ),
    pg_catalog.jsonb_build_object(
      'subject_kind', p_subject_kind, 'subject_id', p_subject_id,
      'allow', private.permission_keys(p_allow), 'deny', private.permission_keys(p_deny)
    )
  );
end
$$;

revoke all on function private.change_channel_overwrite(uuid, text, uuid, bigint, bigint)
from public, anon, authenticated, service_role;

-- schemas/communities/set_channel_overwrite.sql

-- set_channel_overwrite: see change_channel_overwrite.
create function private.set_channel_overwrite(
  p_channel_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow text[],
  p_deny text[]
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_masks bigint[] := private.require_overwrite_masks(p_allow, p_deny);
begin
  perform private.change_channel_overwrite(p_channel_id, p_subject_kind, p_subject_id, v_masks[1], v_masks[2]);
end
$$;

revoke all on function private.set_channel_overwrite(uuid, text, uuid, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function private.set_channel_overwrite(uuid, text, uuid, text[], text[]) to authenticated;

create function public.set_channel_overwrite(
  p_channel_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow text[] default '{}',
  p_deny text[] default '{}'
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_channel_overwrite(p_channel_id, p_subject_kind, p_subject_id, p_allow, p_deny); $$;

comment on function public.set_channel_overwrite(uuid, text, uuid, text[], text[]) is
$$Sets what a channel allows and denies a role or a member below the caller; with both lists empty the overwrite is gone.
Ends the channel's sync with its group. Needs `manage_roles` in the channel, and there each permission whose value changes.
A channel has at most 250 overwrites.
@param p_subject_kind `role` (the default role included) or `member`
@param p_subject_id the role's or the user's id
@param p_allow keys of permissions_catalog that are asked in channels
@param p_deny likewise, none of those allowed
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.set_channel_overwrite(uuid, text, uuid, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function public.set_channel_overwrite(uuid, text, uuid, text[], text[]) to authenticated;

-- schemas/communities/clear_channel_overwrite.sql

-- clear_channel_overwrite: see change_channel_overwrite.
create function private.clear_channel_overwrite(p_channel_id uuid, p_subject_kind text, p_subject_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_channel_overwrite(p_channel_id, p_subject_kind, p_subject_id, 0, 0);
end
$$;

revoke all on function private.clear_channel_overwrite(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function private.clear_channel_overwrite(uuid, text, uuid) to authenticated;

create function public.clear_channel_overwrite(p_channel_id uuid, p_subject_kind text, p_subject_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.clear_channel_overwrite(p_channel_id, p_subject_kind, p_subject_id); $$;

comment on function public.clear_channel_overwrite(uuid, text, uuid) is
$$Removes what a channel says to a role or a member below the caller. Ends the channel's sync with its group. Needs
`manage_roles` in the channel, and there each permission that the overwrite allowed or denied.
@param p_subject_kind `role` or `member`
@param p_subject_id the role's or the user's id
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.clear_channel_overwrite(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.clear_channel_overwrite(uuid, text, uuid) to authenticated;

-- schemas/communities/list_channel_overwrites.sql

-- list_channel_overwrites: Gate: manage_roles in the channel.
create function private.list_channel_overwrites(p_channel_id uuid)
returns setof public.overwrite
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'manage_roles');

  return query
  select
    w.channel_id, null::uuid, case when w.role_id is null then 'member' else 'role' end, w.subject_id,
    private.permission_keys(w.allow), private.permission_keys(w.deny)
  from public.channel_overwrites w
  where w.channel_id = p_channel_id
  order by w.role_id is null, w.subject_id;
end
$$;

revoke all on function private.list_channel_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channel_overwrites(uuid) to authenticated;

create function public.list_channel_overwrites(p_channel_id uuid)
returns setof public.overwrite
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channel_overwrites(p_channel_id); $$;

comment on function public.list_channel_overwrites(uuid) is
$$Returns what a channel allows and denies, roles first. Needs `manage_roles` in the channel.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_channel_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channel_overwrites(uuid) to authenticated;

-- schemas/communities/change_channel_group_overwrite.sql

-- change_channel_group_overwrite: see change_channel_overwrite. The channels synced with the group change with it, so every
-- bit whose value changes is held by the group's own overwrites and in each of those channels.
create function private.change_channel_group_overwrite(
  p_group_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow bigint,
  p_deny bigint
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_old public.channel_group_overwrites;
  v_old_allow bigint;
  v_old_deny bigint;
  v_changed bigint;
  v_synced_ids uuid[];
begin
  perform private.begin_change(v_community_id, 'manage_roles', 'group');
  perform private.require_group(v_community_id, p_group_id);
  select w.* into v_old
  from public.channel_group_overwrites w
  where w.group_id = p_group_id and w.subject_id = p_subject_id;
  perform private.require_overwrite_subject(
    v_community_id, p_subject_kind, p_subject_id, v_old.group_id is not null and p_allow | p_deny = 0
  );
  v_old_allow := coalesce(v_old.allow, 0);
  v_old_deny := coalesce(v_old.deny, 0);
  v_changed := (v_old_allow # p_allow) | (v_old_deny # p_deny);
  v_synced_ids := array(
    select c.id from public.channels c
    where c.community_id = v_community_id and c.group_id = p_group_id and c.is_synced
  );
  perform private.require_held(r.permissions, v_changed)
  from private.rights_now(v_community_id, (select auth.uid()), p_group_id) r;
  perform private.require_held(coalesce(private.channel_permissions(c.id), 0), v_changed)
  from pg_catalog.unnest(v_synced_ids) as c (id);
  if v_changed = 0 then
    return;
  end if;

  if p_allow | p_deny = 0 then
    delete from public.channel_group_overwrites w where w.group_id = p_group_id and w.subject_id = p_subject_id;
  else
    if v_old.group_id is null and (
      select pg_catalog.count(*) from public.channel_group_overwrites w where w.group_id = p_group_id
    ) >= 250 then
      perform private.fail('limit_reached', 'A group has at most 250 overwrites.', 409);
    end if;
    insert into public.channel_group_overwrites (community_id, group_id, role_id, user_id, allow, deny)
    values (
      v_community_id, p_group_id,
      case when p_subject_kind = 'role' then p_subject_id end, case when p_subject_kind = 'member' then p_subject_id end,
      p_allow, p_deny
    )
    on conflict (group_id, subject_id) do update set allow = excluded.allow, deny = excluded.deny;
  end if;

  perform private.announce(
    v_community_id, 'overwrites_changed', pg_catalog.jsonb_build_object('group_id', p_group_id),
    private.copy_group_overwrites(v_community_id, v_synced_ids)
  );
  perform private.write_audit(
    v_community_id, 'channel_group_overwrite_changed', p_group_id::text,
    pg_catalog.jsonb_build_object(
      'subject_kind', p_subject_kind, 'subject_id', p_subject_id,
      'allow', private.permission_keys(v_old_allow), 'deny', private.permission_keys(v_old_deny)
    ),
    pg_catalog.jsonb_build_object(
      'subject_kind', p_subject_kind, 'subject_id', p_subject_id,
      'allow', private.permission_keys(p_allow), 'deny', private.permission_keys(p_deny)
    )
  );
end
$$;

revoke all on function private.change_channel_group_overwrite(uuid, text, uuid, bigint, bigint)
from public, anon, authenticated, service_role;

-- schemas/communities/set_channel_group_overwrite.sql

-- set_channel_group_overwrite: see change_channel_group_overwrite.
create function private.set_channel_group_overwrite(
  p_group_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow text[],
  p_deny text[]
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_masks bigint[] := private.require_overwrite_masks(p_allow, p_deny);
begin
  perform private.change_channel_group_overwrite(p_group_id, p_subject_kind, p_subject_id, v_masks[1], v_masks[2]);
end
$$;

revoke all on function private.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function private.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) to authenticated;

create function public.set_channel_group_overwrite(
  p_group_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow text[] default '{}',
  p_deny text[] default '{}'
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_channel_group_overwrite(p_group_id, p_subject_kind, p_subject_id, p_allow, p_deny); $$;

comment on function public.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) is
$$Sets what a group, and each channel synced with it, allows and denies a role or a member below the caller; with both lists
empty the overwrite is gone. Needs `manage_roles`, and each permission whose value changes, held in all those channels.
A group has at most 250 overwrites.
@param p_subject_kind `role` (the default role included) or `member`
@param p_subject_id the role's or the user's id
@param p_allow keys of permissions_catalog that are asked in channels
@param p_deny likewise, none of those allowed
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function public.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) to authenticated;

-- schemas/communities/clear_channel_group_overwrite.sql

-- clear_channel_group_overwrite: see change_channel_group_overwrite.
create function private.clear_channel_group_overwrite(p_group_id uuid, p_subject_kind text, p_subject_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_channel_group_overwrite(p_group_id, p_subject_kind, p_subject_id, 0, 0);
end
$$;

revoke all on function private.clear_channel_group_overwrite(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function private.clear_channel_group_overwrite(uuid, text, uuid) to authenticated;

create function public.clear_channel_group_overwrite(p_group_id uuid, p_subject_kind text, p_subject_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.clear_channel_group_overwrite(p_group_id, p_subject_kind, p_subject_id); $$;

comment on function public.clear_channel_group_overwrite(uuid, text, uuid) is
$$Removes what a group, and each channel synced with it, says to a role or a member below the caller. Needs what setting it
needs.
@param p_subject_kind `role` or `member`
@param p_subject_id the role's or the user's id
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.clear_channel_group_overwrite(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.clear_channel_group_overwrite(uuid, text, uuid) to authenticated;

-- schemas/communities/list_channel_group_overwrites.sql

-- list_channel_group_overwrites: Gate: manage_roles.
create function private.list_channel_group_overwrites(p_group_id uuid)
returns setof public.overwrite
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(
    (select g.community_id from public.channel_groups g where g.id = p_group_id), 'manage_roles', 'group'
  );

  return query
  select
    null::uuid, w.group_id, case when w.role_id is null then 'member' else 'role' end, w.subject_id,
    private.permission_keys(w.allow), private.permission_keys(w.deny)
  from public.channel_group_overwrites w
  where w.group_id = p_group_id
  order by w.role_id is null, w.subject_id;
end
$$;

revoke all on function private.list_channel_group_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channel_group_overwrites(uuid) to authenticated;

create function public.list_channel_group_overwrites(p_group_id uuid)
returns setof public.overwrite
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channel_group_overwrites(p_group_id); $$;

comment on function public.list_channel_group_overwrites(uuid) is
$$Returns what a group allows and denies, roles first. Needs `manage_roles`.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_channel_group_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channel_group_overwrites(uuid) to authenticated;

-- schemas/communities/sync_channel_with_group.sql

-- sync_channel_with_group: each overwrite that comes, goes or changes is asked about as if it were set by itself.
create function private.sync_channel_with_group(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint := private.begin_change_in_channel(p_channel_id, 'manage_roles');
  v_channel public.channels := (select c from public.channels c where c.id = p_channel_id);
  v_change record;
begin
  if v_channel.group_id is null then
    perform private.fail('conflict', 'This channel stands in no group.', 409);
  end if;

  for v_change in
    select
      coalesce(o.subject_id, n.subject_id) as subject_id,
      case when coalesce(o.role_id, n.role_id) is null then 'member' else 'role' end as subject_kind,
      (coalesce(o.allow, 0) # coalesce(n.allow, 0)) | (coalesce(o.deny, 0) # coalesce(n.deny, 0)) as changed
    from (select * from public.channel_overwrites w where w.channel_id = p_channel_id) o
    full join (select * from public.channel_group_overwrites w where w.group_id = v_channel.group_id) n
      on n.subject_id = o.subject_id
    where (o.allow, o.deny) is distinct from (n.allow, n.deny)
  loop
    perform private.require_overwrite_subject(
      v_channel.community_id, v_change.subject_kind, v_change.subject_id, p_may_be_gone => true
    );
    perform private.require_held(v_held, v_change.changed);
  end loop;
  if v_channel.is_synced then
    return;
  end if;

  update public.channels c set is_synced = true where c.id = p_channel_id;
  perform private.announce(
    v_channel.community_id, 'overwrites_changed', pg_catalog.jsonb_build_object('channel_id', p_channel_id),
    private.copy_group_overwrites(v_channel.community_id, array[p_channel_id])
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_synced', p_channel_id::text,
    p_after => pg_catalog.jsonb_build_object('group_id', v_channel.group_id)
  );
end
$$;

revoke all on function private.sync_channel_with_group(uuid) from public, anon, authenticated, service_role;
grant execute on function private.sync_channel_with_group(uuid) to authenticated;

create function public.sync_channel_with_group(p_channel_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.sync_channel_with_group(p_channel_id); $$;

comment on function public.sync_channel_with_group(uuid) is
$$Replaces a channel's overwrites by those of its group, and has it follow the group from now on. Needs `manage_roles` in the
channel, and there each permission whose value changes; every role and member concerned is below the caller.
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, rate_limited$$;

revoke all on function public.sync_channel_with_group(uuid) from public, anon, authenticated, service_role;
grant execute on function public.sync_channel_with_group(uuid) to authenticated;

-- schemas/communities/update_channel.sql

-- update_channel: Gate: manage_channels in the channel. What is left out stays.
create function private.update_channel(
  p_channel_id uuid,
  p_name text,
  p_slow_mode_seconds integer,
  p_announces_joins boolean
)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := case when p_name is not null then private.require_name(p_name) end;
  v_old public.channels;
  v_channel public.channels;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  select c.* into v_old from public.channels c where c.id = p_channel_id;
  if p_slow_mode_seconds not between 0 and 21600 then
    perform private.fail(
      'invalid_argument', 'Slow mode is 0 to 21,600 seconds.', 422,
      pg_catalog.jsonb_build_object('field', 'p_slow_mode_seconds', 'max', 21600)
    );
  end if;
  if v_old.kind <> 'text' and (p_slow_mode_seconds > 0 or p_announces_joins) then
    perform private.fail(
      'invalid_argument', 'Only text channels have slow mode or announce joins.', 422,
      pg_catalog.jsonb_build_object(
        'field', case when p_slow_mode_seconds > 0 then 'p_slow_mode_seconds' else 'p_announces_joins' end
      )
    );
  end if;

  if p_announces_joins then
    -- The channel that told them before changes, too: the right in this one alone is not enough.
    perform private.require_in_community(v_old.community_id, 'manage_channels');
    update public.channels c set announces_joins = false
    where c.community_id = v_old.community_id and c.announces_joins and c.id <> p_channel_id;
  end if;
  update public.channels c
  set
    name = coalesce(v_name, c.name),
    slow_mode_seconds = coalesce(p_slow_mode_seconds, c.slow_mode_seconds),
    announces_joins = coalesce(p_announces_joins, c.announces_joins)
  where c.id = p_channel_id
  returning c.* into v_channel;
  if v_channel = v_old then
    return v_channel;
  end if;

  perform private.announce(
    v_channel.community_id, 'channel_updated', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_updated', p_channel_id::text,
    pg_catalog.jsonb_build_object(
      'name', v_old.name, 'slow_mode_seconds', v_old.slow_mode_seconds, 'announces_joins', v_old.announces_joins
    ),
    pg_catalog.jsonb_build_object(
      'name', v_channel.name, 'slow_mode_seconds', v_channel.slow_mode_seconds,
      'announces_joins', v_channel.announces_joins
    )
  );
  return v_channel;
end
$$;

revoke all on function private.update_channel(uuid, text, integer, boolean) from public, anon, authenticated, service_role;
grant execute on function private.update_channel(uuid, text, integer, boolean) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_channel(
  p_channel_id uuid,
  p_name text default null,
  p_slow_mode_seconds integer default null,
  p_announces_joins boolean default null
)
returns public.channels
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_channel(p_channel_id, p_name, p_slow_mode_seconds, p_announces_joins); $$;

comment on function public.update_channel(uuid, text, integer, boolean) is
$$Changes a channel; what is left out stays. A new name is told in the channel. Needs `manage_channels` in it.
@param p_name 1 to 100 characters
@param p_slow_mode_seconds how long everybody waits between two messages, up to 21,600 seconds; 0: no slow mode
@param p_announces_joins whether joins are told in it, in place of the channel that told them before; to begin with it needs
`manage_channels` in the community, too
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_channel(uuid, text, integer, boolean) from public, anon, authenticated, service_role;
grant execute on function public.update_channel(uuid, text, integer, boolean) to authenticated;

-- schemas/communities/move_channel.sql

-- move_channel: Gate: manage_channels in the channel, and in the community because the other channels move too.
create function private.move_channel(p_channel_id uuid, p_group_id uuid, p_position integer)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select c.community_id from public.channels c where c.id = p_channel_id);
  v_channel public.channels;
begin
  perform private.require_in_channel(p_channel_id, 'manage_channels');
  perform private.begin_change(v_community_id, 'manage_channels');
  perform private.require_in_channel(p_channel_id, 'manage_channels');
  select c.* into v_channel from public.channels c where c.id = p_channel_id;
  if p_group_id is not null then
    perform private.require_group(v_community_id, p_group_id);
  end if;
  if p_position is null or p_position < 0 then
    perform private.fail(
      'invalid_argument', 'A place is a number from 0.', 422, pg_catalog.jsonb_build_object('field', 'p_position')
    );
  end if;

  -- The places of both groups are counted anew, the channel among them where it shall stand.
  update public.channels c
  set
    group_id = placed.group_id,
    position = placed.position,
    is_synced = c.is_synced and c.group_id is not distinct from placed.group_id
  from (
    select
      o.id,
      o.new_group_id as group_id,
      pg_catalog.row_number() over (partition by o.new_group_id order by o.place, o.id) - 1 as position
    from (
      select
        k.id,
        case when k.id = p_channel_id then p_group_id else k.group_id end as new_group_id,
        case
          -- Before whoever stands at that place once the channel itself is taken out.
          when k.id = p_channel_id then p_position - 0.5
          else pg_catalog.row_number() over (
            partition by k.group_id, k.id = p_channel_id order by k.position, k.id
          ) - 1
        end as place
      from public.channels k
      where k.community_id = v_community_id
    ) o
  ) placed
  where c.id = placed.id
    and (c.position <> placed.position or c.group_id is distinct from placed.group_id);
  if not found then
    return;
  end if;

  perform private.announce(v_community_id, 'channels_moved');
  perform private.write_audit(
    v_community_id, 'channel_moved', p_channel_id::text,
    pg_catalog.jsonb_build_object('group_id', v_channel.group_id, 'position', v_channel.position),
    (
      select pg_catalog.jsonb_build_object('group_id', c.group_id, 'position', c.position)
      from public.channels c where c.id = p_channel_id
    )
  );
end
$$;

revoke all on function private.move_channel(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.move_channel(uuid, uuid, integer) to authenticated;

create function public.move_channel(p_channel_id uuid, p_group_id uuid, p_position integer)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_channel(p_channel_id, p_group_id, p_position); $$;

comment on function public.move_channel(uuid, uuid, integer) is
$$Moves a channel to a place in a group; the others make room. Its overwrites stay as they are, and another group ends the
sync. Needs `manage_channels`, in the channel and in the community.
@param p_group_id {string | null} a group of the same community; null: above all groups
@param p_position 0 is the first; past the end: the last
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.move_channel(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_channel(uuid, uuid, integer) to authenticated;

-- schemas/communities/delete_channel.sql

-- delete_channel: one event, however much was written in it. Gate: manage_channels in the channel.
create function private.delete_channel(p_channel_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  delete from public.channels c where c.id = p_channel_id returning c.* into v_channel;
  update public.channels c
  set position = c.position - 1
  where c.community_id = v_channel.community_id
    and c.group_id is not distinct from v_channel.group_id
    and c.position > v_channel.position;

  -- Members whose last personal overwrite stood here belong to the others' classes again.
  perform private.announce(
    v_channel.community_id, 'channel_deleted', pg_catalog.jsonb_build_object('channel_id', p_channel_id),
    private.assign_access_classes(
      v_channel.community_id,
      array(
        select a.member_id from private.access_classes a
        where a.community_id = v_channel.community_id and a.member_id is not null
      )
    )
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_deleted', p_channel_id::text,
    pg_catalog.jsonb_build_object('name', v_channel.name, 'kind', v_channel.kind, 'group_id', v_channel.group_id),
    p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_channel(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_channel(uuid, text) to authenticated;

create function public.delete_channel(p_channel_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_channel(p_channel_id, p_reason); $$;

comment on function public.delete_channel(uuid, text) is
$$Deletes a channel with everything in it. Needs `manage_channels` in it. Nobody reads its messages from then on; they are
removed from the disk in the minutes after.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_channel(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_channel(uuid, text) to authenticated;

-- schemas/communities/update_channel_group.sql

-- update_channel_group: Gate: manage_channels.
create function private.update_channel_group(p_group_id uuid, p_name text)
returns public.channel_groups
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_group public.channel_groups;
begin
  perform private.begin_change(v_community_id, 'manage_channels', 'group');
  v_group := private.require_group(v_community_id, p_group_id);
  if v_name = v_group.name then
    return v_group;
  end if;

  update public.channel_groups g set name = v_name where g.id = p_group_id;
  perform private.announce(
    v_community_id, 'channel_group_updated', pg_catalog.jsonb_build_object('group_id', p_group_id)
  );
  perform private.write_audit(
    v_community_id, 'channel_group_updated', p_group_id::text,
    pg_catalog.jsonb_build_object('name', v_group.name), pg_catalog.jsonb_build_object('name', v_name)
  );
  v_group.name := v_name;
  return v_group;
end
$$;

revoke all on function private.update_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_channel_group(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_channel_group(p_group_id uuid, p_name text)
returns public.channel_groups
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_channel_group(p_group_id, p_name); $$;

comment on function public.update_channel_group(uuid, text) is
$$Renames a group of channels. Needs `manage_channels`.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_channel_group(uuid, text) to authenticated;

-- schemas/communities/move_channel_group.sql

-- move_channel_group: Gate: manage_channels.
create function private.move_channel_group(p_group_id uuid, p_position integer)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_group public.channel_groups;
begin
  perform private.begin_change(v_community_id, 'manage_channels', 'group');
  v_group := private.require_group(v_community_id, p_group_id);
  if p_position is null or p_position < 0 then
    perform private.fail(
      'invalid_argument', 'A place is a number from 0.', 422, pg_catalog.jsonb_build_object('field', 'p_position')
    );
  end if;

  update public.channel_groups g
  set position = placed.position
  from (
    select o.id, pg_catalog.row_number() over (order by o.place, o.id) - 1 as position
    from (
      select
        k.id,
        case
          when k.id = p_group_id then p_position - 0.5
          else pg_catalog.row_number() over (partition by k.id = p_group_id order by k.position, k.id) - 1
        end as place
      from public.channel_groups k
      where k.community_id = v_community_id
    ) o
  ) placed
  where g.id = placed.id and g.position <> placed.position;
  if not found then
    return;
  end if;

  perform private.announce(v_community_id, 'channels_moved');
  perform private.write_audit(
    v_community_id, 'channel_group_moved', p_group_id::text,
    pg_catalog.jsonb_build_object('position', v_group.position),
    (select pg_catalog.jsonb_build_object('position', g.position) from public.channel_groups g where g.id = p_group_id)
  );
end
$$;

revoke all on function private.move_channel_group(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.move_channel_group(uuid, integer) to authenticated;

create function public.move_channel_group(p_group_id uuid, p_position integer)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_channel_group(p_group_id, p_position); $$;

comment on function public.move_channel_group(uuid, integer) is
$$Moves a group of channels to another place; the others make room. Needs `manage_channels`.
@param p_position 0 is the first; past the end: the last
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.move_channel_group(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_channel_group(uuid, integer) to authenticated;

-- schemas/communities/delete_channel_group.sql

-- delete_channel_group: nobody's rights change: a synced channel carries its overwrites itself. Gate: manage_channels.
create function private.delete_channel_group(p_group_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_group public.channel_groups;
begin
  perform private.begin_change(v_community_id, 'manage_channels', 'group');
  v_group := private.require_group(v_community_id, p_group_id);

  update public.channels c
  set
    group_id = null,
    is_synced = false,
    position = c.position + (
      select pg_catalog.count(*) from public.channels k where k.community_id = v_community_id and k.group_id is null
    )
  where c.community_id = v_community_id and c.group_id = p_group_id;
  delete from public.channel_groups g where g.id = p_group_id;
  update public.channel_groups g
  set position = g.position - 1
  where g.community_id = v_community_id and g.position > v_group.position;

  perform private.announce(
    v_community_id, 'channel_group_deleted', pg_catalog.jsonb_build_object('group_id', p_group_id)
  );
  perform private.write_audit(
    v_community_id, 'channel_group_deleted', p_group_id::text,
    pg_catalog.jsonb_build_object('name', v_group.name), p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_channel_group(uuid, text) to authenticated;

create function public.delete_channel_group(p_group_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_channel_group(p_group_id, p_reason); $$;

comment on function public.delete_channel_group(uuid, text) is
$$Deletes a group. Its channels stay, with their overwrites, after those without a group. Needs `manage_channels`.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_channel_group(uuid, text) to authenticated;

-- schemas/communities/list_channel_groups.sql

-- list_channel_groups: Gate: membership.
create function private.list_channel_groups(p_community_id uuid)
returns setof public.channel_groups
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id);

  return query
  select g.* from public.channel_groups g where g.community_id = p_community_id order by g.position, g.id;
end
$$;

revoke all on function private.list_channel_groups(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channel_groups(uuid) to authenticated;

create function public.list_channel_groups(p_community_id uuid)
returns setof public.channel_groups
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channel_groups(p_community_id); $$;

comment on function public.list_channel_groups(uuid) is
$$Returns the groups of a community in the order they are shown.
@errors session_required, not_found$$;

revoke all on function public.list_channel_groups(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channel_groups(uuid) to authenticated;

-- schemas/communities/invites.sql

-- invites: codes by which people join. A code is 80 random bits, so guessing one is hopeless whatever the rate.
create table public.invites (
  community_id uuid not null references public.communities (id) on delete cascade,
  code text not null unique,
  creator_id uuid references public.profiles (id) on delete set null,
  uses integer not null default 0,
  max_uses integer check (max_uses > 0),
  expires_at timestamptz,
  role_ids uuid[] not null default '{}',
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, code)
);

comment on table public.invites is 'A code by which people join a community.';
comment on column public.invites.uses is 'How many joined by it.';
comment on column public.invites.max_uses is 'How many may join by it; null: any number.';
comment on column public.invites.expires_at is 'When it ends; null: never.';
comment on column public.invites.role_ids is
'Roles that whoever joins by it is granted, as far as they exist and its creator could still grant them.';

create index invites_created_at on public.invites (community_id, created_at, code);
create index invites_creator_id on public.invites (creator_id);
create index invites_expires_at on public.invites (expires_at) where expires_at is not null;

alter table public.invites enable row level security;

-- Only who made an invite, and who manages invites, see its code. Not every member: a code is the right to let people in.
create policy invites_select on public.invites
for select to authenticated using (
  community_id = any ((select private.my_community_ids())::uuid[])
  and (
    creator_id = (select auth.uid())
    or community_id = any ((select private.my_community_ids('manage_invites'))::uuid[])
  )
);

revoke all on table public.invites from public, anon, authenticated, service_role;
grant select on table public.invites to authenticated;

-- schemas/communities/end_invites_of_account.sql

-- An invite outlives who made it, whose name it does not bear any more once the account has ended; and grants no role, since nobody could.
create function private.end_invites_of_account()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.invites i set creator_id = null where i.creator_id = new.user_id;
  return null;
end
$$;

revoke all on function private.end_invites_of_account() from public, anon, authenticated, service_role;

create trigger communities_end_invites
after insert on private.account_endings
for each row execute function private.end_invites_of_account();

-- schemas/communities/invite_code.sql

-- invite_code: 16 characters of 32 (no i, l, o, u: nothing to misread), 80 random bits.
-- uuid_send(gen_random_uuid()) has fixed bits in bytes 6 and 8, so two uuids give bytes 0 to 4 each.
create function private.invite_code()
returns text
language sql volatile security invoker set search_path = ''
as $$
  with random as (
    select
      pg_catalog.substring(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 1, 5)
        || pg_catalog.substring(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 1, 5) as bytes
  )
  select pg_catalog.string_agg(
    pg_catalog.substr(
      '0123456789abcdefghjkmnpqrstvwxyz',
      1 + (
        (pg_catalog.get_bit(r.bytes, i * 5) << 4) | (pg_catalog.get_bit(r.bytes, i * 5 + 1) << 3)
        | (pg_catalog.get_bit(r.bytes, i * 5 + 2) << 2) | (pg_catalog.get_bit(r.bytes, i * 5 + 3) << 1)
        | pg_catalog.get_bit(r.bytes, i * 5 + 4)
      ),
      1
    ),
    ''
  )
  from random r, pg_catalog.generate_series(0, 15) as i;
$$;

revoke all on function private.invite_code() from public, anon, authenticated, service_role;

-- schemas/communities/create_invite.sql

-- create_invite: Gate: create_invite; with roles manage_roles too, and what holds for granting them. Limits: invite_create
-- per user. The log keeps the first four of a code's sixteen characters: enough to tell invites apart, not to use one.
create function private.create_invite(
  p_community_id uuid,
  p_max_uses integer,
  p_expires_at timestamptz,
  p_role_ids uuid[]
)
returns public.invites
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_role_ids uuid[] := private.require_ids(p_role_ids, 'p_role_ids');
  v_held bigint;
  v_role_id uuid;
  v_role public.roles;
  v_invite public.invites;
begin
  if v_role_ids = '{}' then
    -- Everyday work of every member: it changes nobody's rights, so it waits for nobody.
    perform private.require_in_community(p_community_id, 'create_invite');
  else
    v_held := private.begin_change(p_community_id, 'create_invite');
    perform private.require_in_community(p_community_id, 'manage_roles');
    foreach v_role_id in array v_role_ids loop
      v_role := private.require_above_role(p_community_id, v_role_id);
      if v_role.is_default then
        perform private.fail(
          'invalid_argument', 'Everybody holds the default role already.', 422,
          pg_catalog.jsonb_build_object('field', 'p_role_ids')
        );
      end if;
      perform private.require_held(v_held, v_role.permissions);
    end loop;
    perform private.require_held_in_channels(p_community_id, v_role_ids, '{}');
  end if;

  if p_max_uses is not null and p_max_uses < 1 then
    perform private.fail(
      'invalid_argument', 'An invite can be used at least once.', 422,
      pg_catalog.jsonb_build_object('field', 'p_max_uses')
    );
  end if;
  if p_expires_at <= pg_catalog.clock_timestamp() or p_expires_at = 'infinity' then
    perform private.fail(
      'invalid_argument', 'An invite ends in the future.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  perform private.take_token('invite_create', v_user_id::text);

  insert into public.invites (community_id, code, creator_id, max_uses, expires_at, role_ids)
  values (p_community_id, private.invite_code(), v_user_id, p_max_uses, p_expires_at, v_role_ids)
  returning * into v_invite;

  perform private.write_audit(
    p_community_id, 'invite_created', pg_catalog.left(v_invite.code, 4),
    p_after => pg_catalog.jsonb_build_object('max_uses', p_max_uses, 'expires_at', p_expires_at, 'role_ids', v_role_ids)
  );
  return v_invite;
end
$$;

revoke all on function private.create_invite(uuid, integer, timestamptz, uuid[]) from public, anon, authenticated, service_role;
grant execute on function private.create_invite(uuid, integer, timestamptz, uuid[]) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_invite(
  p_community_id uuid,
  p_max_uses integer default null,
  p_expires_at timestamptz default null,
  p_role_ids uuid[] default '{}'
)
returns public.invites
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_invite(p_community_id, p_max_uses, p_expires_at, p_role_ids); $$;

comment on function public.create_invite(uuid, integer, timestamptz, uuid[]) is
$$Creates an invite and returns it with its `code`. Needs `create_invite`, and to grant roles with it `manage_roles`.
@param p_max_uses how many may join by it; at least 1; left out: any number
@param p_expires_at when it ends; left out: never
@param p_role_ids roles below your own, at most 250, that whoever joins by it is granted. They are asked again then: what
you could no longer grant is not granted
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.create_invite(uuid, integer, timestamptz, uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.create_invite(uuid, integer, timestamptz, uuid[]) to authenticated;

-- schemas/communities/charge_invite_try.sql

-- charge_invite_try: every try of a code counts, also a refused one: see refusal. Limits: invite_try per user, and
-- invite_try_address per address, because accounts are easily made.
create function private.charge_invite_try()
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_address text := private.request_address();
begin
  perform private.take_token('invite_try', (select auth.uid())::text);
  if v_address is not null then
    perform private.take_token('invite_try_address', v_address);
  end if;
end
$$;

revoke all on function private.charge_invite_try() from public, anon, authenticated, service_role;

-- schemas/communities/find_invite.sql

-- find_invite: the invite with this code, however it was typed; no row where there is none.
create function private.find_invite(p_code text)
returns setof public.invites
language sql stable security definer set search_path = ''
as $$
  select i.* from public.invites i where i.code = pg_catalog.lower(pg_catalog.btrim(p_code));
$$;

revoke all on function private.find_invite(text) from public, anon, authenticated, service_role;

-- schemas/communities/redeem_invite.sql

-- redeem_invite: joins the community whose code this is. A member who redeems again gets the community back and uses
-- nothing up, so a retry is safe. Limits: those of charge_invite_try, community_join per community and user, and
-- community_join_total per community.
-- What is wrong with the code or the caller is answered, not raised, so that the try stays charged.
-- Joining takes nobody's access away, so it shares the lock with those who send.
create function private.redeem_invite(p_code text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_invite public.invites;
  v_role_ids uuid[];
begin
  perform private.charge_invite_try();

  -- The community is looked up first, because its lock comes before any row's.
  select i.* into v_invite from private.find_invite(p_code) i;
  perform private.hold_access(v_invite.community_id);
  select i.* into v_invite from public.invites i where i.code = v_invite.code for update;
  if v_invite.code is null then
    return private.refusal(
      'not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code')
    );
  end if;

  if not exists (
    select from public.community_members m
    where m.community_id = v_invite.community_id and m.user_id = v_user_id
  ) then
    if private.is_banned(v_invite.community_id, v_user_id) then
      return private.refusal('banned', 'You are banned from this community.', 403);
    end if;
    if v_invite.expires_at <= pg_catalog.clock_timestamp() or v_invite.uses >= v_invite.max_uses then
      return private.refusal('expired', 'This invite is no longer valid.', 410);
    end if;
    perform private.take_token('community_join', v_invite.community_id || ':' || v_user_id);
    perform private.take_token('community_join_total', v_invite.community_id::text);
    update public.invites i set uses = i.uses + 1 where i.code = v_invite.code;
    v_role_ids := array(
      select r.id from pg_catalog.unnest(v_invite.role_ids) as r (id)
      where private.may_grant(v_invite.community_id, v_invite.creator_id, r.id)
    );
    if private.add_member(v_invite.community_id, v_user_id, v_role_ids, v_invite.creator_id, v_invite.code)
      and v_role_ids <> array[]::uuid[]
    then
      -- Who joins is the actor here, but it is the invite's maker who answers for the roles.
      perform private.write_audit(
        v_invite.community_id, 'member_roles_changed', v_user_id::text,
        pg_catalog.jsonb_build_object('roles', pg_catalog.jsonb_build_object()),
        pg_catalog.jsonb_build_object(
          'roles', private.granted_roles(v_invite.community_id, v_user_id), 'invited_by', v_invite.creator_id
        )
      );
    end if;
  end if;

  return (select pg_catalog.to_jsonb(c) from public.communities c where c.id = v_invite.community_id);
end
$$;

revoke all on function private.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function private.redeem_invite(text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the answer with a pattern
-- of its own, and the locks are held while it is matched.
create function public.redeem_invite(p_code text)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.redeem_invite(p_code); $$;

comment on function public.redeem_invite(text) is
$$Joins the community the code belongs to and returns it. Whoever already is a member gets it back and uses nothing up.
Every try counts towards the limit, also a refused one. Through the Data API a refusal is an error like any other; in SQL
it is returned as that error's JSON, so that the try stays counted.
@errors session_required, not_found, banned, expired, rate_limited
@idempotent
@returns {Community}$$;

revoke all on function public.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.redeem_invite(text) to authenticated;

-- schemas/communities/preview_invite.sql

-- preview_invite: what a code leads to, before joining. Every try counts: see redeem_invite.
create function private.preview_invite(p_code text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_invite public.invites;
begin
  perform private.require_account();
  perform private.charge_invite_try();

  select i.* into v_invite from private.find_invite(p_code) i;
  if not found then
    return private.refusal(
      'not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code')
    );
  end if;
  if v_invite.expires_at <= pg_catalog.clock_timestamp() or v_invite.uses >= v_invite.max_uses then
    return private.refusal('expired', 'This invite is no longer valid.', 410);
  end if;

  return (
    select pg_catalog.jsonb_build_object(
      'community_id', c.id,
      'name', c.name,
      'inviter', p.display_name,
      'expires_at', v_invite.expires_at,
      -- Counted no further than a person reads: the count of a large community would cost more than the rest.
      'members', (
        select pg_catalog.count(*)
        from (select from public.community_members m where m.community_id = c.id limit 1000) s
      )
    )
    from public.communities c
    left join public.profiles p on p.id = v_invite.creator_id
    where c.id = v_invite.community_id
  );
end
$$;

revoke all on function private.preview_invite(text) from public, anon, authenticated, service_role;
grant execute on function private.preview_invite(text) to authenticated;

create function public.preview_invite(p_code text)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.preview_invite(p_code); $$;

comment on function public.preview_invite(text) is
$$Returns what an invite leads to, without joining. `members` counts up to 1,000.
Every try counts towards the limit, also a refused one.
@errors session_required, not_found, expired, rate_limited
@returns {{ community_id: string; name: string; inviter: string | null; expires_at: string | null; members: number }}$$;

revoke all on function public.preview_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.preview_invite(text) to authenticated;

-- schemas/communities/revoke_invite.sql

-- revoke_invite: Gate: manage_invites, or the caller made it and is a member.
create function private.revoke_invite(p_code text, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_invite public.invites;
begin
  select i.* into v_invite from private.find_invite(p_code) i;
  -- Of a community one is no member of, a code that exists and one that does not are the same.
  if v_invite.code is null or private.community_permissions(v_invite.community_id) is null then
    perform private.require_user();
    perform private.fail('not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code'));
  end if;
  perform private.require_in_community(
    v_invite.community_id, case when v_invite.creator_id = (select auth.uid()) then null else 'manage_invites' end
  );

  delete from public.invites i where i.code = v_invite.code;
  if found then
    perform private.write_audit(
      v_invite.community_id, 'invite_revoked', pg_catalog.left(v_invite.code, 4),
      p_before => pg_catalog.jsonb_build_object('creator_id', v_invite.creator_id, 'uses', v_invite.uses),
      p_reason => p_reason
    );
  end if;
end
$$;

revoke all on function private.revoke_invite(text, text) from public, anon, authenticated, service_role;
grant execute on function private.revoke_invite(text, text) to authenticated;

create function public.revoke_invite(p_code text, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.revoke_invite(p_code, p_reason); $$;

comment on function public.revoke_invite(text, text) is
$$Ends an invite: nobody joins by it any more. One's own, or any with `manage_invites`.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.revoke_invite(text, text) from public, anon, authenticated, service_role;
grant execute on function public.revoke_invite(text, text) to authenticated;

-- schemas/communities/list_invites.sql

-- list_invites: Gate: manage_invites. Ended ones are left out. The page goes on by values and not by a row, which may be gone
-- by then.
create function private.list_invites(
  p_community_id uuid,
  p_before_created_at timestamptz,
  p_before_code text,
  p_limit integer
)
returns setof public.invites
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'manage_invites');
  perform private.require_limit(p_limit, 100);
  if (p_before_created_at is null) <> (p_before_code is null) then
    perform private.fail(
      'invalid_argument', 'To go on after an invite, give both its time and its code.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_code')
    );
  end if;

  return query
  select i.*
  from public.invites i
  where i.community_id = p_community_id
    and (i.expires_at is null or i.expires_at > pg_catalog.clock_timestamp())
    and (i.max_uses is null or i.uses < i.max_uses)
    and (p_before_code is null or (i.created_at, i.code) < (p_before_created_at, p_before_code))
  order by i.created_at desc, i.code desc
  limit p_limit;
end
$$;

revoke all on function private.list_invites(uuid, timestamptz, text, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_invites(uuid, timestamptz, text, integer) to authenticated;

create function public.list_invites(
  p_community_id uuid,
  p_before_created_at timestamptz default null,
  p_before_code text default null,
  p_limit integer default 50
)
returns setof public.invites
language sql stable security invoker set search_path = ''
as $$ select * from private.list_invites(p_community_id, p_before_created_at, p_before_code, p_limit); $$;

comment on function public.list_invites(uuid, timestamptz, text, integer) is
$$Returns a page of the invites by which people can join now, the newest first, with their codes. Needs `manage_invites`.
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_code and its `code`; both or none
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_invites(uuid, timestamptz, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_invites(uuid, timestamptz, text, integer) to authenticated;

-- schemas/communities/leave_community.sql

-- leave_community: never the owner, who hands the community over first.
-- The topics' names change, so an open socket of the one who left hears nothing that is sent afterwards.
create function private.leave_community(p_community_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  perform private.begin_change(p_community_id);

  if exists (select from public.communities c where c.id = p_community_id and c.owner_id = v_user_id) then
    perform private.fail('conflict', 'The owner cannot leave: hand the community over first.', 409);
  end if;

  delete from public.community_members m where m.community_id = p_community_id and m.user_id = v_user_id;

  perform private.notify_access_changed(v_user_id, p_community_id, 'left');
end
$$;

revoke all on function private.leave_community(uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_community(uuid) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.leave_community(p_community_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_community(p_community_id); $$;

comment on function public.leave_community(uuid) is
$$Ends the caller's membership, and with it roles and what channels allow the caller personally. Timeouts and what channels
deny stay, and hold again on coming back. The owner cannot leave.
@errors session_required, not_found, conflict, rate_limited$$;

revoke all on function public.leave_community(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_community(uuid) to authenticated;

-- schemas/communities/bans.sql

-- bans: who may not join. Read at the moment of joining; a ban past its expires_at holds nobody back, and the sweep tidies.
create table public.bans (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  actor_id uuid references public.profiles (id) on delete set null,
  reason text,
  expires_at timestamptz,
  created_at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (community_id, user_id)
);

comment on table public.bans is 'A user who may not join a community.';
comment on column public.bans.actor_id is 'Who banned.';
comment on column public.bans.expires_at is 'When it ends by itself; null: never.';

create index bans_user_id on public.bans (user_id);
create index bans_actor_id on public.bans (actor_id) where actor_id is not null;
create index bans_created_at on public.bans (community_id, created_at, user_id);
create index bans_expires_at on public.bans (expires_at) where expires_at is not null;

alter table public.bans enable row level security;

create policy bans_select on public.bans
for select to authenticated using (
  community_id = any ((select private.my_community_ids('ban_members'))::uuid[])
  and (expires_at is null or expires_at > pg_catalog.now())
);

revoke all on table public.bans from public, anon, authenticated, service_role;
grant select on table public.bans to authenticated;

-- schemas/communities/is_banned.sql

-- is_banned: whether a ban holds at this moment.
create function private.is_banned(p_community_id uuid, p_user_id uuid)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.bans b
    where b.community_id = p_community_id
      and b.user_id = p_user_id
      and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
  );
$$;

revoke all on function private.is_banned(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/communities/hidden_messages.sql

-- hidden_messages: what bans have hidden, as a predicate: no message is written, however many there are. One row per ban
-- that asked for it; it stays when the ban ends, because spam does not come back with its sender.
create table private.hidden_messages (
  community_id uuid not null references public.communities (id) on delete cascade,
  author_id uuid not null references public.profiles (id) on delete cascade,
  since timestamptz not null,
  until timestamptz not null,
  primary key (community_id, author_id, until)
);

create index hidden_messages_author_id on private.hidden_messages (author_id);
create index hidden_messages_until on private.hidden_messages (community_id, until);

revoke all on table private.hidden_messages from public, anon, authenticated, service_role;

-- schemas/communities/remove_member.sql

-- remove_member: ends somebody else's membership. The community hears of it by `moved` (see move_topics_after_departures).
-- The caller has checked the right and holds change_access. Says false where there was no membership.
create function private.remove_member(p_community_id uuid, p_user_id uuid, p_kind text)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.community_members m where m.community_id = p_community_id and m.user_id = p_user_id;
  if not found then
    return false;
  end if;
  perform private.notify_access_changed(p_user_id, p_community_id, p_kind);
  return true;
end
$$;

revoke all on function private.remove_member(uuid, uuid, text) from public, anon, authenticated, service_role;

-- schemas/communities/kick_member.sql

-- kick_member: Gate: kick_members, the member below the caller.
create function private.kick_member(p_community_id uuid, p_user_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_change(p_community_id, 'kick_members');
  perform private.require_above_member(p_community_id, p_user_id);
  perform private.remove_member(p_community_id, p_user_id, 'kicked');
  perform private.write_audit(p_community_id, 'member_kicked', p_user_id::text, p_reason => p_reason);
end
$$;

revoke all on function private.kick_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.kick_member(uuid, uuid, text) to authenticated;

create function public.kick_member(p_community_id uuid, p_user_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.kick_member(p_community_id, p_user_id, p_reason); $$;

comment on function public.kick_member(uuid, uuid, text) is
$$Ends the membership of a member below the caller, who may come back by an invite, also by one of their own: to keep
somebody out is what `ban_member` is for. Needs `kick_members`. What stays and what goes: see `leave_community`.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.kick_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.kick_member(uuid, uuid, text) to authenticated;

-- schemas/communities/write_ban.sql

-- write_ban: bans somebody, after the gate and the hierarchy. One membership and one event,
-- however much they have written. The caller holds change_access.
create function private.write_ban(
  p_community_id uuid,
  p_user_id uuid,
  p_reason text,
  p_expires_at timestamptz,
  p_hide_messages_since timestamptz
)
returns public.bans
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_ban public.bans;
  v_was_member boolean;
begin
  if p_expires_at is not null and (p_expires_at <= v_now or p_expires_at = 'infinity') then
    perform private.fail(
      'invalid_argument', 'A ban ends in the future, or never.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  if p_hide_messages_since > v_now or p_hide_messages_since = '-infinity' then
    perform private.fail(
      'invalid_argument', 'Messages are hidden since a time in the past.', 422,
      pg_catalog.jsonb_build_object('field', 'p_hide_messages_since')
    );
  end if;

  insert into public.bans as b (community_id, user_id, actor_id, reason, expires_at, created_at)
  values (
    p_community_id, p_user_id, (select auth.uid()), nullif(pg_catalog.btrim(p_reason), ''), p_expires_at, v_now
  )
  on conflict (community_id, user_id) do update set
    actor_id = excluded.actor_id, reason = excluded.reason, expires_at = excluded.expires_at,
    created_at = excluded.created_at
  returning b.* into v_ban;
  if p_hide_messages_since is not null then
    insert into private.hidden_messages (community_id, author_id, since, until)
    -- No message is older, and every client can read the time.
    values (p_community_id, p_user_id, greatest(p_hide_messages_since, 'epoch'), v_now);
  end if;
  -- Nobody comes in any more by the codes of who is banned.
  delete from public.invites i where i.community_id = p_community_id and i.creator_id = p_user_id;

  v_was_member := private.remove_member(p_community_id, p_user_id, 'banned');
  if not v_was_member then
    perform private.announce(
      p_community_id, 'member_banned', pg_catalog.jsonb_build_object('user_id', p_user_id)
    );
  end if;
  perform private.write_audit(
    p_community_id, 'member_banned', p_user_id::text,
    pg_catalog.jsonb_build_object('was_member', v_was_member),
    pg_catalog.jsonb_build_object('expires_at', p_expires_at, 'hide_messages_since', p_hide_messages_since),
    p_reason
  );
  return v_ban;
end
$$;

revoke all on function private.write_ban(uuid, uuid, text, timestamptz, timestamptz) from public, anon, authenticated, service_role;

-- schemas/communities/ban_member.sql

-- ban_member: Gate: ban_members, a member below the caller, or who is none. See write_ban.
create function private.ban_member(
  p_community_id uuid,
  p_user_id uuid,
  p_reason text,
  p_expires_at timestamptz,
  p_hide_messages_since timestamptz
)
returns public.bans
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_change(p_community_id, 'ban_members');
  -- Who has left already is below everybody.
  if p_user_id = (select auth.uid()) or private.member_rank(p_community_id, p_user_id) is not null then
    perform private.require_above_member(p_community_id, p_user_id);
  elsif not exists (select from public.profiles p where p.id = p_user_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;
  return private.write_ban(p_community_id, p_user_id, p_reason, p_expires_at, p_hide_messages_since);
end
$$;

revoke all on function private.ban_member(uuid, uuid, text, timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.ban_member(uuid, uuid, text, timestamptz, timestamptz) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.ban_member(
  p_community_id uuid,
  p_user_id uuid,
  p_reason text default null,
  p_expires_at timestamptz default null,
  p_hide_messages_since timestamptz default null
)
returns public.bans
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.ban_member(p_community_id, p_user_id, p_reason, p_expires_at, p_hide_messages_since); $$;

comment on function public.ban_member(uuid, uuid, text, timestamptz, timestamptz) is
$$Bans a user: a member below the caller, or somebody who is no member (any more). Ends the membership, deletes their invites,
and keeps them from joining. Needs `ban_members`. Banning again replaces the ban; what the
bans before have hidden stays hidden.
@param p_reason up to 512 characters
@param p_expires_at when the ban ends by itself; left out: never
@param p_hide_messages_since hides what they sent since then from everybody, also after the ban; left out: nothing
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.ban_member(uuid, uuid, text, timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.ban_member(uuid, uuid, text, timestamptz, timestamptz) to authenticated;

-- schemas/communities/unban_member.sql

-- unban_member: Gate: ban_members. A ban past its end is none, swept or not; what it has hidden is there to be restored.
create function private.unban_member(p_community_id uuid, p_user_id uuid, p_restore_messages boolean, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ban public.bans;
  v_restored boolean := false;
begin
  perform private.begin_change(p_community_id, 'ban_members');
  delete from public.bans b
  where b.community_id = p_community_id
    and b.user_id = p_user_id
    and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
  returning b.* into v_ban;
  if p_restore_messages then
    delete from private.hidden_messages h where h.community_id = p_community_id and h.author_id = p_user_id;
    v_restored := found;
  end if;
  if v_ban.user_id is null and not v_restored then
    perform private.fail('not_found', 'There is no such ban.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;
  perform private.write_audit(
    p_community_id, 'member_unbanned', p_user_id::text,
    pg_catalog.jsonb_build_object('expires_at', v_ban.expires_at, 'reason', v_ban.reason),
    pg_catalog.jsonb_build_object('restore_messages', v_restored), p_reason
  );
end
$$;

revoke all on function private.unban_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function private.unban_member(uuid, uuid, boolean, text) to authenticated;

create function public.unban_member(
  p_community_id uuid,
  p_user_id uuid,
  p_restore_messages boolean default false,
  p_reason text default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.unban_member(p_community_id, p_user_id, p_restore_messages, p_reason); $$;

comment on function public.unban_member(uuid, uuid, boolean, text) is
$$Ends a ban: the user may join again. Needs `ban_members`.
@param p_restore_messages true shows again what their bans have hidden, also those that ended before; then there need be no ban that holds
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.unban_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.unban_member(uuid, uuid, boolean, text) to authenticated;

-- schemas/communities/list_bans.sql

-- list_bans: Gate: ban_members. The page goes on by values and not by a row, which may be gone by then.
create function private.list_bans(
  p_community_id uuid,
  p_before_created_at timestamptz,
  p_before_user_id uuid,
  p_limit integer
)
returns setof public.bans
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'ban_members');
  perform private.require_limit(p_limit, 100);
  if (p_before_created_at is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a ban, give both its time and its user.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select b.*
  from public.bans b
  where b.community_id = p_community_id
    and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
    and (p_before_user_id is null or (b.created_at, b.user_id) < (p_before_created_at, p_before_user_id))
  order by b.created_at desc, b.user_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_bans(uuid, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_bans(uuid, timestamptz, uuid, integer) to authenticated;

create function public.list_bans(
  p_community_id uuid,
  p_before_created_at timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.bans
language sql stable security invoker set search_path = ''
as $$ select * from private.list_bans(p_community_id, p_before_created_at, p_before_user_id, p_limit); $$;

comment on function public.list_bans(uuid, timestamptz, uuid, integer) is
$$Returns a page of the bans that hold, the newest first. Needs `ban_members`.
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_bans(uuid, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_bans(uuid, timestamptz, uuid, integer) to authenticated;

-- schemas/communities/timeout_member.sql

-- timeout_member: Gate: timeout_members, the member below the caller. Hours, because a day is 23 hours long where the
-- session's zone changes its clocks.
create function private.timeout_member(p_community_id uuid, p_user_id uuid, p_until timestamptz, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old timestamptz;
begin
  perform private.begin_change(p_community_id, 'timeout_members');
  if p_until is not null and (
    p_until <= pg_catalog.clock_timestamp() or p_until > pg_catalog.clock_timestamp() + interval '672 hours'
  ) then
    perform private.fail(
      'invalid_argument', 'A timeout ends in the future, within 28 days.', 422,
      pg_catalog.jsonb_build_object('field', 'p_until')
    );
  end if;
  perform private.require_above_member(p_community_id, p_user_id);
  if p_until is not null and private.base_permissions(
    p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id
  ) & private.permission_mask('administrator') <> 0 then
    perform private.fail('role_hierarchy', 'Administrators are exempt from timeouts.', 403);
  end if;

  -- One that is past is none, also one that ended while we waited for the lock: its member may be back on the voice topics.
  select m.timed_out_until into v_old
  from public.community_members m
  where m.community_id = p_community_id and m.user_id = p_user_id and m.timed_out_until > pg_catalog.clock_timestamp();
  if v_old is not distinct from p_until then
    return;
  end if;
  update public.community_members m
  set timed_out_until = p_until
  where m.community_id = p_community_id and m.user_id = p_user_id;

  -- Seeing and reading stay, so no topic moves but those of the voice channels that the member might connect to.
  perform private.announce(
    p_community_id, 'member_updated', pg_catalog.jsonb_build_object('user_id', p_user_id),
    array(
      select c.id
      from public.community_members m
      join private.channel_access a on a.access_class_id = m.access_class_id
      join public.channels c on c.id = a.channel_id and c.kind = 'voice'
      where m.community_id = p_community_id and m.user_id = p_user_id
        and v_old is null
        and a.permissions & (select private.permission_mask('connect')) <> 0
    )
  );
  perform private.notify_access_changed(p_user_id, p_community_id, 'timed_out');
  perform private.write_audit(
    p_community_id, 'member_timed_out', p_user_id::text,
    pg_catalog.jsonb_build_object('until', v_old), pg_catalog.jsonb_build_object('until', p_until), p_reason
  );
end
$$;

revoke all on function private.timeout_member(uuid, uuid, timestamptz, text) from public, anon, authenticated, service_role;
grant execute on function private.timeout_member(uuid, uuid, timestamptz, text) to authenticated;

create function public.timeout_member(
  p_community_id uuid,
  p_user_id uuid,
  p_until timestamptz,
  p_reason text default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.timeout_member(p_community_id, p_user_id, p_until, p_reason); $$;

comment on function public.timeout_member(uuid, uuid, timestamptz, text) is
$$Times a member below the caller out, or ends their timeout: until then they may only look and read, also after leaving and coming back. Needs
`timeout_members`. Administrators are exempt: `role_hierarchy`.
@param p_until {string | null} at most 28 days from now; null: the timeout ends now
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.timeout_member(uuid, uuid, timestamptz, text) from public, anon, authenticated, service_role;
grant execute on function public.timeout_member(uuid, uuid, timestamptz, text) to authenticated;

-- schemas/communities/transfer_ownership.sql

-- transfer_ownership: the owner is one column of one row, changed under the community's lock: there is always exactly one.
create function private.transfer_ownership(p_community_id uuid, p_new_owner_id uuid)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_community public.communities;
  v_lost uuid[];
begin
  perform private.begin_change(p_community_id);
  perform private.require_owner(p_community_id);
  if p_new_owner_id = v_user_id then
    perform private.fail(
      'invalid_argument', 'You own this community already.', 422,
      pg_catalog.jsonb_build_object('field', 'p_new_owner_id')
    );
  end if;
  if private.member_rank(p_community_id, p_new_owner_id) is null then
    perform private.fail(
      'not_found', 'There is no such member.', 404, pg_catalog.jsonb_build_object('field', 'p_new_owner_id')
    );
  end if;

  update public.communities c set owner_id = p_new_owner_id where c.id = p_community_id;
  -- Resolved anew as well: who has personal overwrites keeps the class, as an owner and as none.
  v_lost := private.assign_access_classes(p_community_id, array[v_user_id, p_new_owner_id])
    || private.resolve_access(p_community_id);
  perform private.announce(p_community_id, 'community_updated', '{}', v_lost);
  perform private.notify_access_changed(v_user_id, p_community_id, 'owner');
  perform private.notify_access_changed(p_new_owner_id, p_community_id, 'owner');
  perform private.write_audit(
    p_community_id, 'ownership_transferred', p_new_owner_id::text,
    pg_catalog.jsonb_build_object('owner_id', v_user_id), pg_catalog.jsonb_build_object('owner_id', p_new_owner_id)
  );
  select c.* into v_community from public.communities c where c.id = p_community_id;
  return v_community;
end
$$;

revoke all on function private.transfer_ownership(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.transfer_ownership(uuid, uuid) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.transfer_ownership(p_community_id uuid, p_new_owner_id uuid)
returns public.communities
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.transfer_ownership(p_community_id, p_new_owner_id); $$;

comment on function public.transfer_ownership(uuid, uuid) is
$$Hands a community over to another member. Only the owner may, and stays a member with the roles held beside.
@errors session_required, not_found, role_hierarchy, invalid_argument, rate_limited$$;

revoke all on function public.transfer_ownership(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.transfer_ownership(uuid, uuid) to authenticated;

-- schemas/communities/update_community.sql

-- update_community: Gate: manage_community.
create function private.update_community(p_community_id uuid, p_name text)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_community public.communities;
  v_old_name text;
begin
  perform private.begin_change(p_community_id, 'manage_community');
  select c.name into v_old_name from public.communities c where c.id = p_community_id;
  update public.communities c set name = v_name where c.id = p_community_id returning c.* into v_community;
  if v_name = v_old_name then
    return v_community;
  end if;

  perform private.announce(p_community_id, 'community_updated');
  perform private.write_audit(
    p_community_id, 'community_updated', p_community_id::text,
    pg_catalog.jsonb_build_object('name', v_old_name), pg_catalog.jsonb_build_object('name', v_name)
  );
  return v_community;
end
$$;

revoke all on function private.update_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_community(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_community(p_community_id uuid, p_name text)
returns public.communities
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_community(p_community_id, p_name); $$;

comment on function public.update_community(uuid, text) is
$$Renames a community. Needs `manage_community`.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_community(uuid, text) to authenticated;

-- schemas/communities/delete_community.sql

-- delete_community: its last event goes out on the name everybody listens on; nobody can join any topic of it afterwards.
create function private.delete_community(p_community_id uuid, p_name text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_change(p_community_id);
  perform private.require_owner(p_community_id);
  if p_name is distinct from (select c.name from public.communities c where c.id = p_community_id) then
    perform private.fail(
      'invalid_argument', 'Type the community''s name as it is.', 422, pg_catalog.jsonb_build_object('field', 'p_name')
    );
  end if;

  perform private.announce(p_community_id, 'community_deleted');
  perform private.write_audit(
    p_community_id, 'community_deleted', p_community_id::text, pg_catalog.jsonb_build_object('name', p_name)
  );
  delete from public.communities c where c.id = p_community_id;
end
$$;

revoke all on function private.delete_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_community(uuid, text) to authenticated;

-- A community of 100,000 members has as many rows to go: no time for two seconds, and nothing comes back to filter.
create function public.delete_community(p_community_id uuid, p_name text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '60s'
as $$ select private.delete_community(p_community_id, p_name); $$;

comment on function public.delete_community(uuid, text) is
$$Deletes a community with everything in it, for good. Only the owner may. The audit log stays.
@param p_name the community's name, typed again
@errors session_required, not_found, role_hierarchy, invalid_argument, rate_limited$$;

revoke all on function public.delete_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_community(uuid, text) to authenticated;

-- schemas/communities/update_my_membership.sql

-- update_my_membership: takes nobody's rights away, so it shares the lock with those who send. Limits: membership_update
-- per user.
create function private.update_my_membership(p_community_id uuid, p_nickname text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_nickname text := case when p_nickname is not null then private.require_name(p_nickname, 32, 'p_nickname') end;
begin
  perform private.hold_access(p_community_id);
  -- A name is read by everybody, so it waits for the end of a timeout, from which administrators are exempt.
  if private.require_in_community(p_community_id) & private.permission_mask('administrator') = 0 and exists (
    select from public.community_members m
    where m.community_id = p_community_id and m.user_id = v_user_id and m.timed_out_until > pg_catalog.now()
  ) then
    perform private.fail('timed_out', 'You are timed out in this community.', 403);
  end if;
  perform private.take_token('membership_update', v_user_id::text);

  update public.community_members m
  set nickname = v_nickname, sort_name = private.sort_name(v_nickname, p.display_name)
  from public.profiles p
  where m.community_id = p_community_id and m.user_id = v_user_id and p.id = v_user_id
    and m.nickname is distinct from v_nickname;
  if found then
    perform private.announce(p_community_id, 'member_updated', pg_catalog.jsonb_build_object('user_id', v_user_id));
  end if;
end
$$;

revoke all on function private.update_my_membership(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_my_membership(uuid, text) to authenticated;

create function public.update_my_membership(p_community_id uuid, p_nickname text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_my_membership(p_community_id, p_nickname); $$;

comment on function public.update_my_membership(uuid, text) is
$$Sets the name the caller is shown by in a community.
@param p_nickname {string | null} 1 to 32 characters; null: the profile's name again
@errors session_required, not_found, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_my_membership(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_my_membership(uuid, text) to authenticated;

-- schemas/communities/member.sql

-- member: a member as other members see them.
create type public.member as (
  community_id uuid,
  user_id uuid,
  username text,
  display_name text,
  nickname text,
  sort_name text,
  role_ids uuid[],
  timed_out_until timestamptz,
  joined_at timestamptz,
  invited_by uuid,
  invite_code text
);

comment on type public.member is $$A member of a community with their names and roles.
@not_null community_id, user_id, username, display_name, sort_name, role_ids, joined_at$$;
comment on column public.member.nickname is 'Shown name in this community; null: the display_name.';
comment on column public.member.sort_name is 'What lists are sorted by: the shown name in lower case.';
comment on column public.member.role_ids is 'The roles held beside the default role.';
comment on column public.member.timed_out_until is 'Null: not timed out.';
comment on column public.member.invited_by is 'Whose invite it was; null also for callers without manage_invites.';
comment on column public.member.invite_code is 'By which invite; null also for callers without manage_invites.';

revoke all on type public.member from public, anon, authenticated, service_role;
grant usage on type public.member to authenticated;

-- schemas/communities/list_members.sql

-- list_members: Gate: membership. One range of the index on sort_name, or of the index on a role's holders.
create function private.list_members(
  p_community_id uuid,
  p_role_id uuid,
  p_query text,
  p_after_name text,
  p_after_user_id uuid,
  p_limit integer
)
returns setof public.member
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_sees_invites boolean := private.require_in_community(p_community_id) & private.permission_mask('manage_invites') <> 0;
  v_prefix text := pg_catalog.lower(pg_catalog.btrim(p_query));
  v_role_id uuid;
  v_page uuid[];
begin
  perform private.require_limit(p_limit, 100);
  if (p_after_name is null) <> (p_after_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a member, give both name and id.', 422,
      pg_catalog.jsonb_build_object('field', 'p_after_user_id')
    );
  end if;
  if pg_catalog.char_length(p_query) > 100 then
    perform private.fail(
      'invalid_argument', 'Search for at most 100 characters.', 422, pg_catalog.jsonb_build_object('field', 'p_query')
    );
  end if;
  if p_role_id is not null then
    -- Every member holds the default role: it leaves nobody out.
    select case when r.is_default then null else r.id end into v_role_id
    from public.roles r
    where r.community_id = p_community_id and r.id = p_role_id;
    if not found then
      perform private.fail(
        'not_found', 'There is no such role in this community.', 404, pg_catalog.jsonb_build_object('field', 'p_role_id')
      );
    end if;
  end if;

  if v_role_id is null then
    v_page := array(
      select m.user_id
      from public.community_members m
      where m.community_id = p_community_id
        -- In byte order, so that the index answers both: where the prefix begins, and where the page before ended.
        and (v_prefix is null or m.sort_name >= v_prefix and m.sort_name < v_prefix || pg_catalog.chr(1114111))
        and (p_after_name is null or (m.sort_name, m.user_id) > (p_after_name collate "C", p_after_user_id))
      order by m.sort_name, m.user_id
      limit p_limit
    );
  else
    -- A statement of its own: of a role that few hold, the few are found first, and not in a walk through all members.
    v_page := array(
      select m.user_id
      from public.member_roles g
      join public.community_members m on m.community_id = g.community_id and m.user_id = g.user_id
      where g.community_id = p_community_id
        and g.role_id = v_role_id
        and (g.expires_at is null or g.expires_at > pg_catalog.now())
        and (v_prefix is null or m.sort_name >= v_prefix and m.sort_name < v_prefix || pg_catalog.chr(1114111))
        and (p_after_name is null or (m.sort_name, m.user_id) > (p_after_name collate "C", p_after_user_id))
      order by m.sort_name, m.user_id
      limit p_limit
    );
  end if;

  return query
  select
    m.community_id, m.user_id, p.username, p.display_name, m.nickname, m.sort_name,
    private.granted_role_ids(m.community_id, m.user_id),
    case when m.timed_out_until > pg_catalog.now() then m.timed_out_until end,
    m.joined_at,
    case when v_sees_invites then m.invited_by end,
    case when v_sees_invites then m.invite_code end
  from public.community_members m
  join public.profiles p on p.id = m.user_id
  where m.community_id = p_community_id and m.user_id = any (v_page)
  order by m.sort_name, m.user_id;
end
$$;

revoke all on function private.list_members(uuid, uuid, text, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_members(uuid, uuid, text, text, uuid, integer) to authenticated;

create function public.list_members(
  p_community_id uuid,
  p_role_id uuid default null,
  p_query text default null,
  p_after_name text default null,
  p_after_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.member
language sql stable security invoker set search_path = ''
as $$ select * from private.list_members(p_community_id, p_role_id, p_query, p_after_name, p_after_user_id, p_limit); $$;

comment on function public.list_members(uuid, uuid, text, text, uuid, integer) is
$$Returns a page of a community's members in the order of their shown names.
@param p_role_id only who holds this role
@param p_query only whose shown name begins so, in whatever case
@param p_after_name go on after this member: the `sort_name` of the last of the page before
@param p_after_user_id and their `user_id`
@param p_limit 1 to 100
@errors session_required, not_found, invalid_argument$$;

revoke all on function public.list_members(uuid, uuid, text, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_members(uuid, uuid, text, text, uuid, integer) to authenticated;

-- schemas/communities/list_audit_log.sql

-- list_audit_log: Gate: view_audit_log.
create function private.list_audit_log(
  p_community_id uuid,
  p_before_number bigint,
  p_action text,
  p_actor_id uuid,
  p_limit integer
)
returns setof public.audit_log
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'view_audit_log');
  perform private.require_limit(p_limit, 100);

  return query
  select l.*
  from public.audit_log l
  where l.community_id = p_community_id
    and (p_before_number is null or l.number < p_before_number)
    and (p_action is null or l.action = p_action)
    and (p_actor_id is null or l.actor_id = p_actor_id)
  order by l.number desc
  limit p_limit;
end
$$;

revoke all on function private.list_audit_log(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_audit_log(uuid, bigint, text, uuid, integer) to authenticated;

create function public.list_audit_log(
  p_community_id uuid,
  p_before_number bigint default null,
  p_action text default null,
  p_actor_id uuid default null,
  p_limit integer default 50
)
returns setof public.audit_log
language sql stable security invoker set search_path = ''
as $$ select * from private.list_audit_log(p_community_id, p_before_number, p_action, p_actor_id, p_limit); $$;

comment on function public.list_audit_log(uuid, bigint, text, uuid, integer) is
$$Returns a page of a community's audit log, the newest first. Needs `view_audit_log`.
@param p_before_number go on before this number
@param p_action only this action
@param p_actor_id only what this user did
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_audit_log(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_audit_log(uuid, bigint, text, uuid, integer) to authenticated;

-- schemas/communities/verify_audit_chain.sql

-- verify_audit_chain: Gate: view_audit_log. See audit_chain.
create function private.verify_audit_chain(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'view_audit_log');
  return private.audit_chain(p_community_id);
end
$$;

revoke all on function private.verify_audit_chain(uuid) from public, anon, authenticated, service_role;
grant execute on function private.verify_audit_chain(uuid) to authenticated;

create function public.verify_audit_chain(p_community_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.verify_audit_chain(p_community_id); $$;

comment on function public.verify_audit_chain(uuid) is
$$Says whether a community's audit log is as it was written: every row unchanged, none missing, none cut off. Reads the whole
log. Needs `view_audit_log`.
@errors session_required, not_found, missing_permission, timed_out
@returns {{ is_valid: boolean; entries: number; first_bad_number: number | null; problem: 'missing' | 'broken link' | 'changed' | 'cut off' | null }}$$;

revoke all on function public.verify_audit_chain(uuid) from public, anon, authenticated, service_role;
grant execute on function public.verify_audit_chain(uuid) to authenticated;

-- schemas/communities/sweep_communities.sql

-- sweep_communities: removes invites that ended a month ago and bans that ended, in bounded batches.
create function private.sweep_communities(p_batch integer default 1000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from public.invites i
  where i.code in (
    select s.code from public.invites s
    where s.expires_at < pg_catalog.now() - interval '30 days'
    order by s.expires_at
    limit p_batch
  );

  delete from public.bans b
  where (b.community_id, b.user_id) in (
    select s.community_id, s.user_id from public.bans s
    where s.expires_at < pg_catalog.now()
    order by s.expires_at
    limit p_batch
  )
  -- Asked again under the row's lock: it may have been made anew since it was chosen.
  and b.expires_at < pg_catalog.now();
$$;

revoke all on function private.sweep_communities(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_communities', '17 * * * *', 'select private.sweep_communities()');

-- schemas/communities/personal_data.sql

-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('public.invites', 'creator_id', 'invites', '{community_id,code}', $$to_jsonb(t) - 'creator_id'$$),
  ('public.bans', 'user_id', 'bans', '{community_id}', $$jsonb_build_object('community_id', t.community_id, 'expires_at', t.expires_at, 'created_at', t.created_at)$$),
  ('private.hidden_messages', 'author_id', 'messages_hidden', '{community_id,until}', $$to_jsonb(t) - 'author_id'$$);

insert into private.personal_data (relation, user_column, reason) values
  ('public.bans', 'actor_id', 'About somebody else'),
  ('public.audit_log', 'actor_id', 'The community''s log, for who may read it');
