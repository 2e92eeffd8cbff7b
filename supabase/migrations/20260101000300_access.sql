-- Generated from supabase/schemas/access by npm run generate; do not edit.

-- schemas/access/my_community_ids.sql

-- my_community_ids, viewable_channel_ids, readable_channel_ids: what the caller may read directly, as arrays.
-- Policies compare a column with `any ((select …))`: the array is computed once per statement and can drive an index,
-- so a denied reader is as fast as an allowed one. Asked row by row, the same rule costs seconds on a large channel.
-- They are plpgsql because they stand before the tables whose policies call them.
create function private.my_community_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.community_id from public.community_members m where m.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.my_community_ids() from public, anon, authenticated, service_role;
grant execute on function private.my_community_ids() to authenticated;

-- schemas/access/viewable_channel_ids.sql

-- viewable_channel_ids: see my_community_ids.
create function private.viewable_channel_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
begin
  return array(
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id
    where m.user_id = (select auth.uid()) and ca.permissions & v_view <> 0
  );
end
$$;

revoke all on function private.viewable_channel_ids() from public, anon, authenticated, service_role;
grant execute on function private.viewable_channel_ids() to authenticated;

-- schemas/access/readable_channel_ids.sql

-- readable_channel_ids: see my_community_ids. The channels whose past messages the caller may read.
create function private.readable_channel_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_read bigint := private.permission_mask('view_channel', 'read_history');
begin
  return array(
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id
    where m.user_id = (select auth.uid()) and ca.permissions & v_read = v_read
  );
end
$$;

revoke all on function private.readable_channel_ids() from public, anon, authenticated, service_role;
grant execute on function private.readable_channel_ids() to authenticated;

-- schemas/access/permissions_catalog.sql

-- permissions_catalog: every permission by name and bit. Adding one is one row; a bit is never used again.
-- Masks stay inside the database: clients read and write names.
create table public.permissions_catalog (
  key text primary key check (key ~ '^[a-z_]+$'),
  bit smallint not null unique check (bit between 0 and 52),
  scope text not null check (scope in ('community', 'channel', 'voice')),
  description text not null
);

comment on table public.permissions_catalog is 'Every permission there is.';
comment on column public.permissions_catalog.bit is 'Place in the stored mask.';
comment on column public.permissions_catalog.scope is 'Where it is asked: in the community as a whole, in any channel, or in voice channels only.';

alter table public.permissions_catalog enable row level security;

create policy permissions_catalog_select on public.permissions_catalog
for select to authenticated using (true);

revoke all on table public.permissions_catalog from public, anon, authenticated, service_role;
grant select on table public.permissions_catalog to authenticated;

insert into public.permissions_catalog (bit, key, scope, description) values
  (0, 'view_channel', 'channel', 'See that the channel exists and receive what happens in it'),
  (1, 'read_history', 'channel', 'Read messages sent before'),
  (2, 'send_messages', 'channel', 'Send messages'),
  (3, 'send_in_threads', 'channel', 'Send messages in threads'),
  (4, 'create_threads', 'channel', 'Open threads'),
  (5, 'manage_threads', 'channel', 'Change and close threads, see private ones'),
  (6, 'attach_files', 'channel', 'Attach files to messages'),
  (7, 'embed_links', 'channel', 'Have links shown with a preview'),
  (8, 'add_reactions', 'channel', 'Add reactions to messages'),
  (9, 'mention_everyone', 'channel', 'Mention everyone or any role'),
  (10, 'pin_messages', 'channel', 'Pin messages'),
  (11, 'manage_messages', 'channel', 'Delete messages of others'),
  (12, 'bypass_slow_mode', 'channel', 'Send without waiting in slow mode'),
  (13, 'create_invite', 'community', 'Create invites'),
  (14, 'manage_invites', 'community', 'See and revoke invites of others'),
  (15, 'manage_channels', 'channel', 'Create, change and delete channels'),
  (16, 'manage_roles', 'channel', 'Create, change and grant lower roles; change overwrites'),
  (17, 'manage_community', 'community', 'Change the community''s name and settings'),
  (18, 'kick_members', 'community', 'Remove lower members'),
  (19, 'ban_members', 'community', 'Ban lower members'),
  (20, 'timeout_members', 'community', 'Time out lower members'),
  (21, 'manage_reports', 'community', 'Work on reports'),
  (22, 'view_audit_log', 'community', 'Read the audit log'),
  (23, 'connect', 'voice', 'Join voice'),
  (24, 'speak', 'voice', 'Speak in voice'),
  (25, 'stream', 'voice', 'Share video or screen in voice'),
  (26, 'mute_members', 'voice', 'Mute members in voice'),
  (27, 'move_members', 'voice', 'Move members between voice channels'),
  (28, 'host_matches', 'channel', 'Host ranked match rooms'),
  (29, 'manage_webhooks', 'channel', 'Create, change and delete webhooks'),
  (30, 'administrator', 'community', 'Everything, whatever overwrites say');

