-- Generated from supabase/schemas/access by npm run generate; do not edit.

-- schemas/access/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_change', 1000, '10 minutes', 'Changes to communities'' structure and members, per user: a bulk edit passes, a runaway script does not');

-- schemas/access/my_community_ids.sql

-- my_community_ids, my_channel_ids: what the caller may read directly, as arrays.
-- Policies compare a column with `any ((select …))`: the array is computed once per statement and can drive an index,
-- so a denied reader is as fast as an allowed one. Asked row by row, the same rule costs seconds on a large channel.
-- They are plpgsql because they stand before the tables whose policies call them.
-- Without a permission: the communities the caller is a member of; with one: those where the caller also holds it.
create function private.my_community_ids(p_permission text default null)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_needed bigint;
begin
  if p_permission is null then
    return array(
      select m.community_id from public.community_members m where m.user_id = (select auth.uid())
    );
  end if;
  v_needed := private.permission_mask(p_permission);
  return array(
    select m.community_id from public.community_members m
    where m.user_id = (select auth.uid()) and private.community_permissions(m.community_id) & v_needed <> 0
  );
end
$$;

revoke all on function private.my_community_ids(text) from public, anon, authenticated, service_role;
grant execute on function private.my_community_ids(text) to authenticated;

-- schemas/access/my_channel_ids.sql

-- my_channel_ids: see my_community_ids. The channels in which the caller holds all of these permissions. Made for what a
-- timeout leaves, view_channel and read_history: it does not look at timeouts.
create function private.my_channel_ids(variadic p_permissions text[])
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_needed bigint := private.permission_mask(variadic p_permissions);
begin
  return array(
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id
    where m.user_id = (select auth.uid())
      and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
      and ca.permissions & v_needed = v_needed
    union all
    select r.place_id
    from public.community_members m
    cross join lateral private.rights_now(m.community_id, m.user_id) r
    where m.user_id = (select auth.uid())
      and m.access_expires_at <= pg_catalog.now()
      and r.permissions & v_needed = v_needed
  );
end
$$;

revoke all on function private.my_channel_ids(text[]) from public, anon, authenticated, service_role;
grant execute on function private.my_channel_ids(text[]) to authenticated;

-- schemas/access/permissions_catalog.sql

-- permissions_catalog: every permission by name and bit. Adding one is one row; a bit is never used again
-- (see resolve_new_permissions). What it needs besides itself stands in the rule (rights_in and sdk/src/access), and what
-- everybody holds in a new community in create_community.
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
  (0, 'view_channel', 'channel', 'See that the channel exists'),
  (1, 'read_history', 'channel', 'Receive messages and read those sent before'),
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
  -- Nearly every gate asks for one.
  if pg_catalog.cardinality(p_keys) = 1 then
    select 1::bigint << c.bit into v_mask from public.permissions_catalog c where c.key = p_keys [1];
    if found then
      return v_mask;
    end if;
  end if;

  select coalesce(pg_catalog.bit_or(1::bigint << c.bit), 0), pg_catalog.min(k.key) filter (where c.key is null)
  into v_mask, v_unknown
  from pg_catalog.unnest(p_keys) as k (key)
  left join public.permissions_catalog c on c.key = k.key;

  if v_unknown is not null or pg_catalog.array_position(p_keys, null) is not null then
    -- Who asks for a list says its field itself: see require_permission_keys.
    perform private.fail(
      'invalid_argument', 'There is no such permission.', 422,
      pg_catalog.jsonb_build_object('field', 'p_permission', 'permission', pg_catalog.left(v_unknown, 64))
    );
  end if;
  return v_mask;
end
$$;

revoke all on function private.permission_mask(text[]) from public, anon, authenticated, service_role;

-- schemas/access/permission_keys.sql

-- permission_keys: the names a mask stands for, in the catalog's order. The opposite of permission_mask.
create function private.permission_keys(p_mask bigint)
returns text[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(pg_catalog.array_agg(c.key order by c.bit), '{}')
  from public.permissions_catalog c
  where p_mask & (1::bigint << c.bit) <> 0;
$$;

revoke all on function private.permission_keys(bigint) from public, anon, authenticated, service_role;

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
  color integer not null default 0 check (color between 0 and 16777215),
  is_default boolean not null generated always as (position = 0) stored,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  -- Asked at the end of each statement, so that one statement can move several. Position 0 can be taken once like any
  -- other: there is one default role.
  unique (community_id, position) deferrable initially immediate
);

comment on table public.roles is 'A role of a community.';
comment on column public.roles.position is 'Place in the hierarchy: 0 is the default role, higher is stronger.';
comment on column public.roles.permissions is 'Mask over permissions_catalog.bit.';
comment on column public.roles.color is 'As 0xRRGGBB; 0: none of its own.';

alter table public.roles enable row level security;

create policy roles_select on public.roles
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.roles from public, anon, authenticated, service_role;
grant select (community_id, id, name, position, is_default, color, created_at) on table public.roles to authenticated;

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
  topic_epoch bigint not null default 1,
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
  access_expires_at timestamptz,
  timed_out_until timestamptz,
  nickname text check (pg_catalog.char_length(nickname) between 1 and 32),
  sort_name text not null collate "C",
  invited_by uuid references public.profiles (id) on delete set null,
  invite_code text,
  joined_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, user_id),
  foreign key (community_id, access_class_id) references private.access_classes (community_id, id) on delete no action
);

comment on table public.community_members is 'A user''s membership in a community.';
comment on column public.community_members.access_expires_at is
'When the first of the temporary grants ends that the access class counts in. Past: the class is not to be believed.';
comment on column public.community_members.nickname is 'Shown name in this community: 1 to 32 characters; null: the profile''s.';
comment on column public.community_members.sort_name is 'The shown name in lower case: what lists are sorted and searched by.';
comment on column public.community_members.invited_by is 'Whose invite it was.';
comment on column public.community_members.invite_code is 'By which invite; kept when the invite is gone.';
comment on column public.community_members.timed_out_until is 'Until then the member may only look and read. Null or past: not timed out.';

create index community_members_user_id on public.community_members (user_id, joined_at);
create index community_members_access_class_id on public.community_members (community_id, access_class_id);
create index community_members_sort_name on public.community_members (community_id, sort_name, user_id);
create index community_members_invited_by on public.community_members (invited_by) where invited_by is not null;
create index community_members_access_expires_at on public.community_members (access_expires_at)
where access_expires_at is not null;

alter table public.community_members enable row level security;

create policy community_members_select on public.community_members
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.community_members from public, anon, authenticated, service_role;
grant select (community_id, user_id, timed_out_until, nickname, joined_at) on table public.community_members to authenticated;

-- schemas/access/member_roles.sql

-- member_roles: which roles a member was granted, beyond the default role. A grant past its expires_at counts nowhere any
-- more; the sweep only tidies.
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

create index member_roles_expires_at on public.member_roles (expires_at) where expires_at is not null;
create index member_roles_role_id on public.member_roles (community_id, role_id);

alter table public.member_roles enable row level security;

create policy member_roles_select on public.member_roles
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.member_roles from public, anon, authenticated, service_role;
grant select on table public.member_roles to authenticated;

-- schemas/access/departed_timeouts.sql

-- departed_timeouts: timeouts of members who are gone. A timeout does not end by leaving and coming back.
create table private.departed_timeouts (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  timed_out_until timestamptz not null,
  primary key (community_id, user_id)
);

create index departed_timeouts_user_id on private.departed_timeouts (user_id);
create index departed_timeouts_timed_out_until on private.departed_timeouts (timed_out_until);

revoke all on table private.departed_timeouts from public, anon, authenticated, service_role;

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

-- schemas/access/channel_group_overwrites.sql

-- channel_group_overwrites: what a group allows or denies, for the channels synced with it. Rights come from
-- channel_overwrites alone: a synced channel carries a copy of its group's, so no reader has to look in two places.
create table public.channel_group_overwrites (
  community_id uuid not null,
  group_id uuid not null,
  role_id uuid,
  user_id uuid references public.profiles (id) on delete cascade,
  allow bigint not null default 0,
  deny bigint not null default 0,
  subject_id uuid not null generated always as (coalesce(role_id, user_id)) stored,
  primary key (group_id, subject_id),
  check (pg_catalog.num_nonnulls(role_id, user_id) = 1),
  check (allow & deny = 0),
  foreign key (community_id, group_id) references public.channel_groups (community_id, id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade
);

comment on table public.channel_group_overwrites is 'What a group allows or denies a role or a member, in the channels synced with it.';

create index channel_group_overwrites_group_id on public.channel_group_overwrites (community_id, group_id);
create index channel_group_overwrites_role_id on public.channel_group_overwrites (community_id, role_id) where role_id is not null;
create index channel_group_overwrites_user_id on public.channel_group_overwrites (user_id, community_id) where user_id is not null;

alter table public.channel_group_overwrites enable row level security;

create policy channel_group_overwrites_select on public.channel_group_overwrites
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.channel_group_overwrites from public, anon, authenticated, service_role;
grant select (community_id, group_id, role_id, user_id, subject_id) on table public.channel_group_overwrites to authenticated;

-- schemas/access/channels.sql

-- channels: where messages are sent and voice is held.
create table public.channels (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  group_id uuid,
  kind text not null check (kind in ('text', 'voice')),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null,
  is_synced boolean not null default false,
  slow_mode_seconds integer not null default 0 check (slow_mode_seconds between 0 and 21600),
  announces_joins boolean not null default false check (not announces_joins or kind = 'text'),
  topic_epoch bigint not null default 1,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  foreign key (community_id, group_id) references public.channel_groups (community_id, id) on delete set null (group_id)
);

comment on table public.channels is 'A channel of a community.';
comment on column public.channels.kind is $$What it is for.
@type {'text' | 'voice'}$$;
comment on column public.channels.position is 'Place within its group, ascending.';
comment on column public.channels.is_synced is 'Whether it carries the overwrites of its group; editing its own ends that.';
comment on column public.channels.slow_mode_seconds is 'Seconds that everybody waits between two messages, up to 6 hours; 0: no slow mode.';
comment on column public.channels.announces_joins is 'Whether joins are told in it; at most one channel of a community does.';
comment on column public.channels.topic_epoch is 'Part of the name of the channel''s topic; rises when somebody loses the right to view it or to read its history.';

create unique index channels_announces_joins on public.channels (community_id) where announces_joins;
create index channels_group_id on public.channels (community_id, group_id);

alter table public.channels enable row level security;

create policy channels_select on public.channels
for select to authenticated using (id = any ((select private.my_channel_ids('view_channel'))::uuid[]));

revoke all on table public.channels from public, anon, authenticated, service_role;
grant select on table public.channels to authenticated;

-- schemas/access/direct_channels.sql

-- direct_channels: conversations without a community: of two people, or a group of up to 10. To messages each is a channel like any
-- other, with a head of its own; who takes part is all there is of rights (see direct_permissions).
-- Of two people there is one, whoever opens it: they are low_id and high_id, in the order of their ids. One of them is null when
-- that account is gone, and the other keeps what was said.
create table private.direct_channels (
  id uuid primary key default private.uuid_v7(),
  kind text not null check (kind in ('pair', 'group')),
  low_id uuid references public.profiles (id) on delete set null check (low_id is null or kind = 'pair'),
  high_id uuid references public.profiles (id) on delete set null check (high_id is null or kind = 'pair'),
  opener_id uuid references public.profiles (id) on delete set null,
  -- Of a group: who takes members out of it.
  owner_id uuid references public.profiles (id) on delete set null check (owner_id is null or kind = 'group'),
  name text check (name is null or kind = 'group' and pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  topic_epoch bigint not null default 0,
  created_at timestamptz not null default pg_catalog.now(),
  check (low_id < high_id)
);

create unique index direct_channels_pair on private.direct_channels (low_id, high_id);
create index direct_channels_high_id on private.direct_channels (high_id);
create index direct_channels_opener_id on private.direct_channels (opener_id);
create index direct_channels_owner_id on private.direct_channels (owner_id);

revoke all on table private.direct_channels from public, anon, authenticated, service_role;

-- schemas/access/direct_members.sql

-- direct_members: who takes part in a direct channel, and up to where they have read it.
create table private.direct_members (
  channel_id uuid not null references private.direct_channels (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  added_by uuid references public.profiles (id) on delete set null,
  last_read_seq bigint not null default 0,
  -- In which order they came: times may be the same.
  place bigint generated always as identity,
  joined_at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (channel_id, user_id)
)
-- Room for the new version of a row on the same page: reading updates no index.
with (fillfactor = 80);

create index direct_members_user_id on private.direct_members (user_id);
create index direct_members_added_by on private.direct_members (added_by);

revoke all on table private.direct_members from public, anon, authenticated, service_role;

-- schemas/access/threads.sql

-- threads: conversations that branch off a text channel. A thread takes its channel's rights (see thread_permissions): it has no
-- overwrites, no place among the channels and no answers of its own in channel_access, however many there are.
-- A public thread hangs on a message of its channel, root_seq, by which the channel tells what becomes of it; a private one is
-- known to its members, and to who manages threads.
-- opened_at: its beginning, or when it was last taken out of the archive. Silence since then, or since its last message, archives
-- it (see archived_at), at once for who asks; the sweep looks at silence_at, which is never too late.
create table private.threads (
  community_id uuid not null,
  channel_id uuid not null,
  id uuid not null default private.uuid_v7() unique,
  kind text not null check (kind in ('public', 'private')),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  owner_id uuid references public.profiles (id) on delete set null,
  root_seq bigint check (root_seq is null or kind = 'public'),
  is_locked boolean not null default false,
  archive_after_minutes integer not null check (archive_after_minutes in (60, 1440, 4320, 10080)),
  archived_at timestamptz,
  opened_at timestamptz not null default pg_catalog.now(),
  silence_at timestamptz not null,
  topic_epoch bigint not null default 0,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  foreign key (community_id, channel_id) references public.channels (community_id, id) on delete cascade
);

-- As they are listed: the newest first.
create index threads_channel_id on private.threads (community_id, channel_id, kind, id);
create unique index threads_root_seq on private.threads (channel_id, root_seq) where root_seq is not null;
create index threads_open on private.threads (channel_id, id) where archived_at is null;
create index threads_silence_at on private.threads (silence_at) where archived_at is null;
create index threads_owner_id on private.threads (owner_id);

revoke all on table private.threads from public, anon, authenticated, service_role;

-- schemas/access/thread_members.sql

-- thread_members: who follows a thread; a private one is seen by nobody else but who manages threads. Ends with the membership
-- in the community, and does not come back with it.
create table private.thread_members (
  community_id uuid not null,
  thread_id uuid not null references private.threads (id) on delete cascade,
  user_id uuid not null,
  joined_at timestamptz not null default pg_catalog.now(),
  primary key (thread_id, user_id),
  foreign key (community_id, user_id) references public.community_members (community_id, user_id) on delete cascade
);

create index thread_members_user_id on private.thread_members (community_id, user_id);

revoke all on table private.thread_members from public, anon, authenticated, service_role;

-- schemas/access/channel_overwrites.sql

-- channel_overwrites: what a channel allows or denies a role (the default role included) or a single member.
-- Exactly one of role_id and user_id is set. A member who leaves takes what is allowed along and leaves behind what is
-- denied, for when they come back (see end_personal_allows): so user_id may be nobody's membership.
create table public.channel_overwrites (
  community_id uuid not null,
  channel_id uuid not null,
  role_id uuid,
  user_id uuid references public.profiles (id) on delete cascade,
  allow bigint not null default 0,
  deny bigint not null default 0,
  subject_id uuid not null generated always as (coalesce(role_id, user_id)) stored,
  primary key (channel_id, subject_id),
  check (pg_catalog.num_nonnulls(role_id, user_id) = 1),
  check (allow & deny = 0),
  foreign key (community_id, channel_id) references public.channels (community_id, id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade
);

comment on table public.channel_overwrites is 'What a channel allows or denies a role or a member.';

create index channel_overwrites_channel_id on public.channel_overwrites (community_id, channel_id);
create index channel_overwrites_role_id on public.channel_overwrites (community_id, role_id) where role_id is not null;
create index channel_overwrites_user_id on public.channel_overwrites (user_id, community_id) where user_id is not null;

alter table public.channel_overwrites enable row level security;

create policy channel_overwrites_select on public.channel_overwrites
for select to authenticated using (channel_id = any ((select private.my_channel_ids('view_channel'))::uuid[]));

revoke all on table public.channel_overwrites from public, anon, authenticated, service_role;
grant select (community_id, channel_id, role_id, user_id, subject_id) on table public.channel_overwrites to authenticated;

-- schemas/access/channel_access.sql

-- channel_access: the answer. What each access class may do in each channel, resolved when facts change.
-- Gates and policies read this table; the rule itself is asked (rights_now) only while a temporary grant has ended and is
-- not swept yet, and for what is not stored: groups, invites' makers, previews and explanations.
create table private.channel_access (
  access_class_id uuid not null references private.access_classes (id) on delete cascade,
  channel_id uuid not null references public.channels (id) on delete cascade,
  permissions bigint not null,
  primary key (access_class_id, channel_id)
);

create index channel_access_channel_id on private.channel_access (channel_id);

revoke all on table private.channel_access from public, anon, authenticated, service_role;

-- schemas/access/rights.sql

-- rights: what the rule gives in one place, with every tier's part in it. A place is a channel, or a group, asked as if
-- it were a text channel synced with it.
create type private.rights as (
  place_id uuid,
  base bigint,
  default_deny bigint,
  default_allow bigint,
  roles_deny bigint,
  roles_allow bigint,
  member_deny bigint,
  member_allow bigint,
  permissions bigint
);

revoke all on type private.rights from public, anon, authenticated, service_role;

-- schemas/access/base_permissions.sql

-- base_permissions: tiers 1 and 2 of the rule (see rights_in), for who holds these roles beside the default role.
-- p_member_id matters only where it is the owner.
create function private.base_permissions(p_community_id uuid, p_role_ids uuid[], p_member_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_base bigint;
begin
  select pg_catalog.bit_or(r.permissions) into v_base
  from public.roles r
  where r.community_id = p_community_id and (r.is_default or r.id = any (p_role_ids));

  if v_base & private.permission_mask('administrator') <> 0
    or exists (select from public.communities c where c.id = p_community_id and c.owner_id = p_member_id)
  then
    return (select pg_catalog.bit_or(1::bigint << k.bit) from public.permissions_catalog k);
  end if;
  return v_base;
end
$$;

revoke all on function private.base_permissions(uuid, uuid[], uuid) from public, anon, authenticated, service_role;

-- schemas/access/rights_in.sql

-- rights_in: the whole rule, for who holds these roles and, where p_member_id is given, is this member. It is Discord's
-- documented order, because people know it:
--
--   1. The owner, or whoever holds a role with administrator: everything.
--   2. base = the default role's permissions and those of all granted roles.
--   3. In a channel: the default role's denies go, its allows come; then the denies of all granted roles together go and
--      all their allows come (so among roles an allow beats a deny, and position does not matter); then the member's own.
--   4. Without view_channel: nothing. Without send_messages: no mention_everyone, attach_files, embed_links.
--      Without connect in a voice channel: nothing but seeing it.
--
-- A timeout is applied where rights are read: see channel_permissions. Tiers 1 and 2 are in base_permissions. What is stored
-- (resolve_access) and asked live (rights_now) comes from here. explain_permission takes the tiers from here and tells
-- step 4 and the timeout once more, in words: whoever changes those changes both, and the SDK's own resolver.
-- Without p_place_id: every channel of the community.
create function private.rights_in(
  p_community_id uuid,
  p_role_ids uuid[],
  p_member_id uuid,
  p_place_id uuid default null
)
returns setof private.rights
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_base bigint := private.base_permissions(p_community_id, p_role_ids, p_member_id);
  v_is_administrator boolean := v_base & private.permission_mask('administrator') <> 0;
  v_view bigint := private.permission_mask('view_channel');
  v_send bigint := private.permission_mask('send_messages');
  v_needs_send bigint := private.permission_mask('mention_everyone', 'attach_files', 'embed_links');
  v_connect bigint := private.permission_mask('connect');
  -- What there is in channels at all: to kick somebody is no right in a channel, whoever holds it.
  v_in_channels bigint := (
    select pg_catalog.bit_or(1::bigint << k.bit) from public.permissions_catalog k where k.scope <> 'community'
  );
begin
  return query
  select
    t.id, v_base, t.default_deny, t.default_allow, t.roles_deny, t.roles_allow, t.member_deny, t.member_allow,
    v_in_channels & case
      when v_is_administrator then v_base
      when t.overwritten & v_view = 0 then 0
      when t.kind = 'voice' and t.overwritten & v_connect = 0 then v_view
      when t.overwritten & v_send = 0 then t.overwritten & ~v_needs_send
      else t.overwritten
    end
  from (
    select
      p.id, p.kind, o.*,
      ((((((v_base & ~o.default_deny) | o.default_allow)
        & ~o.roles_deny) | o.roles_allow)
        & ~o.member_deny) | o.member_allow) as overwritten
    from (
      select c.id, c.kind
      from public.channels c
      where c.community_id = p_community_id and (p_place_id is null or c.id = p_place_id)
      union all
      select g.id, 'text'
      from public.channel_groups g
      where g.community_id = p_community_id and g.id = p_place_id
    ) p
    cross join lateral (
      select
        coalesce(pg_catalog.bit_or(w.deny) filter (where r.is_default), 0) as default_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where r.is_default), 0) as default_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where not r.is_default), 0) as roles_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where not r.is_default), 0) as roles_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where w.user_id is not null), 0) as member_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where w.user_id is not null), 0) as member_allow
      from (
        select c.role_id, c.user_id, c.allow, c.deny from public.channel_overwrites c where c.channel_id = p.id
        union all
        select g.role_id, g.user_id, g.allow, g.deny from public.channel_group_overwrites g where g.group_id = p.id
      ) w
      left join public.roles r on r.community_id = p_community_id and r.id = w.role_id
      where r.is_default or w.role_id = any (p_role_ids) or w.user_id = p_member_id
    ) o
  ) t;