-- schemas/access/permission_mask.sql

-- permission_mask: the mask of a set of keys. An unknown key is refused, never ignored.
create function private.permission_mask(variadic p_keys text[])
returns bigint
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_mask bigint;
  v_unknown text;
begin
  select coalesce(pg_catalog.bit_or(1::bigint << c.bit), 0), pg_catalog.min(k.key) filter (where c.key is null)
  into v_mask, v_unknown
  from pg_catalog.unnest(p_keys) as k (key)
  left join public.permissions_catalog c on c.key = k.key;

  if v_unknown is not null or pg_catalog.array_position(p_keys, null) is not null then
    perform private.fail(
      'invalid_argument', 'There is no such permission.', 422,
      pg_catalog.jsonb_build_object('permission', v_unknown)
    );
  end if;
  return v_mask;
end
$$;

revoke all on function private.permission_mask(text[]) from public, anon, authenticated, service_role;

-- schemas/access/communities.sql

-- communities: one row each. The owner is a fact of this row, so there is exactly one, always.
create table public.communities (
  id uuid primary key default private.uuid_v7(),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  owner_id uuid not null references public.profiles (id) on delete restrict,
  topic_epoch bigint not null default 1,
  created_at timestamptz not null default pg_catalog.now()
);

comment on table public.communities is 'A community.';
comment on column public.communities.name is 'Shown name: 1 to 100 characters.';
comment on column public.communities.topic_epoch is 'Part of the names of the community''s topics; rises when somebody loses membership.';

create index communities_owner_id on public.communities (owner_id);

alter table public.communities enable row level security;

create policy communities_select on public.communities
for select to authenticated using (id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.communities from public, anon, authenticated, service_role;
grant select on table public.communities to authenticated;

-- schemas/access/roles.sql

-- roles: what a member may do. Position 0 is the default role, which every member holds without being granted it.
create table public.roles (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null check (position >= 0),
  permissions bigint not null default 0 check (permissions >= 0),
  is_default boolean not null generated always as (position = 0) stored,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id)
);

comment on table public.roles is 'A role of a community.';
comment on column public.roles.position is 'Place in the hierarchy: 0 is the default role, higher is stronger.';
comment on column public.roles.permissions is 'Mask over permissions_catalog.bit.';

create unique index roles_one_default on public.roles (community_id) where is_default;

alter table public.roles enable row level security;

create policy roles_select on public.roles
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.roles from public, anon, authenticated, service_role;
grant select (community_id, id, name, position, is_default, created_at) on table public.roles to authenticated;

-- schemas/access/access_classes.sql

-- access_classes: members who hold the same roles see the same thing, so rights are resolved once per class.
-- A class is a community, a set of granted roles (sorted, without the default role), and a member of its own only where
-- that member is the owner or has personal overwrites. permissions is the class's mask in the community as a whole.
create table private.access_classes (
  id uuid primary key default private.uuid_v7(),
  community_id uuid not null references public.communities (id) on delete cascade,
  role_ids uuid[] not null,
  member_id uuid references public.profiles (id) on delete cascade,
  permissions bigint not null default 0,
  unique nulls not distinct (community_id, role_ids, member_id),
  -- What community_members points at, so that a class can never belong to a member of another community.
  unique (community_id, id)
);

create index access_classes_member_id on private.access_classes (member_id) where member_id is not null;

revoke all on table private.access_classes from public, anon, authenticated, service_role;

-- schemas/access/community_members.sql