end
$$;

revoke all on function private.rights_in(uuid, uuid[], uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/granted_role_ids.sql

-- granted_role_ids: the roles a member holds at this moment beside the default role, sorted, as access classes keep them.
create function private.granted_role_ids(p_community_id uuid, p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.role_id
    from public.member_roles m
    where m.community_id = p_community_id
      and m.user_id = p_user_id
      and (m.expires_at is null or m.expires_at > pg_catalog.now())
    order by m.role_id
  );
end
$$;

revoke all on function private.granted_role_ids(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/rights_now.sql

-- rights_now: a member's rights by the rule itself instead of by what is stored. For the moments between the end of a
-- temporary grant and the sweep that stores it, for groups, and for explanations.
create function private.rights_now(p_community_id uuid, p_user_id uuid, p_place_id uuid default null)
returns setof private.rights
language sql stable security definer set search_path = ''
as $$
  select * from private.rights_in(
    p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id, p_place_id
  );
$$;

revoke all on function private.rights_now(uuid, uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/has_private_threads.sql

-- has_private_threads: whether who manages threads in a channel sees more for it. Losing that right loses those threads, and
-- their names are the channel's (see channel_topic).
create function private.has_private_threads(p_community_id uuid, p_channel_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.threads t
    where t.community_id = p_community_id and t.channel_id = p_channel_id and t.kind = 'private'
  );
end
$$;

revoke all on function private.has_private_threads(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/resolve_access.sql

-- resolve_access: stores what the rule (rights_in) gives each access class, where it differs from what is stored.
-- Returns the channels that somebody does not receive any more: whoever may not view a channel or not read its history
-- is not on its topic, so those topics have to move; and so with who does not manage its private threads any more, and in a voice
-- channel with who may not connect any more (see voice_topic). Every class has members, so a class that lost is somebody who lost.
-- With p_access_class_id or p_channel_id only that class's or that channel's answers are resolved: a new class or a new
-- channel changes nobody else's. The caller holds change_access, or hold_access where it resolves a class of its own.
create function private.resolve_access(
  p_community_id uuid,
  p_access_class_id uuid default null,
  p_channel_id uuid default null
)
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_receive bigint := private.permission_mask('view_channel', 'read_history');
  v_manage bigint := private.permission_mask('manage_threads');
  v_connect bigint := private.permission_mask('connect');
  v_lost uuid[];
begin
  update private.access_classes a
  set permissions = resolved.permissions
  from (
    select k.id, private.base_permissions(k.community_id, k.role_ids, k.member_id) as permissions
    from private.access_classes k
    where k.community_id = p_community_id
      and (p_access_class_id is null or k.id = p_access_class_id)
  ) resolved
  where a.id = resolved.id and a.permissions <> resolved.permissions;

  with changed as materialized (
    select
      a.id as access_class_id, r.place_id as channel_id, r.permissions,
      ca.permissions & v_receive = v_receive and r.permissions & v_receive <> v_receive
        or ca.permissions & v_manage <> 0 and r.permissions & v_manage = 0
          and private.has_private_threads(p_community_id, r.place_id)
        or ca.permissions & v_connect <> 0 and r.permissions & v_connect = 0
          and exists (select from public.channels c where c.id = r.place_id and c.kind = 'voice') as is_lost
    from private.access_classes a
    cross join lateral private.rights_in(a.community_id, a.role_ids, a.member_id, p_channel_id) r
    left join private.channel_access ca on ca.access_class_id = a.id and ca.channel_id = r.place_id
    where a.community_id = p_community_id
      and (p_access_class_id is null or a.id = p_access_class_id)
      and ca.permissions is distinct from r.permissions
  ), stored as (
    insert into private.channel_access (access_class_id, channel_id, permissions)
    select c.access_class_id, c.channel_id, c.permissions from changed c
    on conflict (access_class_id, channel_id) do update set permissions = excluded.permissions
  )
  select coalesce(pg_catalog.array_agg(distinct c.channel_id) filter (where c.is_lost), '{}') into v_lost
  from changed c;
  return v_lost;
end
$$;

revoke all on function private.resolve_access(uuid, uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/resolve_new_permissions.sql

-- resolve_new_permissions: what owners and administrators hold is stored, so a permission that comes with a later version is
-- given to them when its row does. Nobody resolves meanwhile: that reads the catalog, and waits for this.
create function private.resolve_new_permissions()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  lock table public.permissions_catalog in access exclusive mode;
  perform private.resolve_access(c.id) from public.communities c;
  return null;
end
$$;

revoke all on function private.resolve_new_permissions() from public, anon, authenticated, service_role;

create trigger resolve_new_permissions
after insert on public.permissions_catalog
for each statement execute function private.resolve_new_permissions();

-- schemas/access/access_class.sql

-- access_class: the class of who holds these roles (sorted) and, where p_member_id is given, is this member; made and
-- resolved where it is the first of its kind. The caller holds hold_access or change_access for the community, so no
-- channel comes while the class is resolved. Two members who make the same class side by side meet at its unique key:
-- the second waits for the first and takes its class.
create function private.access_class(p_community_id uuid, p_role_ids uuid[], p_member_id uuid)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_id uuid;
begin
  select a.id into v_id
  from private.access_classes a
  where a.community_id = p_community_id
    and a.role_ids = p_role_ids
    and a.member_id is not distinct from p_member_id;
  if found then
    return v_id;
  end if;

  insert into private.access_classes (community_id, role_ids, member_id)
  values (p_community_id, p_role_ids, p_member_id)
  on conflict (community_id, role_ids, member_id) do nothing
  returning id into v_id;
  if found then
    perform private.resolve_access(p_community_id, p_access_class_id => v_id);
  else
    select a.id into v_id
    from private.access_classes a
    where a.community_id = p_community_id
      and a.role_ids = p_role_ids
      and a.member_id is not distinct from p_member_id;
  end if;
  return v_id;
end
$$;

revoke all on function private.access_class(uuid, uuid[], uuid) from public, anon, authenticated, service_role;

-- schemas/access/remove_empty_classes.sql

-- remove_empty_classes: of these classes, those nobody is left in. The caller holds change_access: nobody is joining one.
create function private.remove_empty_classes(p_community_id uuid, p_class_ids uuid[])
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.access_classes a
  where a.community_id = p_community_id
    and a.id = any (p_class_ids)
    and not exists (
      select from public.community_members m where m.community_id = p_community_id and m.access_class_id = a.id
    );
$$;

revoke all on function private.remove_empty_classes(uuid, uuid[]) from public, anon, authenticated, service_role;

-- schemas/access/personal_class.sql

-- personal_class: whom an access class is for alone: this user, where they own the community or a channel says something
-- about them; otherwise null, and the class is shared by all who hold the same roles.
create function private.personal_class(p_community_id uuid, p_user_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (
    select from public.communities c where c.id = p_community_id and c.owner_id = p_user_id
  ) or exists (
    select from public.channel_overwrites w where w.community_id = p_community_id and w.user_id = p_user_id
  ) then
    return p_user_id;
  end if;
  return null;
end
$$;

revoke all on function private.personal_class(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/assign_access_classes.sql

-- assign_access_classes: gives members the classes that their roles and overwrites ask for now, and removes classes that
-- nobody is left in. Returns the channels that somebody does not receive any more (see resolve_access).
-- The caller holds change_access for the community. Cost: one update per member whose class changes, one resolution per
-- class that is new.
create function private.assign_access_classes(p_community_id uuid, p_user_ids uuid[])
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
  v_receive bigint := private.permission_mask('view_channel', 'read_history');
  v_manage bigint := private.permission_mask('manage_threads');
  v_connect bigint := private.permission_mask('connect');
  v_left uuid[];
  v_entered uuid[];
  v_lost uuid[];
  v_poorer uuid[];
begin
  with facts as materialized (
    select
      m.user_id,
      m.access_class_id as old_class_id,
      private.granted_role_ids(p_community_id, m.user_id) as role_ids,
      private.personal_class(p_community_id, m.user_id) as member_id,
      (
        -- Also one that has ended, so that the sweep still comes for it.
        select pg_catalog.min(g.expires_at)
        from public.member_roles g
        where g.community_id = p_community_id and g.user_id = m.user_id
      ) as expires_at
    from public.community_members m
    where m.community_id = p_community_id and m.user_id = any (p_user_ids)
  ), classes as materialized (
    select k.role_ids, k.member_id, private.access_class(p_community_id, k.role_ids, k.member_id) as id
    from (select distinct f.role_ids, f.member_id from facts f) k
  ), assigned as (
    update public.community_members m
    set access_class_id = k.id, access_expires_at = f.expires_at
    from facts f
    join classes k on k.role_ids = f.role_ids and k.member_id is not distinct from f.member_id
    where m.community_id = p_community_id
      and m.user_id = f.user_id
      and (m.access_class_id <> k.id or m.access_expires_at is distinct from f.expires_at)
    returning f.old_class_id, k.id as new_class_id
  )
  select pg_catalog.array_agg(d.old_class_id), pg_catalog.array_agg(d.new_class_id) into v_left, v_entered
  from (
    select distinct a.old_class_id, a.new_class_id from assigned a where a.old_class_id <> a.new_class_id
  ) d;

  select
    coalesce(
      pg_catalog.array_agg(distinct o.channel_id)
      filter (where
        o.permissions & v_receive = v_receive and n.permissions & v_receive <> v_receive
        or o.permissions & v_manage <> 0 and n.permissions & v_manage = 0
          and private.has_private_threads(p_community_id, o.channel_id)
        or o.permissions & v_connect <> 0 and n.permissions & v_connect = 0
          and exists (select from public.channels c where c.id = o.channel_id and c.kind = 'voice')
      ),
      '{}'
    ),
    pg_catalog.array_agg(distinct moved.old_class_id)
    filter (where o.permissions & v_view <> 0 and n.permissions & v_view = 0)
  into v_lost, v_poorer
  from rows from (pg_catalog.unnest(v_left), pg_catalog.unnest(v_entered)) as moved (old_class_id, new_class_id)
  join private.channel_access o on o.access_class_id = moved.old_class_id
  join private.channel_access n on n.access_class_id = moved.new_class_id and n.channel_id = o.channel_id
  where o.permissions <> n.permissions;

  -- Whoever lost a channel hears no more of what those who stay in the class see (see activity_topic).
  update private.access_classes a set topic_epoch = a.topic_epoch + 1 where a.id = any (v_poorer);
  perform private.remove_empty_classes(p_community_id, v_left);
  return v_lost;
end
$$;

revoke all on function private.assign_access_classes(uuid, uuid[]) from public, anon, authenticated, service_role;

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

-- left_by_timeout: what a timeout leaves a member of these permissions: looking and reading. The owner and
-- administrators are exempt.
create function private.left_by_timeout(p_permissions bigint, p_community_id uuid, p_user_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.base_permissions(p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id)
    & private.permission_mask('administrator') <> 0
  then
    return p_permissions;
  end if;
  return p_permissions & private.permission_mask('view_channel', 'read_history');
end
$$;

revoke all on function private.left_by_timeout(bigint, uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/shares_community.sql

-- shares_community: whether two people are members of one community.
create function private.shares_community(p_user_id uuid, p_other_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from public.community_members m
    join public.community_members o on o.community_id = m.community_id and o.user_id = p_other_id
    where m.user_id = p_user_id
  );
end
$$;

revoke all on function private.shares_community(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/may_write_directly.sql

-- may_write_directly: whether somebody takes direct messages of somebody else. The recipient's choice, and nothing that the
-- recipient has blocked: whoever is blocked is answered as before.
create function private.may_write_directly(p_sender_id uuid, p_recipient_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_choice text := private.direct_from(p_recipient_id);
begin
  return v_choice <> 'nobody' and (
    private.are_friends(p_recipient_id, p_sender_id)
    or v_choice = 'members' and private.shares_community(p_sender_id, p_recipient_id)
  );
end
$$;

revoke all on function private.may_write_directly(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/hides_direct_channel.sql

-- hides_direct_channel: whether a member is not shown a direct channel, for a block of their own: of the other of two people, or of who
-- has added them to a group while they were blocked. Asked anew each time and stored nowhere, so it begins and ends with the block, in
-- whatever order blocks, additions and ended accounts commit.
create function private.hides_direct_channel(p_member private.direct_members)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from private.blocks b
    join private.direct_channels d on d.id = p_member.channel_id
    where b.blocker_id = p_member.user_id
      and case d.kind
        when 'pair' then b.blocked_id in (d.low_id, d.high_id)
        else b.blocked_id = p_member.added_by and b.created_at <= p_member.joined_at
      end
  );
end
$$;

revoke all on function private.hides_direct_channel(private.direct_members) from public, anon, authenticated, service_role;

-- schemas/access/direct_permissions.sql

-- direct_permissions: the caller's mask in a direct channel; null where there is no such channel, or it is not theirs to see. Nobody
-- manages others' messages there.
-- Of two people, one writes as long as the other takes it (see may_write_directly) or has opened the conversation: whoever begins one
-- is answered. What was said stays to be read.
-- Whoever has blocked the other does not see the channel; whoever is blocked sees no difference.
create function private.direct_permissions(p_channel_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_channel record;
  v_other_id uuid;
begin
  select d.kind, d.low_id, d.high_id, d.opener_id, m as member
  into v_channel
  from private.direct_members m
  join private.direct_channels d on d.id = m.channel_id
  where m.channel_id = p_channel_id and m.user_id = v_user_id;
  if not found or private.hides_direct_channel(v_channel.member) then
    return null;
  end if;

  if v_channel.kind = 'pair' then
    v_other_id := case when v_channel.low_id = v_user_id then v_channel.high_id else v_channel.low_id end;
    if v_other_id is null or v_channel.opener_id is distinct from v_other_id and not private.may_write_directly(v_user_id, v_other_id) then
      return private.permission_mask('view_channel', 'read_history');
    end if;
  end if;
  return private.permission_mask(
    'view_channel', 'read_history', 'send_messages', 'attach_files', 'embed_links', 'add_reactions', 'pin_messages'
  );
end
$$;

revoke all on function private.direct_permissions(uuid) from public, anon, authenticated, service_role;

-- schemas/access/shown_direct_channels.sql

-- shown_direct_channels: the direct channels that somebody is shown, which are those that they may read (see direct_permissions).
create function private.shown_direct_channels(p_user_id uuid)
returns setof private.direct_members
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select m.*
  from private.direct_members m
  join private.direct_channels d on d.id = m.channel_id
  where m.user_id = p_user_id
    -- As in hides_direct_channel, here without a call for each.
    and not exists (
      select from private.blocks b
      where b.blocker_id = p_user_id
        and case d.kind
          when 'pair' then b.blocked_id in (d.low_id, d.high_id)
          else b.blocked_id = m.added_by and b.created_at <= m.joined_at
        end
    );
end
$$;

revoke all on function private.shown_direct_channels(uuid) from public, anon, authenticated, service_role;

-- schemas/access/my_readable_channel_ids.sql

-- my_readable_channel_ids: the channels of which the caller reads the messages: those of communities, and the direct ones that they are
-- shown (see direct_permissions: who is shown one may read it). Threads are read by functions only. One array, because by it the policy on
-- messages narrows the index; beside a second condition, joined by `or`, it would filter every message there is.
create function private.my_readable_channel_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return private.my_channel_ids('view_channel', 'read_history')
    || array(select m.channel_id from private.shown_direct_channels((select auth.uid())) m);
end
$$;

revoke all on function private.my_readable_channel_ids() from public, anon, authenticated, service_role;
grant execute on function private.my_readable_channel_ids() to authenticated;

-- schemas/access/thread_permissions.sql

-- thread_permissions: the caller's mask in a thread; null where there is no such thread, no membership, or it is not theirs to see:
-- a thread is known by what is said in its channel, so who may not read there does not know of it, nor of a private one who is not
-- its member. It is the channel's, as far as there is such a right in a thread, with send_in_threads in place of
-- send_messages. In a locked thread only who manages threads writes and reacts.
-- What the channel gives only along with send_messages (see rights_in) is not given back by send_in_threads.
create function private.thread_permissions(p_thread_id uuid, p_without_timeout boolean)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_thread private.threads;
  v_held bigint;
  v_manage bigint := private.permission_mask('manage_threads');
begin
  select t.* into v_thread from private.threads t where t.id = p_thread_id;
  if not found then
    return null;
  end if;
  v_held := private.channel_permissions(v_thread.channel_id, p_without_timeout);
  if v_held & private.permission_mask('read_history') = 0 then
    return null;
  end if;
  if v_thread.kind = 'private'
    and not exists (
      select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = (select auth.uid())
    )
    -- Seeing is what a timeout leaves, so it does not take the thread away either.
    and private.channel_permissions(v_thread.channel_id, true) & v_manage = 0
  then
    return null;
  end if;

  v_held := v_held & private.permission_mask(
    'view_channel', 'read_history', 'send_in_threads', 'manage_threads', 'attach_files', 'embed_links', 'add_reactions',
    'mention_everyone', 'pin_messages', 'manage_messages', 'bypass_slow_mode'
  );
  if v_thread.is_locked and v_held & v_manage = 0 then
    v_held := v_held & private.permission_mask('view_channel', 'read_history', 'manage_messages');
  end if;
  if v_held & private.permission_mask('send_in_threads') <> 0 then
    return v_held | private.permission_mask('send_messages');
  end if;
  return v_held & ~private.permission_mask('attach_files', 'embed_links', 'mention_everyone');
end
$$;

revoke all on function private.thread_permissions(uuid, boolean) from public, anon, authenticated, service_role;

-- schemas/access/channel_permissions.sql

-- channel_permissions: the caller's mask in a channel, a thread or a direct channel; null where there is none such, or no
-- membership.
-- One index lookup each: the channel, the membership, the answer. Only when a temporary grant has ended and is not swept
-- yet, the rule is asked itself.
-- plpgsql, because every gate asks it and only plpgsql keeps the plan from one call to the next.
-- p_user_id: somebody else's, in a channel only. For what the server does by itself; a client's word never comes here.
create function private.channel_permissions(
  p_channel_id uuid,
  p_without_timeout boolean default false,
  p_user_id uuid default null
)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := coalesce(p_user_id, auth.uid());
  v_member record;
begin
  select m.community_id, m.user_id, m.access_class_id, m.access_expires_at, m.timed_out_until, ca.permissions
  into v_member
  from public.channels ch
  join public.community_members m on m.community_id = ch.community_id and m.user_id = v_user_id
  join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.channel_id = ch.id
  where ch.id = p_channel_id;
  if not found then
    if p_user_id is not null then
      return null;
    end if;
    return coalesce(private.thread_permissions(p_channel_id, p_without_timeout), private.direct_permissions(p_channel_id));
  end if;

  if v_member.access_expires_at <= pg_catalog.now() then
    v_member.permissions := (
      select r.permissions from private.rights_now(v_member.community_id, v_member.user_id, p_channel_id) r
    );
  end if;
  if v_member.timed_out_until > pg_catalog.now() and not p_without_timeout then
    return private.left_by_timeout(v_member.permissions, v_member.community_id, v_member.user_id);
  end if;
  return v_member.permissions;
end
$$;

revoke all on function private.channel_permissions(uuid, boolean, uuid) from public, anon, authenticated, service_role;

-- schemas/access/community_permissions.sql

-- community_permissions: the caller's mask in the community as a whole; null without membership.
create function private.community_permissions(p_community_id uuid, p_without_timeout boolean default false)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_member record;
begin
  select m.user_id, m.access_expires_at, m.timed_out_until, a.permissions
  into v_member
  from public.community_members m
  join private.access_classes a on a.id = m.access_class_id
  where m.community_id = p_community_id and m.user_id = (select auth.uid());

  if v_member.access_expires_at <= pg_catalog.now() then
    v_member.permissions := private.base_permissions(
      p_community_id, private.granted_role_ids(p_community_id, v_member.user_id), v_member.user_id
    );
  end if;
  if v_member.timed_out_until > pg_catalog.now() and not p_without_timeout then
    return private.left_by_timeout(v_member.permissions, p_community_id, v_member.user_id);
  end if;
  return v_member.permissions;
end
$$;

revoke all on function private.community_permissions(uuid, boolean) from public, anon, authenticated, service_role;

-- schemas/access/require_in_channel.sql

-- require_in_channel: the gate of every operation on a channel, asked once, at its top. Returns the caller's mask there.
-- Whoever may not view the channel learns nothing, not even that it exists.
create function private.require_in_channel(p_channel_id uuid, p_permission text, p_place text default 'channel')
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.channel_permissions(p_channel_id);
  v_needed bigint := private.permission_mask(p_permission);
begin
  -- Without view_channel there is no right at all (see rights_in), nor without a session.
  if coalesce(v_permissions, 0) = 0 then
    perform private.require_user();
    perform private.fail(
      'not_found', pg_catalog.format('There is no such %s.', p_place), 404,
      pg_catalog.jsonb_build_object('field', pg_catalog.format('p_%s_id', p_place))
    );
  end if;
  if v_permissions & v_needed = 0 then
    -- Only what the timeout takes is put down to it.
    if private.channel_permissions(p_channel_id, p_without_timeout => true) & v_needed <> 0 then
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

revoke all on function private.require_in_channel(uuid, text, text) from public, anon, authenticated, service_role;

-- schemas/access/require_in_thread.sql

-- require_in_thread: require_in_channel for what is asked of threads only. Returns the thread.
create function private.require_in_thread(p_thread_id uuid, p_permission text)
returns private.threads
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  perform private.require_in_channel(p_thread_id, p_permission, 'thread');
  select t.* into v_thread from private.threads t where t.id = p_thread_id;
  -- A channel that the caller sees is no thread either.
  if not found then
    perform private.fail(
      'not_found', 'There is no such thread.', 404, pg_catalog.jsonb_build_object('field', 'p_thread_id')
    );
  end if;
  return v_thread;
end
$$;

revoke all on function private.require_in_thread(uuid, text) from public, anon, authenticated, service_role;

-- schemas/access/require_in_community.sql

-- require_in_community: the gate of every operation on a community as a whole, asked once, at its top.
-- Returns the caller's mask. p_permission null asks for membership only. p_named_by is what the caller named the community
-- by: 'community', or a 'role' or 'group' of it, which is what they are told there is none of.
create function private.require_in_community(
  p_community_id uuid,
  p_permission text default null,
  p_named_by text default 'community'
)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.community_permissions(p_community_id);
begin
  perform private.require_user();

  if v_permissions is null then
    perform private.fail(
      'not_found', pg_catalog.format('There is no such %s.', p_named_by), 404,
      pg_catalog.jsonb_build_object('field', pg_catalog.format('p_%s_id', p_named_by))
    );
  end if;
  if p_permission is not null and v_permissions & private.permission_mask(p_permission) = 0 then
    -- Only what the timeout takes is put down to it.
    if private.community_permissions(p_community_id, p_without_timeout => true) & private.permission_mask(p_permission) <> 0 then
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

revoke all on function private.require_in_community(uuid, text, text) from public, anon, authenticated, service_role;

-- schemas/access/member_rank.sql

-- member_rank: how high a member stands: the position of the highest role held, 0 with the default role only, and above
-- every role for the owner. Null for who is no member.
create function private.member_rank(p_community_id uuid, p_user_id uuid)
returns integer
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when c.owner_id = m.user_id then 2147483647
      else coalesce(
        (
          select pg_catalog.max(r.position)
          from public.roles r
          where r.community_id = m.community_id
            and r.id = any (private.granted_role_ids(m.community_id, m.user_id))
        ),
        0
      )
    end
    from public.community_members m
    join public.communities c on c.id = m.community_id
    where m.community_id = p_community_id and m.user_id = p_user_id
  );
end
$$;

revoke all on function private.member_rank(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/begin_change.sql

-- begin_change: the gate of every operation that changes a community's structure or members: the right, then the
-- community's lock, then the right again, since it may have gone while we waited. Asked first without the lock, because
-- otherwise a stranger's refused calls would make the members wait. Returns the caller's mask in the community.
-- Limits: community_change per user. The lock comes before any row's, also the limit's.
create function private.begin_change(
  p_community_id uuid,
  p_permission text default null,
  p_named_by text default 'community'
)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  perform private.require_in_community(p_community_id, p_permission, p_named_by);
  perform private.change_access(p_community_id);
  v_held := private.require_in_community(p_community_id, p_permission, p_named_by);
  perform private.take_token('community_change', (select auth.uid())::text);
  return v_held;
end
$$;

revoke all on function private.begin_change(uuid, text, text) from public, anon, authenticated, service_role;

-- schemas/access/begin_change_in_channel.sql

-- begin_change_in_channel: begin_change for operations on one channel. Returns the caller's mask in the channel.
create function private.begin_change_in_channel(p_channel_id uuid, p_permission text)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  perform private.require_in_channel(p_channel_id, p_permission);
  perform private.change_access(c.community_id) from public.channels c where c.id = p_channel_id;
  v_held := private.require_in_channel(p_channel_id, p_permission);
  perform private.take_token('community_change', (select auth.uid())::text);
  return v_held;
end
$$;

revoke all on function private.begin_change_in_channel(uuid, text) from public, anon, authenticated, service_role;

-- schemas/access/require_owner.sql

-- require_owner: the gate of what only the owner may do, after begin_change.
create function private.require_owner(p_community_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.communities c where c.id = p_community_id and c.owner_id = (select auth.uid())
  ) then
    perform private.fail('role_hierarchy', 'Only the owner may do this.', 403);
  end if;
end
$$;

revoke all on function private.require_owner(uuid) from public, anon, authenticated, service_role;

-- schemas/access/require_above_role.sql

-- require_above_role: hierarchy. The role is one of this community's and stands strictly below the caller's highest.
-- Returns it. Holding a permission is another matter: an administrator, too, acts only downwards.
create function private.require_above_role(p_community_id uuid, p_role_id uuid)
returns public.roles
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_role public.roles;
begin
  select r.* into v_role from public.roles r where r.community_id = p_community_id and r.id = p_role_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such role in this community.', 404, pg_catalog.jsonb_build_object('field', 'p_role_id')
    );
  end if;
  if v_role.position >= private.member_rank(p_community_id, (select auth.uid())) then
    perform private.fail('role_hierarchy', 'This role does not stand below your own.', 403);
  end if;
  return v_role;
end
$$;

revoke all on function private.require_above_role(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/require_above_member.sql

-- require_above_member: hierarchy. The user is a member whose highest role stands strictly below the caller's. So nobody
-- acts on oneself by it, and nobody on the owner.
create function private.require_above_member(p_community_id uuid, p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_rank integer := private.member_rank(p_community_id, p_user_id);
begin
  if v_rank is null then
    perform private.fail(
      'not_found', 'There is no such member.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  if v_rank >= private.member_rank(p_community_id, (select auth.uid())) then
    perform private.fail('role_hierarchy', 'This member does not stand below you.', 403);
  end if;
end
$$;

revoke all on function private.require_above_member(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/require_held.sql

-- require_held: one gives, takes and denies only what one holds. p_changed is every bit whose value changes.
create function private.require_held(p_held bigint, p_changed bigint)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_changed & ~p_held <> 0 then
    perform private.fail(
      'missing_permission', 'You can change only permissions that you hold yourself.', 403,
      pg_catalog.jsonb_build_object('permission', (private.permission_keys(p_changed & ~p_held))[1])
    );
  end if;
end
$$;

revoke all on function private.require_held(bigint, bigint) from public, anon, authenticated, service_role;

-- schemas/access/require_held_in_channels.sql

-- require_held_in_channels: what roles bring along in single channels is held to the same rule as their permissions:
-- granting a role gives what its overwrites allow, taking it away gives back what they deny. Without this a manager would
-- see a private channel by granting the role that opens it, or speak by shedding the role that silences.
create function private.require_held_in_channels(p_community_id uuid, p_granted uuid[], p_revoked uuid[])
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_lacking bigint;
begin
  select w.given & ~coalesce(private.channel_permissions(w.channel_id), 0) into v_lacking
  from (
    select o.channel_id, pg_catalog.bit_or(
      case when o.role_id = any (p_granted) then o.allow else 0 end
      | case when o.role_id = any (p_revoked) then o.deny else 0 end
    ) as given
    from public.channel_overwrites o
    where o.community_id = p_community_id and o.role_id = any (p_granted || p_revoked)
    group by o.channel_id
  ) w
  where w.given & ~coalesce(private.channel_permissions(w.channel_id), 0) <> 0
  limit 1;
  -- The channel is not named: it may be one that the caller does not see.
  perform private.require_held(0, coalesce(v_lacking, 0));
end
$$;

revoke all on function private.require_held_in_channels(uuid, uuid[], uuid[]) from public, anon, authenticated, service_role;

-- schemas/access/may_grant.sql

-- may_grant: whether a member could grant a role right now: manage_roles held and no timeout, the role strictly below,
-- and everything it gives, in the community and in single channels, held. For invites: who made one may have lost the
-- right to what it promises.
create function private.may_grant(p_community_id uuid, p_user_id uuid, p_role_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_held bigint := private.base_permissions(
    p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id
  );
begin
  return exists (
    select
    from public.roles r
    join public.community_members m on m.community_id = r.community_id and m.user_id = p_user_id
    where r.community_id = p_community_id
      and r.id = p_role_id
      and not r.is_default
      and r.position < private.member_rank(p_community_id, p_user_id)
      and r.permissions & ~v_held = 0
      and v_held & private.permission_mask('manage_roles') <> 0
      and (
        m.timed_out_until is null
        or m.timed_out_until <= pg_catalog.now()
        or v_held & private.permission_mask('administrator') <> 0
      )
  ) and not exists (
    select
    from public.channel_overwrites o
    join private.rights_now(p_community_id, p_user_id) held on held.place_id = o.channel_id
    where o.community_id = p_community_id and o.role_id = p_role_id and o.allow & ~held.permissions <> 0
  );
end
$$;

revoke all on function private.may_grant(uuid, uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/access/sort_name.sql

-- sort_name: what a member is listed and searched by: the nickname, or else the profile's shown name.
create function private.sort_name(p_nickname text, p_display_name text)
returns text
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.lower(coalesce(p_nickname, p_display_name));
$$;

revoke all on function private.sort_name(text, text) from public, anon, authenticated, service_role;

-- A shown name that changes is sorted anew wherever no nickname stands over it.
create function private.sort_members_by_new_name()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.community_members m
  set sort_name = private.sort_name(m.nickname, new.display_name)
  where m.user_id = new.id;
  return null;
end
$$;

revoke all on function private.sort_members_by_new_name() from public, anon, authenticated, service_role;

create trigger access_sort_members_by_new_name
after update of display_name on public.profiles
for each row execute function private.sort_members_by_new_name();

-- schemas/access/my_permissions.sql

-- my_permissions: Gate: membership, and for a channel the right to view it.
create function private.my_permissions(p_community_id uuid, p_channel_id uuid)
returns text[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_channel_id is null then
    return private.permission_keys(private.require_in_community(p_community_id));
  end if;
  if not exists (
    select from public.channels c where c.community_id = p_community_id and c.id = p_channel_id
    union all
    select from private.threads t where t.community_id = p_community_id and t.id = p_channel_id
  ) then
    perform private.require_user();
    perform private.fail(
      'not_found', 'There is no such channel.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return private.permission_keys(private.require_in_channel(p_channel_id, 'view_channel'));
end
$$;

revoke all on function private.my_permissions(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.my_permissions(uuid, uuid) to authenticated;

create function public.my_permissions(p_community_id uuid, p_channel_id uuid default null)
returns text[]
language sql stable security invoker set search_path = ''
as $$ select private.my_permissions(p_community_id, p_channel_id); $$;

comment on function public.my_permissions(uuid, uuid) is
$$Returns the keys of the permissions the caller holds at this moment, a timeout counted in.
@param p_channel_id a channel or thread of this community; left out: in the community as a whole
@errors session_required, not_found$$;

revoke all on function public.my_permissions(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.my_permissions(uuid, uuid) to authenticated;

-- schemas/access/user_has_permission.sql

-- user_has_permission: about the caller only. False for who is no member, and so also where there is no such community.
create function private.user_has_permission(p_community_id uuid, p_permission text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_needed bigint := private.permission_mask(p_permission);
begin
  perform private.require_user();
  return coalesce(private.community_permissions(p_community_id) & v_needed <> 0, false);
end
$$;

revoke all on function private.user_has_permission(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.user_has_permission(uuid, text) to authenticated;

create function public.user_has_permission(p_community_id uuid, p_permission text)
returns boolean
language sql stable security invoker set search_path = ''
as $$ select private.user_has_permission(p_community_id, p_permission); $$;

comment on function public.user_has_permission(uuid, text) is
$$Says whether the caller holds a permission in the community as a whole, at this moment. False without membership.
@param p_permission a key of permissions_catalog
@errors session_required, invalid_argument$$;

revoke all on function public.user_has_permission(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.user_has_permission(uuid, text) to authenticated;

-- schemas/access/can_view_channel.sql

-- can_view_channel: about the caller only. False also where there is no such channel.
create function private.can_view_channel(p_channel_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_user();
  return coalesce(private.channel_permissions(p_channel_id) & private.permission_mask('view_channel') <> 0, false);
end
$$;

revoke all on function private.can_view_channel(uuid) from public, anon, authenticated, service_role;
grant execute on function private.can_view_channel(uuid) to authenticated;

create function public.can_view_channel(p_channel_id uuid)
returns boolean
language sql stable security invoker set search_path = ''
as $$ select private.can_view_channel(p_channel_id); $$;

comment on function public.can_view_channel(uuid) is
$$Says whether the caller may view a channel at this moment. False also where there is no such channel.
@errors session_required$$;

revoke all on function public.can_view_channel(uuid) from public, anon, authenticated, service_role;
grant execute on function public.can_view_channel(uuid) to authenticated;

-- schemas/access/can_send_in_channel.sql

-- can_send_in_channel: about the caller only. False also where there is no such channel.
create function private.can_send_in_channel(p_channel_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_user();
  return coalesce(private.channel_permissions(p_channel_id) & private.permission_mask('send_messages') <> 0, false);
end
$$;

revoke all on function private.can_send_in_channel(uuid) from public, anon, authenticated, service_role;
grant execute on function private.can_send_in_channel(uuid) to authenticated;

create function public.can_send_in_channel(p_channel_id uuid)
returns boolean
language sql stable security invoker set search_path = ''
as $$ select private.can_send_in_channel(p_channel_id); $$;

comment on function public.can_send_in_channel(uuid) is
$$Says whether the caller may send messages in a channel at this moment. False also where there is no such channel.
@errors session_required$$;

revoke all on function public.can_send_in_channel(uuid) from public, anon, authenticated, service_role;
grant execute on function public.can_send_in_channel(uuid) to authenticated;

-- schemas/access/explain_permission.sql

-- explain_permission: why somebody may or may not, tier by tier in the order of the rule (see rights_in). A tier speaks by
-- allowing or denying; the last one that speaks decides, and where none speaks the permission is simply not given.
-- Asked by the rule itself and not by what is stored, so it also tells when the two should ever differ.
-- Gate: for oneself the right to view the channel; for others manage_roles in it.
create function private.explain_permission(p_channel_id uuid, p_user_id uuid, p_permission text)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_bit bigint;
  v_channel public.channels;
  v_owner_id uuid;
  v_role_ids uuid[];
  v_rights private.rights;
  v_member public.community_members;
  v_administrator bigint := private.permission_mask('administrator');
  v_view bigint := private.permission_mask('view_channel');
  v_send bigint := private.permission_mask('send_messages');
  v_connect bigint := private.permission_mask('connect');
  v_overwritten bigint;
  v_tiers jsonb;
  v_decided_by text;
  v_is_granted boolean;
begin
  perform private.require_in_channel(
    p_channel_id, case when p_user_id = (select auth.uid()) then 'view_channel' else 'manage_roles' end
  );
  v_bit := private.permission_mask(p_permission);
  if exists (select from public.permissions_catalog k where k.key = p_permission and k.scope = 'community') then
    perform private.fail(
      'invalid_argument', 'This permission is not asked in channels.', 422,
      pg_catalog.jsonb_build_object('field', 'p_permission')
    );
  end if;

  select c.* into v_channel from public.channels c where c.id = p_channel_id;
  if not found then
    perform private.fail(
      'not_found', 'A thread has the rights of its channel: ask there.', 404,
      pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  select m.* into v_member
  from public.community_members m
  where m.community_id = v_channel.community_id and m.user_id = p_user_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such member.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  select c.owner_id into v_owner_id from public.communities c where c.id = v_channel.community_id;
  v_role_ids := private.granted_role_ids(v_channel.community_id, p_user_id);
  v_rights := private.rights_in(v_channel.community_id, v_role_ids, p_user_id, p_channel_id);
  v_overwritten := ((((((v_rights.base & ~v_rights.default_deny) | v_rights.default_allow)
    & ~v_rights.roles_deny) | v_rights.roles_allow)
    & ~v_rights.member_deny) | v_rights.member_allow);

  with spoken (step, tier, subject_id, effect) as (
    select 1, 'default_role', r.id, 'allow'
    from public.roles r
    where r.community_id = v_channel.community_id and r.is_default and r.permissions & v_bit <> 0
    union all
    select 2, 'role', r.id, 'allow'
    from public.roles r
    where r.community_id = v_channel.community_id and r.id = any (v_role_ids) and r.permissions & v_bit <> 0
    union all
    -- Of what is said on one tier an allow beats a deny, so it comes later.
    select
      case
        when r.is_default then 3
        when w.role_id is not null then case when w.deny & v_bit <> 0 then 4 else 5 end
        else 6
      end,
      case
        when r.is_default then 'default_role_overwrite'
        when w.role_id is not null then 'role_overwrite'
        else 'member_overwrite'
      end,
      w.subject_id,
      case when w.allow & v_bit <> 0 then 'allow' else 'deny' end
    from public.channel_overwrites w
    left join public.roles r on r.community_id = w.community_id and r.id = w.role_id
    where w.channel_id = p_channel_id
      and (w.allow | w.deny) & v_bit <> 0
      and (r.is_default or w.role_id = any (v_role_ids) or w.user_id = p_user_id)
    union all
    select 7, 'without_view_channel', null, 'deny'
    where v_rights.base & v_administrator = 0 and v_overwritten & v_view = 0 and v_bit <> v_view
    union all
    select 8, 'without_connect', null, 'deny'
    where v_rights.base & v_administrator = 0
      and v_channel.kind = 'voice'
      and v_overwritten & v_connect = 0
      and v_bit not in (v_view, v_connect)
    union all
    select 9, 'without_send_messages', null, 'deny'
    where v_rights.base & v_administrator = 0
      and v_overwritten & v_send = 0
      and v_bit & private.permission_mask('mention_everyone', 'attach_files', 'embed_links') <> 0
    union all
    -- Above all of them, whatever they say.
    select 10, 'administrator', r.id, 'allow'
    from public.roles r
    where r.community_id = v_channel.community_id
      and (r.is_default or r.id = any (v_role_ids))
      and r.permissions & v_administrator <> 0
    union all
    select 11, 'owner', p_user_id, 'allow' where v_owner_id = p_user_id
    union all
    select 12, 'timeout', null, 'deny'
    where v_member.timed_out_until > pg_catalog.now()
      and v_rights.base & v_administrator = 0
      and v_bit & private.permission_mask('view_channel', 'read_history') = 0
  )
  select
    coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object('tier', s.tier, 'subject_id', s.subject_id, 'effect', s.effect)
        order by s.step, s.subject_id
      ),
      '[]'
    ),
    (pg_catalog.array_agg(s.tier order by s.step desc, s.subject_id))[1],
    (pg_catalog.array_agg(s.effect order by s.step desc, s.subject_id))[1] = 'allow'
  into v_tiers, v_decided_by, v_is_granted
  from spoken s;

  return pg_catalog.jsonb_build_object(
    'is_granted', coalesce(v_is_granted, false),
    'decided_by', v_decided_by,
    'tiers', v_tiers
  );
end
$$;

revoke all on function private.explain_permission(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.explain_permission(uuid, uuid, text) to authenticated;

create function public.explain_permission(p_channel_id uuid, p_user_id uuid, p_permission text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.explain_permission(p_channel_id, p_user_id, p_permission); $$;

comment on function public.explain_permission(uuid, uuid, text) is
$$Says why a member holds a permission in a channel or not: every tier that speaks, in the order of the rule, and the one
that decides, which is the last; null where none speaks, and then it is not granted. About oneself, or about others
with `manage_roles` in the channel.
@param p_permission a key of permissions_catalog that is asked in channels
@errors session_required, not_found, missing_permission, timed_out, invalid_argument
@returns {{ is_granted: boolean; decided_by: string | null; tiers: { tier: string; subject_id: string | null; effect: 'allow' | 'deny' }[] }}$$;

revoke all on function public.explain_permission(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.explain_permission(uuid, uuid, text) to authenticated;

-- schemas/access/preview_as_role.sql

-- preview_as_role: Gate: manage_roles. Only channels the caller may view are told: the preview is no way around one's own
-- rights.
create function private.preview_as_role(p_community_id uuid, p_role_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_role_ids uuid[];
begin
  perform private.require_in_community(p_community_id, 'manage_roles');
  select case when r.is_default then '{}' else array[r.id] end into v_role_ids
  from public.roles r
  where r.community_id = p_community_id and r.id = p_role_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such role in this community.', 404, pg_catalog.jsonb_build_object('field', 'p_role_id')
    );
  end if;

  return pg_catalog.jsonb_build_object(
    'permissions', private.permission_keys(private.base_permissions(p_community_id, v_role_ids, null)),
    'channels', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object(
            'channel_id', r.place_id, 'permissions', private.permission_keys(r.permissions)
          )
          order by r.place_id
        ),
        '[]'
      )
      from private.rights_in(p_community_id, v_role_ids, null) r
      where r.place_id = any (private.my_channel_ids('view_channel'))
    )
  );
end
$$;

revoke all on function private.preview_as_role(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.preview_as_role(uuid, uuid) to authenticated;

create function public.preview_as_role(p_community_id uuid, p_role_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.preview_as_role(p_community_id, p_role_id); $$;

comment on function public.preview_as_role(uuid, uuid) is
$$Returns what a member would hold who has this role and no other beside the default role: in the community, and in each
channel that the caller may view (an empty list of permissions: such a member would not see it). Needs `manage_roles`.
@errors session_required, not_found, missing_permission, timed_out
@returns {{ permissions: string[]; channels: { channel_id: string; permissions: string[] }[] }}$$;

revoke all on function public.preview_as_role(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.preview_as_role(uuid, uuid) to authenticated;

-- schemas/access/role_permissions.sql

-- role_permission_keys: a role's permissions as names, for the view below. The mask itself is not readable by clients,
-- and the view shows roles only to those who may read them.
create function private.role_permission_keys(p_role_id uuid)
returns text[]
language sql stable security definer set search_path = ''
as $$
  select private.permission_keys(r.permissions) from public.roles r where r.id = p_role_id;
$$;

revoke all on function private.role_permission_keys(uuid) from public, anon, authenticated, service_role;
grant execute on function private.role_permission_keys(uuid) to authenticated;

-- role_permissions: one row for each permission of each role.
create view public.role_permissions with (security_invoker = true) as
select r.id as role_id, k.key as permission_key
from public.roles r
cross join lateral pg_catalog.unnest(private.role_permission_keys(r.id)) as k (key);

comment on view public.role_permissions is $$Which permissions a role gives, by name.
@not_null role_id, permission_key$$;

revoke all on table public.role_permissions from public, anon, authenticated, service_role;
grant select on table public.role_permissions to authenticated;

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

-- schemas/access/audit_log_policy.sql

-- Who may read an audit log. It stands here because platform knows no communities.
create policy audit_log_select on public.audit_log
for select to authenticated using (community_id = any ((select private.my_community_ids('view_audit_log'))::uuid[]));

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

-- schemas/access/activity_topic.sql

-- The topic activity:<access class id>:<community epoch>-<class epoch>: in which channels something is new, for those who see
-- the same ones. Not every member may know of every channel, and nobody joins hundreds of topics: so one topic for each
-- class of members. Only the server sends. Its name changes when somebody leaves the class for one that sees less.
create function private.activity_topic(p_community_id uuid, p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select 'activity:' || a.id || ':' || c.topic_epoch || '-' || a.topic_epoch
    from public.community_members m
    join public.communities c on c.id = m.community_id
    join private.access_classes a on a.id = m.access_class_id
    where m.community_id = p_community_id and m.user_id = p_user_id
      -- A class that counts in a grant that has ended is not to be believed.
      and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
  );
end
$$;

revoke all on function private.activity_topic(uuid, uuid) from public, anon, authenticated, service_role;

create function private.may_receive_activity_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^activity:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+-[0-9]+$' then coalesce(
      (
        select p_topic = private.activity_topic(a.community_id, (select auth.uid()))
        from private.access_classes a
        where a.id = pg_catalog.split_part(p_topic, ':', 2)::uuid
      ),
      false
    )
    else false
  end;
$$;

revoke all on function private.may_receive_activity_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_activity_topic(text) to authenticated;

select private.register_topic(
  'activity',
  'activity:<access class id>:<community epoch>-<class epoch>: in which channels something is new, for who sees them',
  p_receive => 'may_receive_activity_topic'
);

-- schemas/access/channel_topic.sql

-- The topic channel:<channel id>:<community epoch>-<channel epoch>: the change feed of one channel, or one thread. Who may view the
-- channel and read its history receives: a join may ask Realtime to replay what was sent before, and the policy cannot
-- tell such a join from another. (Nobody holds read_history where they may not view.) Only the server sends. A client that could
-- broadcast here could forge messages: the policy on realtime.messages cannot see the event's name or payload.
-- The community's epoch is part of the name so that a lost membership moves every channel by one row and one event. A thread's
-- epoch counts its channel's in: who lost the channel is off its threads, by the same row and the same event. A direct channel has
-- no community, and only an epoch of its own.
create function private.channel_topic(p_channel_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_topic text;
begin
  select 'channel:' || c.id || ':' || m.topic_epoch || '-' || c.topic_epoch into v_topic
  from public.channels c
  join public.communities m on m.id = c.community_id
  where c.id = p_channel_id;
  if not found then
    select 'channel:' || t.id || ':' || m.topic_epoch || '-' || c.topic_epoch + t.topic_epoch into v_topic
    from private.threads t
    join public.channels c on c.id = t.channel_id
    join public.communities m on m.id = t.community_id
    where t.id = p_channel_id;
  end if;
  if not found then
    select 'channel:' || d.id || ':0-' || d.topic_epoch into v_topic from private.direct_channels d where d.id = p_channel_id;
  end if;
  return v_topic;
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

-- schemas/access/announce.sql

-- announce: the one broadcast of a change, to the community's members. Channels that somebody does not receive any more
-- get new topic names first; the event names them, so that those who stay join again and nobody else does anything.
-- However many members there are, it is one row. It carries ids only: not every member may see what they stand for.
create function private.announce(
  p_community_id uuid,
  p_event text,
  p_payload jsonb default '{}',
  p_lost_channel_ids uuid[] default '{}'
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_moved uuid[] := array(select distinct l.id from pg_catalog.unnest(p_lost_channel_ids) as l (id) order by l.id);
begin
  update public.channels c
  set topic_epoch = c.topic_epoch + 1
  where c.community_id = p_community_id and c.id = any (v_moved);

  perform private.broadcast(
    private.community_topic(p_community_id), p_event,
    p_payload || pg_catalog.jsonb_build_object('community_id', p_community_id, 'moved', pg_catalog.to_jsonb(v_moved))
  );
end
$$;

revoke all on function private.announce(uuid, text, jsonb, uuid[]) from public, anon, authenticated, service_role;

-- schemas/access/raise_community_epoch.sql

-- raise_community_epoch: somebody lost membership, so the community's topics, its channels' included, get new names.
-- The old name hears `moved` as its last word, which also says who is gone: one event for one departure.
-- The caller holds change_access: nobody is sending to the old name.
create function private.raise_community_epoch(p_community_id uuid, p_left uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    private.community_topic(p_community_id), 'moved',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'left', pg_catalog.to_jsonb(p_left))
  );
  update public.communities c set topic_epoch = c.topic_epoch + 1 where c.id = p_community_id;
end
$$;

revoke all on function private.raise_community_epoch(uuid, uuid[]) from public, anon, authenticated, service_role;

insert into private.topic_events (prefix, event, description) values
  ('community', 'moved', 'Last event on this name: somebody left, and the community''s topics have new names. Payload: community_id, left (user ids)');

-- schemas/access/sweep_access.sql

-- sweep_access: stores what temporary grants that ended have left, and tells whom it concerns; then tidies. Until it
-- comes, every gate and policy asks the rule itself for these members (see channel_permissions), so nothing waits for it
-- but the topics' names: an open socket hears on until then, ten seconds at most.
-- Those that have waited longest, so that a community whose grants end all the time does not keep the others waiting; of these in the order
-- of ids, so that two sweeps, or a sweep and an account's end, do not wait for each other.
create function private.sweep_access(p_batch integer default 20)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid;
  v_user_ids uuid[];
begin
  for v_community_id in
    select d.community_id
    from (
      select m.community_id from public.community_members m where m.access_expires_at <= pg_catalog.now()
      group by m.community_id
      order by min(m.access_expires_at), m.community_id
      limit p_batch
    ) d
    order by d.community_id
  loop
    perform private.change_access(v_community_id);
    v_user_ids := array(
      select m.user_id from public.community_members m
      where m.community_id = v_community_id and m.access_expires_at <= pg_catalog.now()
      order by m.user_id
    );
    -- The community may have been deleted, or somebody else swept it, while we waited for it.
    continue when v_user_ids = array[]::uuid[];
    delete from public.member_roles g
    where g.community_id = v_community_id and g.user_id = any (v_user_ids) and g.expires_at <= pg_catalog.now();
    perform private.announce(
      v_community_id, 'members_updated', pg_catalog.jsonb_build_object('user_ids', pg_catalog.to_jsonb(v_user_ids)),
      private.assign_access_classes(v_community_id, v_user_ids)
    );
    perform private.broadcast(
      'user:' || u.id, 'access_changed',
      pg_catalog.jsonb_build_object('community_id', v_community_id, 'kind', 'roles')
    )
    from pg_catalog.unnest(v_user_ids) as u (id);
  end loop;

  delete from private.departed_timeouts d where d.timed_out_until <= pg_catalog.now();
end
$$;

revoke all on function private.sweep_access(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_access', '10 seconds', 'select private.sweep_access()');

-- schemas/access/end_personal_allows.sql

-- end_personal_allows: what channels and groups allow these users personally goes, what they deny stays: leaving ends what
-- was given, and coming back does not shed what was denied. The caller holds change_access.
create function private.end_personal_allows(p_community_id uuid, p_user_ids uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.channel_overwrites w
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.deny = 0;
  update public.channel_overwrites w set allow = 0
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.allow <> 0;

  delete from public.channel_group_overwrites w
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.deny = 0;
  update public.channel_group_overwrites w set allow = 0
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.allow <> 0;
end
$$;

revoke all on function private.end_personal_allows(uuid, uuid[]) from public, anon, authenticated, service_role;

-- schemas/access/move_topics_after_departures.sql

-- Whoever is no member any more hears nothing that is sent afterwards, by whatever way the membership went: leaving, a
-- kick, a ban or the account's end. Their timeouts and what is denied to them personally are
-- kept, and classes that nobody is left in go.
-- A community that is gone itself has no topic left to move.
create function private.move_topics_after_departures()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community record;
begin
  -- In one order for everybody, so that two accounts that end at once do not wait for each other.
  for v_community in
    select
      c.id,
      pg_catalog.array_agg(g.user_id order by g.user_id) as left_ids,
      pg_catalog.array_agg(distinct g.access_class_id) as class_ids
    from gone_members g
    join public.communities c on c.id = g.community_id
    group by c.id
    order by c.id
  loop
    perform private.change_access(v_community.id);

    insert into private.departed_timeouts as d (community_id, user_id, timed_out_until)
    select g.community_id, g.user_id, g.timed_out_until
    from gone_members g
    join public.profiles p on p.id = g.user_id
    where g.community_id = v_community.id and g.timed_out_until > pg_catalog.now()
    on conflict (community_id, user_id) do update set timed_out_until = excluded.timed_out_until;

    perform private.end_personal_allows(v_community.id, v_community.left_ids);
    perform private.remove_empty_classes(v_community.id, v_community.class_ids);
    perform private.raise_community_epoch(v_community.id, v_community.left_ids);
  end loop;
  return null;
end
$$;

revoke all on function private.move_topics_after_departures() from public, anon, authenticated, service_role;

create trigger access_move_topics_after_departures
after delete on public.community_members
referencing old table as gone_members
for each statement execute function private.move_topics_after_departures();

-- schemas/access/require_no_community.sql

-- require_no_community: an account that owns communities does not end: they would have no owner. Says which they are.
create function private.require_no_community(p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_ids uuid[] := array(select c.id from public.communities c where c.owner_id = p_user_id order by c.id);
begin
  if pg_catalog.cardinality(v_ids) > 0 then
    perform private.fail(
      'conflict', 'This account owns communities: hand them over or delete them first.', 409,
      pg_catalog.jsonb_build_object('communities', pg_catalog.to_jsonb(v_ids [1:20]), 'count', pg_catalog.cardinality(v_ids))
    );
  end if;
end
$$;

revoke all on function private.require_no_community(uuid) from public, anon, authenticated, service_role;

-- The same is said where somebody deletes the account in the auth service; behind it stands the foreign key.
create function private.require_no_community_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_no_community(old.id);
  return old;
end
$$;

revoke all on function private.require_no_community_before_account_ends() from public, anon, authenticated, service_role;

create trigger access_require_no_community
before delete on public.profiles
for each row execute function private.require_no_community_before_account_ends();

-- schemas/access/begin_account_ending.sql

-- begin_account_ending: whoever ends an account leaves everything at once. First the locks of all that the account is a member of, before any
-- row, in the order that everybody takes several in; then the profile, which whoever makes it a member or an owner holds. Who was made
-- one in between is told to try again: a lock that comes after a row's could wait for somebody who waits for us.
create function private.begin_account_ending()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ids uuid[] := private.member_lock_ids(new.user_id);
begin
  -- Before anything is held, and again when nothing changes any more.
  perform private.require_no_community(new.user_id);
  perform private.change_access(l.id) from pg_catalog.unnest(v_ids) with ordinality as l (id, place) order by l.place;
  perform from public.profiles p where p.id = new.user_id for update;
  perform private.require_no_community(new.user_id);
  if not private.member_lock_ids(new.user_id) <@ v_ids then
    perform private.fail('conflict', 'You have joined something this very moment: try again.', 409);
  end if;
  return new;
end
$$;

revoke all on function private.begin_account_ending() from public, anon, authenticated, service_role;

-- Before the others that fire before, by its name.
create trigger a_access_begin_account_ending
before insert on private.account_endings
for each row execute function private.begin_account_ending();

-- The lock of each community and direct channel that somebody is a member of, in the order in which they are taken.
create function private.member_lock_ids(p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.community_id from public.community_members m where m.user_id = p_user_id
    union
    select d.channel_id from private.direct_members d where d.user_id = p_user_id
    order by 1
  );
end
$$;

revoke all on function private.member_lock_ids(uuid) from public, anon, authenticated, service_role;

-- A pair's channel stays for the other, without who has gone: as if the account were gone already.
create function private.leave_with_account()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.community_members m where m.user_id = new.user_id;
  update private.direct_channels d set low_id = null where d.low_id = new.user_id;
  update private.direct_channels d set high_id = null where d.high_id = new.user_id;
  update private.direct_channels d set opener_id = null where d.opener_id = new.user_id;
  delete from private.direct_members m where m.user_id = new.user_id;
  return null;
end
$$;

revoke all on function private.leave_with_account() from public, anon, authenticated, service_role;

create trigger access_leave_with_account
after insert on private.account_endings
for each row execute function private.leave_with_account();

-- Whose account has ended takes part in nothing again.
create trigger access_refuse_ending_account
before insert on public.community_members
for each row execute function private.refuse_ending_account('user_id');

create trigger access_refuse_ending_account
before insert on private.direct_members
for each row execute function private.refuse_ending_account('user_id');

create trigger access_refuse_ending_account
before insert or update of owner_id on public.communities
for each row execute function private.refuse_ending_account('owner_id');

-- schemas/access/personal_data.sql

-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('public.communities', 'owner_id', 'communities_owned', '{id}', $$jsonb_build_object('id', t.id, 'name', t.name, 'created_at', t.created_at)$$),
  ('public.community_members', 'user_id', 'memberships', '{community_id}', $$jsonb_build_object(
    'community_id', t.community_id, 'community', (select c.name from public.communities c where c.id = t.community_id),
    'nickname', t.nickname, 'invited_by', t.invited_by, 'invite_code', t.invite_code, 'timed_out_until', t.timed_out_until, 'joined_at', t.joined_at,
    'roles', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'expires_at', g.expires_at) order by r.id), '[]')
      from public.member_roles g join public.roles r on r.community_id = g.community_id and r.id = g.role_id
      where g.community_id = t.community_id and g.user_id = t.user_id))$$),
  ('private.departed_timeouts', 'user_id', 'timeouts_kept', '{community_id}', $$to_jsonb(t) - 'user_id'$$),
  ('private.threads', 'owner_id', 'threads_opened', '{id}', $$jsonb_build_object('id', t.id, 'community_id', t.community_id, 'channel_id', t.channel_id, 'name', t.name, 'created_at', t.created_at)$$),
  ('private.thread_members', 'user_id', 'threads_followed', '{thread_id}', $$to_jsonb(t) - 'user_id'$$),
  ('private.direct_members', 'user_id', 'direct_channels', '{channel_id}', $$(select jsonb_build_object(
    'channel_id', t.channel_id, 'kind', d.kind, 'name', d.name, 'is_owner', coalesce(d.owner_id = t.user_id, false), 'added_by', t.added_by,
    'last_read_seq', t.last_read_seq, 'joined_at', t.joined_at) from private.direct_channels d where d.id = t.channel_id)$$);

insert into private.personal_data (relation, user_column, reason) values
  ('public.community_members', 'invited_by', 'Somebody else''s membership'),
  ('public.member_roles', 'user_id', 'With the memberships'),
  ('public.channel_overwrites', 'user_id', 'A decision about a channel whose existence they may not know'),
  ('public.channel_group_overwrites', 'user_id', 'A decision about a group whose existence they may not know'),
  ('private.access_classes', 'member_id', 'Follows from roles and overwrites'),
  ('private.direct_members', 'added_by', 'Somebody else''s membership'),
  ('private.direct_channels', 'low_id', 'With the direct channels'),
  ('private.direct_channels', 'high_id', 'With the direct channels'),
  ('private.direct_channels', 'opener_id', 'Who writes there first is seen from the messages'),
  ('private.direct_channels', 'owner_id', 'With the direct channels');