-- community_members: who belongs to which community, and with which access class.
create table public.community_members (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  access_class_id uuid not null,
  timed_out_until timestamptz,
  joined_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, user_id),
  foreign key (community_id, access_class_id) references private.access_classes (community_id, id) on delete no action
);

comment on table public.community_members is 'A user''s membership in a community.';
comment on column public.community_members.timed_out_until is 'Until then the member may only look and read. Null or past: not timed out.';

create index community_members_user_id on public.community_members (user_id, joined_at);
create index community_members_access_class_id on public.community_members (community_id, access_class_id);

alter table public.community_members enable row level security;

create policy community_members_select on public.community_members
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.community_members from public, anon, authenticated, service_role;
grant select (community_id, user_id, timed_out_until, joined_at) on table public.community_members to authenticated;

-- schemas/access/member_roles.sql

-- member_roles: which roles a member was granted, beyond the default role. A grant past its expires_at is left out when
-- the member's access class is assigned anew.
create table public.member_roles (
  community_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  expires_at timestamptz,
  granted_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, user_id, role_id),
  foreign key (community_id, user_id) references public.community_members (community_id, user_id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade
);

comment on table public.member_roles is 'A role granted to a member.';
comment on column public.member_roles.expires_at is 'When the grant ends by itself; null: never.';

create index member_roles_role_id on public.member_roles (community_id, role_id);

alter table public.member_roles enable row level security;

create policy member_roles_select on public.member_roles
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.member_roles from public, anon, authenticated, service_role;
grant select on table public.member_roles to authenticated;

-- schemas/access/channel_groups.sql

-- channel_groups: headings under which channels stand.
create table public.channel_groups (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id)
);

comment on table public.channel_groups is 'A heading under which channels stand.';

alter table public.channel_groups enable row level security;

create policy channel_groups_select on public.channel_groups
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.channel_groups from public, anon, authenticated, service_role;
grant select on table public.channel_groups to authenticated;

-- schemas/access/channels.sql

-- channels: where messages are sent and voice is held.
create table public.channels (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  group_id uuid,
  kind text not null check (kind in ('text', 'voice')),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null,
  topic_epoch bigint not null default 1,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  foreign key (community_id, group_id) references public.channel_groups (community_id, id) on delete set null (group_id)
);

comment on table public.channels is 'A channel of a community.';
comment on column public.channels.kind is $$What it is for.
@type {'text' | 'voice'}$$;
comment on column public.channels.position is 'Place within its group, ascending.';
comment on column public.channels.topic_epoch is 'Part of the name of the channel''s topic; rises when somebody loses the right to view it.';

create index channels_group_id on public.channels (community_id, group_id);

alter table public.channels enable row level security;

create policy channels_select on public.channels
for select to authenticated using (id = any ((select private.viewable_channel_ids())::uuid[]));

revoke all on table public.channels from public, anon, authenticated, service_role;
grant select on table public.channels to authenticated;

-- schemas/access/channel_overwrites.sql

-- channel_overwrites: what a channel allows or denies a role (the default role included) or a single member.
-- Exactly one of role_id and user_id is set.
create table public.channel_overwrites (
  community_id uuid not null,
  channel_id uuid not null,
  role_id uuid,
  user_id uuid,
  allow bigint not null default 0,
  deny bigint not null default 0,
  subject_id uuid not null generated always as (coalesce(role_id, user_id)) stored,
  primary key (channel_id, subject_id),
  check (pg_catalog.num_nonnulls(role_id, user_id) = 1),
  check (allow & deny = 0),
  foreign key (community_id, channel_id) references public.channels (community_id, id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade,
  foreign key (community_id, user_id) references public.community_members (community_id, user_id) on delete cascade
);

comment on table public.channel_overwrites is 'What a channel allows or denies a role or a member.';

create index channel_overwrites_channel_id on public.channel_overwrites (community_id, channel_id);
create index channel_overwrites_role_id on public.channel_overwrites (community_id, role_id) where role_id is not null;
create index channel_overwrites_user_id on public.channel_overwrites (community_id, user_id) where user_id is not null;

alter table public.channel_overwrites enable row level security;

create policy channel_overwrites_select on public.channel_overwrites
for select to authenticated using (channel_id = any ((select private.viewable_channel_ids())::uuid[]));

revoke all on table public.channel_overwrites from public, anon, authenticated, service_role;
grant select (community_id, channel_id, role_id, user_id, subject_id) on table public.channel_overwrites to authenticated;

-- schemas/access/channel_access.sql

-- channel_access: the answer. What each access class may do in each channel, resolved when facts change.
-- Every gate and every policy reads this table; none evaluates the rule.
create table private.channel_access (
  access_class_id uuid not null references private.access_classes (id) on delete cascade,
  channel_id uuid not null references public.channels (id) on delete cascade,
  permissions bigint not null,
  primary key (access_class_id, channel_id)
);

create index channel_access_channel_id on private.channel_access (channel_id);

revoke all on table private.channel_access from public, anon, authenticated, service_role;

-- schemas/access/resolve_access.sql

-- resolve_access: the whole rule, in one statement. It is Discord's documented order, because people know it:
--
--   1. The owner, or whoever holds a role with administrator: everything.
--   2. base = the default role's permissions and those of all granted roles.
--   3. In a channel: the default role's denies go, its allows come; then the denies of all granted roles together go and
--      all their allows come (so among roles an allow beats a deny, and position does not matter); then the member's own.
--   4. Without view_channel: nothing. Without send_messages: no mention_everyone, attach_files, embed_links.
--      Without connect in a voice channel: nothing but seeing it.
--
-- Timeouts are applied at the read (see channel_permissions). With p_access_class_id or p_channel_id only that class's
-- or that channel's answers are resolved: a new class or a new channel changes nobody else's.
create function private.resolve_access(
  p_community_id uuid,
  p_access_class_id uuid default null,
  p_channel_id uuid default null
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_administrator bigint := private.permission_mask('administrator');
  v_view bigint := private.permission_mask('view_channel');
  v_send bigint := private.permission_mask('send_messages');
  v_needs_send bigint := private.permission_mask('mention_everyone', 'attach_files', 'embed_links');
  v_connect bigint := private.permission_mask('connect');
  v_everything bigint;
  v_in_channels bigint;
begin
  select pg_catalog.bit_or(1::bigint << c.bit), pg_catalog.bit_or(1::bigint << c.bit) filter (where c.scope <> 'community')
  into v_everything, v_in_channels
  from public.permissions_catalog c;

  -- Tiers 1 and 2: the class in the community as a whole.
  update private.access_classes a
  set permissions = resolved.permissions
  from (
    select
      k.id,
      case
        when k.member_id = c.owner_id or pg_catalog.bit_or(r.permissions) & v_administrator <> 0 then v_everything
        else pg_catalog.bit_or(r.permissions)
      end as permissions
    from private.access_classes k
    join public.communities c on c.id = k.community_id
    join public.roles r on r.community_id = k.community_id and (r.is_default or r.id = any (k.role_ids))
    where k.community_id = p_community_id
      and (p_access_class_id is null or k.id = p_access_class_id)
    group by k.id, k.member_id, c.owner_id
  ) resolved
  where a.id = resolved.id and a.permissions <> resolved.permissions;

  -- Tiers 3 and 4: the class in each channel.
  insert into private.channel_access as ca (access_class_id, channel_id, permissions)
  select
    t.access_class_id,
    t.channel_id,
    v_in_channels & case
      when t.base & v_administrator <> 0 then v_everything
      when t.overwritten & v_view = 0 then 0
      when t.kind = 'voice' and t.overwritten & v_connect = 0 then t.overwritten & v_view
      when t.overwritten & v_send = 0 then t.overwritten & ~v_needs_send
      else t.overwritten
    end
  from (
    select
      a.id as access_class_id,
      c.id as channel_id,
      c.kind,
      a.permissions as base,
      ((((((a.permissions & ~o.default_deny) | o.default_allow)
        & ~o.roles_deny) | o.roles_allow)
        & ~o.member_deny) | o.member_allow) as overwritten
    from private.access_classes a
    join public.channels c on c.community_id = a.community_id
    cross join lateral (
      select
        coalesce(pg_catalog.bit_or(w.deny) filter (where r.is_default), 0) as default_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where r.is_default), 0) as default_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where not r.is_default), 0) as roles_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where not r.is_default), 0) as roles_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where w.user_id is not null), 0) as member_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where w.user_id is not null), 0) as member_allow
      from public.channel_overwrites w
      left join public.roles r on r.community_id = w.community_id and r.id = w.role_id
      where w.community_id = a.community_id
        and w.channel_id = c.id
        and (r.is_default or w.role_id = any (a.role_ids) or w.user_id = a.member_id)
    ) o
    where a.community_id = p_community_id
      and (p_access_class_id is null or a.id = p_access_class_id)
      and (p_channel_id is null or c.id = p_channel_id)
  ) t
  on conflict (access_class_id, channel_id) do update
    set permissions = excluded.permissions
    where ca.permissions <> excluded.permissions;
end
$$;

revoke all on function private.resolve_access(uuid, uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/assign_access_class.sql

-- assign_access_class: the class a user with these facts belongs to, made and resolved where it is the first of its kind.
-- The caller holds hold_access or change_access for the community, so no channel comes while the class is resolved. Two
-- members who make the same class side by side meet at its unique key: the second waits for the first and takes its class.
create function private.assign_access_class(p_community_id uuid, p_user_id uuid)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_ids uuid[];
  v_member_id uuid;
  v_class_id uuid;
begin
  select coalesce(pg_catalog.array_agg(m.role_id order by m.role_id), '{}') into v_role_ids
  from public.member_roles m
  where m.community_id = p_community_id
    and m.user_id = p_user_id
    and (m.expires_at is null or m.expires_at > pg_catalog.now());

  if exists (select from public.communities c where c.id = p_community_id and c.owner_id = p_user_id)
    or exists (select from public.channel_overwrites w where w.community_id = p_community_id and w.user_id = p_user_id)
  then
    v_member_id := p_user_id;
  end if;

  select a.id into v_class_id
  from private.access_classes a
  where a.community_id = p_community_id
    and a.role_ids = v_role_ids
    and a.member_id is not distinct from v_member_id;

  if not found then
    insert into private.access_classes (community_id, role_ids, member_id)
    values (p_community_id, v_role_ids, v_member_id)
    on conflict (community_id, role_ids, member_id) do nothing
    returning id into v_class_id;

    if found then
      perform private.resolve_access(p_community_id, p_access_class_id => v_class_id);
    else
      select a.id into v_class_id
      from private.access_classes a
      where a.community_id = p_community_id
        and a.role_ids = v_role_ids
        and a.member_id is not distinct from v_member_id;
    end if;
  end if;
  return v_class_id;
end
$$;

revoke all on function private.assign_access_class(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/hold_access.sql

-- hold_access, change_access: a readers-writer lock per community over "who may see what".
-- Whoever broadcasts holds it shared from before the gate to the commit; whoever takes rights away holds it alone. So no
-- message is sent to a topic's old name after the commit that took somebody's right to it. It lasts for the transaction
-- and lives in memory: no row is written, and senders never wait for one another.
create function private.hold_access(p_community_id uuid)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended(p_community_id::text, 0));
end
$$;

revoke all on function private.hold_access(uuid) from public, anon, authenticated, service_role;

-- schemas/access/change_access.sql

-- change_access: see hold_access. Taken first, before any row, by everything that changes a community's structure.
create function private.change_access(p_community_id uuid)
returns void
language sql volatile security invoker set search_path = ''
as $$
  select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_community_id::text, 0));
$$;

revoke all on function private.change_access(uuid) from public, anon, authenticated, service_role;

-- schemas/access/left_by_timeout.sql

-- left_by_timeout: what a timeout leaves of these permissions to a member of this class: looking and reading. The owner
-- and administrators are exempt.
create function private.left_by_timeout(p_permissions bigint, p_access_class_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (
    select from private.access_classes a
    where a.id = p_access_class_id and a.permissions & private.permission_mask('administrator') <> 0
  ) then
    return p_permissions;
  end if;
  return p_permissions & private.permission_mask('view_channel', 'read_history');
end
$$;

revoke all on function private.left_by_timeout(bigint, uuid) from public, anon, authenticated, service_role;

-- schemas/access/channel_permissions.sql

-- channel_permissions: the caller's mask in a channel; null where there is no such channel or no membership.
-- One index lookup each: the channel, the membership, the answer.
-- plpgsql, because every gate asks it and only plpgsql keeps the plan from one call to the next.
create function private.channel_permissions(p_channel_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when m.timed_out_until > pg_catalog.now() then private.left_by_timeout(ca.permissions, m.access_class_id)
      else ca.permissions
    end
    from public.channels ch
    join public.community_members m on m.community_id = ch.community_id and m.user_id = (select auth.uid())
    join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.channel_id = ch.id
    where ch.id = p_channel_id
  );
end
$$;

revoke all on function private.channel_permissions(uuid) from public, anon, authenticated, service_role;

-- schemas/access/community_permissions.sql

-- community_permissions: the caller's mask in the community as a whole; null without membership.
create function private.community_permissions(p_community_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when m.timed_out_until > pg_catalog.now() then private.left_by_timeout(a.permissions, a.id)
      else a.permissions
    end
    from public.community_members m
    join private.access_classes a on a.id = m.access_class_id
    where m.community_id = p_community_id and m.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.community_permissions(uuid) from public, anon, authenticated, service_role;

-- schemas/access/require_in_channel.sql

-- require_in_channel: the gate of every operation on a channel, asked once, at its top. Returns the caller's mask there.
-- Whoever may not view the channel learns nothing, not even that it exists.
create function private.require_in_channel(p_channel_id uuid, p_permission text)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.channel_permissions(p_channel_id);
  v_needed bigint := private.permission_mask(p_permission);
begin
  perform private.require_user();

  if v_permissions is null or v_permissions & private.permission_mask('view_channel') = 0 then
    perform private.fail('not_found', 'There is no such channel.', 404);
  end if;
  if v_permissions & v_needed = 0 then
    -- Only what the timeout takes is put down to it.
    if exists (
      select from public.channels c
      join public.community_members m on m.community_id = c.community_id and m.user_id = (select auth.uid())
      join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.channel_id = c.id
      where c.id = p_channel_id and m.timed_out_until > pg_catalog.now() and ca.permissions & v_needed <> 0
    ) then
      perform private.fail('timed_out', 'You are timed out in this community.', 403);
    end if;
    perform private.fail(
      'missing_permission', 'You are not allowed to do this here.', 403,
      pg_catalog.jsonb_build_object('permission', p_permission)
    );
  end if;
  return v_permissions;
end
$$;

revoke all on function private.require_in_channel(uuid, text) from public, anon, authenticated, service_role;

-- schemas/access/require_in_community.sql

-- require_in_community: the gate of every operation on a community as a whole, asked once, at its top.
-- Returns the caller's mask. p_permission null asks for membership only.
create function private.require_in_community(p_community_id uuid, p_permission text default null)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.community_permissions(p_community_id);
begin
  perform private.require_user();

  if v_permissions is null then
    perform private.fail('not_found', 'There is no such community.', 404);
  end if;
  if p_permission is not null and v_permissions & private.permission_mask(p_permission) = 0 then
    -- Only what the timeout takes is put down to it.
    if exists (
      select from public.community_members m
      join private.access_classes a on a.id = m.access_class_id
      where m.community_id = p_community_id
        and m.user_id = (select auth.uid())
        and m.timed_out_until > pg_catalog.now()
        and a.permissions & private.permission_mask(p_permission) <> 0
    ) then
      perform private.fail('timed_out', 'You are timed out in this community.', 403);
    end if;
    perform private.fail(
      'missing_permission', 'You are not allowed to do this.', 403,
      pg_catalog.jsonb_build_object('permission', p_permission)
    );
  end if;
  return v_permissions;
end
$$;

revoke all on function private.require_in_community(uuid, text) from public, anon, authenticated, service_role;

-- schemas/access/profiles_policy.sql

-- Who may read a profile: oneself, and whoever shares a community. It stands here because identity knows no communities.
create policy profiles_select on public.profiles
for select to authenticated using (
  id = (select auth.uid())
  or exists (
    select from public.community_members m
    where m.user_id = profiles.id and m.community_id = any ((select private.my_community_ids())::uuid[])
  )
);

-- schemas/access/community_topic.sql

-- The topic community:<community id>:<epoch>: structure. Members receive; only the server sends.
create function private.community_topic(p_community_id uuid)
returns text
language sql stable security definer set search_path = ''
as $$
  select 'community:' || c.id || ':' || c.topic_epoch from public.communities c where c.id = p_community_id;
$$;

revoke all on function private.community_topic(uuid) from public, anon, authenticated, service_role;

-- The name must be today's: an old epoch is refused to everybody.
create function private.may_receive_community_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^community:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+$' then exists (
      select from public.community_members m
      where m.community_id = pg_catalog.split_part(p_topic, ':', 2)::uuid
        and m.user_id = (select auth.uid())
        and p_topic = private.community_topic(m.community_id)
    )
    else false
  end;
$$;

revoke all on function private.may_receive_community_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_community_topic(text) to authenticated;

select private.register_topic(
  'community',
  'community:<community id>:<epoch>: structure of one community, for its members',
  p_receive => 'may_receive_community_topic'
);

-- schemas/access/channel_topic.sql

-- The topic channel:<channel id>:<community epoch>-<channel epoch>: the change feed of one channel. Who may view the
-- channel and read its history receives: a join may ask Realtime to replay what was sent before, and the policy cannot
-- tell such a join from another. (Nobody holds read_history where they may not view.) Only the server sends. A client that could broadcast here could forge messages: the policy on
-- realtime.messages cannot see the event's name or payload.
-- The community's epoch is part of the name so that a lost membership moves every channel by one row and one event.
create function private.channel_topic(p_channel_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select 'channel:' || c.id || ':' || m.topic_epoch || '-' || c.topic_epoch
    from public.channels c
    join public.communities m on m.id = c.community_id
    where c.id = p_channel_id
  );
end
$$;

revoke all on function private.channel_topic(uuid) from public, anon, authenticated, service_role;

create function private.may_receive_channel_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^channel:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+-[0-9]+$' then coalesce(
      p_topic = private.channel_topic(pg_catalog.split_part(p_topic, ':', 2)::uuid)
      and private.channel_permissions(pg_catalog.split_part(p_topic, ':', 2)::uuid)
        & private.permission_mask('read_history') <> 0,
      false
    )
    else false
  end;
$$;

revoke all on function private.may_receive_channel_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_channel_topic(text) to authenticated;

select private.register_topic(
  'channel',
  'channel:<channel id>:<community epoch>-<channel epoch>: the change feed of one channel, for who may read it',
  p_receive => 'may_receive_channel_topic'
);

-- schemas/access/raise_community_epoch.sql

-- raise_community_epoch: somebody lost membership, so the community's topics, its channels' included, get new names.
-- The old name hears `moved` as its last word. The caller holds change_access: nobody is sending to the old name.
create function private.raise_community_epoch(p_community_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    private.community_topic(p_community_id), 'moved', pg_catalog.jsonb_build_object('community_id', p_community_id)
  );
  update public.communities c set topic_epoch = c.topic_epoch + 1 where c.id = p_community_id;
end
$$;

revoke all on function private.raise_community_epoch(uuid) from public, anon, authenticated, service_role;

insert into private.topic_events (prefix, event, description) values
  ('community', 'moved', 'Last event on this name: the community''s topics have new names. Payload: community_id');

-- schemas/access/change_access_before_account_ends.sql

-- An account that ends takes its memberships along. The lock on its communities comes before any row here too: later,
-- the deletion would hold the profile that a message on its way still refers to, and each would wait for the other.
create function private.change_access_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_access(c.community_id)
  from (
    select m.community_id from public.community_members m where m.user_id = old.id order by m.community_id
  ) c;
  return old;
end
$$;

revoke all on function private.change_access_before_account_ends() from public, anon, authenticated, service_role;

create trigger guildhall_change_access
before delete on auth.users
for each row execute function private.change_access_before_account_ends();

-- schemas/access/move_topics_after_departures.sql

-- Whoever is no member any more hears nothing that is sent afterwards, by whatever way the membership went: leaving, or
-- the account's end. A community that is gone itself has no topic left to move.
create function private.move_topics_after_departures()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid;
begin
  -- In one order for everybody, so that two accounts that end at once do not wait for each other.
  for v_community_id in
    select distinct c.id from gone_members g join public.communities c on c.id = g.community_id order by c.id
  loop
    perform private.change_access(v_community_id);
    perform private.raise_community_epoch(v_community_id);
  end loop;
  return null;
end
$$;

revoke all on function private.move_topics_after_departures() from public, anon, authenticated, service_role;

create trigger access_move_topics_after_departures
after delete on public.community_members
referencing old table as gone_members
for each statement execute function private.move_topics_after_departures();
