-- Generated from supabase/schemas/communities by npm run generate; do not edit.

-- schemas/communities/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_create', 100, '1 day', 'Communities created, per user'),
  ('channel_create', 500, '1 hour', 'Channels and groups created, per user'),
  ('invite_create', 100, '1 hour', 'Invites created, per user'),
  ('community_join', 10, '1 hour', 'Joins of one community, per community and user: each leave moves its topics'),
  ('invite_redeem', 60, '10 minutes', 'Invites redeemed, per user');

-- schemas/communities/events.sql

insert into private.topic_events (prefix, event, description) values
  ('community', 'channel_created', 'A channel came; ask list_channels whether you see it. Payload: community_id, channel_id'),
  ('community', 'member_joined', 'Payload: community_id, user_id'),
  ('community', 'member_left', 'Payload: community_id, user_id'),
  ('user', 'access_changed', 'You joined or left a community. Payload: community_id, kind ''joined'' or ''left''');

-- schemas/communities/require_name.sql

-- require_name: the one rule for names of communities, channels, groups and roles: it shows something, and all of it
-- shows. Returns the name as it is stored.
create function private.require_name(p_name text)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_name text := pg_catalog.btrim(p_name);
begin
  if v_name is null or pg_catalog.char_length(v_name) not between 1 and 100 then
    perform private.fail(
      'invalid_argument', 'A name has 1 to 100 characters.', 422, pg_catalog.jsonb_build_object('field', 'p_name')
    );
  end if;
  -- An emoji's parts may be joined by zero width: the joiner alone is no trick.
  if private.is_blank(v_name)
    or private.strip_hidden(v_name) <> pg_catalog.replace(v_name, pg_catalog.chr(8205), '')
  then
    perform private.fail(
      'invalid_argument', 'A name has no hidden characters and is more than spaces.', 422,
      pg_catalog.jsonb_build_object('field', 'p_name')
    );
  end if;
  return v_name;
end
$$;

revoke all on function private.require_name(text) from public, anon, authenticated, service_role;

-- schemas/communities/add_member.sql

-- add_member: makes a user a member with the default role. Says false where the user already is one.
-- The caller holds hold_access for the community, or nobody else can know of it yet.
create function private.add_member(p_community_id uuid, p_user_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.community_members (community_id, user_id, access_class_id)
  values (p_community_id, p_user_id, private.assign_access_class(p_community_id, p_user_id))
  on conflict (community_id, user_id) do nothing;
  if not found then
    return false;
  end if;

  perform private.broadcast(
    private.community_topic(p_community_id), 'member_joined',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'user_id', p_user_id)
  );
  perform private.broadcast(
    'user:' || p_user_id, 'access_changed',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'kind', 'joined')
  );
  return true;
end
$$;

revoke all on function private.add_member(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/communities/add_channel.sql

-- add_channel: puts a channel at the end of its group and resolves every class's rights in it.
-- The caller has checked the right, and holds change_access for the community or nobody else can know of it yet.
create function private.add_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  insert into public.channels (community_id, group_id, kind, name, position)
  select p_community_id, p_group_id, p_kind, p_name, coalesce(pg_catalog.max(c.position) + 1, 0)
  from public.channels c
  where c.community_id = p_community_id and c.group_id is not distinct from p_group_id
  returning * into v_channel;

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

-- create_channel_group: a heading at the end. Gate: manage_channels. Limits: channel_create per user.
create function private.create_channel_group(p_community_id uuid, p_name text)
returns public.channel_groups
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_group public.channel_groups;
begin
  perform private.change_access(p_community_id);
  perform private.require_in_community(p_community_id, 'manage_channels');
  perform private.take_token('channel_create', private.require_user()::text);

  insert into public.channel_groups (community_id, name, position)
  select p_community_id, v_name, coalesce(pg_catalog.max(g.position) + 1, 0)
  from public.channel_groups g
  where g.community_id = p_community_id
  returning * into v_group;
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
$$Creates a group of channels at the end of the community's list. Needs `manage_channels`.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.create_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_channel_group(uuid, text) to authenticated;

-- schemas/communities/create_channel.sql

-- create_channel: a channel at the end of its group. Gate: manage_channels. Limits: channel_create per user.
-- The event names the channel by id only: not every member may see it.
create function private.create_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_channel public.channels;
begin
  perform private.change_access(p_community_id);
  perform private.require_in_community(p_community_id, 'manage_channels');

  if p_kind is null or p_kind not in ('text', 'voice') then
    perform private.fail(
      'invalid_argument', 'A channel is of kind ''text'' or ''voice''.', 422,
      pg_catalog.jsonb_build_object('field', 'p_kind')
    );
  end if;
  if p_group_id is not null and not exists (
    select from public.channel_groups g where g.community_id = p_community_id and g.id = p_group_id
  ) then
    perform private.fail(
      'not_found', 'There is no such group in this community.', 404,
      pg_catalog.jsonb_build_object('field', 'p_group_id')
    );
  end if;
  perform private.take_token('channel_create', private.require_user()::text);

  v_channel := private.add_channel(p_community_id, v_name, p_kind, p_group_id);
  perform private.broadcast(
    private.community_topic(p_community_id), 'channel_created',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'channel_id', v_channel.id)
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
$$Creates a channel at the end of its group. Needs `manage_channels`.
@param p_name 1 to 100 characters
@param p_kind `text` or `voice`
@param p_group_id a group of the same community; left out: above all groups
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

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
  from public.community_members m
  join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.permissions & v_view <> 0
  join public.channels c on c.community_id = m.community_id and c.id = ca.channel_id
  left join public.channel_groups g on g.community_id = c.community_id and g.id = c.group_id
  where m.community_id = p_community_id and m.user_id = (select auth.uid())
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

-- schemas/communities/invites.sql

-- invites: codes by which people join. A code is 80 random bits, so guessing one is hopeless whatever the rate.
create table public.invites (
  community_id uuid not null references public.communities (id) on delete cascade,
  code text not null unique,
  creator_id uuid references public.profiles (id) on delete set null,
  uses integer not null default 0,
  max_uses integer check (max_uses > 0),
  expires_at timestamptz,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, code)
);

comment on table public.invites is 'A code by which people join a community.';
comment on column public.invites.max_uses is 'How many may join by it; null: any number.';
comment on column public.invites.expires_at is 'When it ends; null: never.';

create index invites_creator_id on public.invites (creator_id);
create index invites_expires_at on public.invites (expires_at) where expires_at is not null;

alter table public.invites enable row level security;

-- Only who made an invite sees its code. Not every member: a code is the right to let people in.
create policy invites_select on public.invites
for select to authenticated using (
  creator_id = (select auth.uid())
  and community_id = any ((select private.my_community_ids())::uuid[])
);

revoke all on table public.invites from public, anon, authenticated, service_role;
grant select on table public.invites to authenticated;

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

-- create_invite: Gate: create_invite. Limits: invite_create per user.
create function private.create_invite(p_community_id uuid, p_max_uses integer, p_expires_at timestamptz)
returns public.invites
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_invite public.invites;
begin
  perform private.require_in_community(p_community_id, 'create_invite');

  if p_max_uses is not null and p_max_uses < 1 then
    perform private.fail(
      'invalid_argument', 'An invite can be used at least once.', 422,
      pg_catalog.jsonb_build_object('field', 'p_max_uses')
    );
  end if;
  if p_expires_at is not null and p_expires_at <= pg_catalog.clock_timestamp() then
    perform private.fail(
      'invalid_argument', 'An invite ends in the future.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  perform private.take_token('invite_create', v_user_id::text);

  insert into public.invites (community_id, code, creator_id, max_uses, expires_at)
  values (p_community_id, private.invite_code(), v_user_id, p_max_uses, p_expires_at)
  returning * into v_invite;
  return v_invite;
end
$$;

revoke all on function private.create_invite(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.create_invite(uuid, integer, timestamptz) to authenticated;

create function public.create_invite(
  p_community_id uuid,
  p_max_uses integer default null,
  p_expires_at timestamptz default null
)
returns public.invites
language sql volatile security invoker set search_path = ''
as $$ select private.create_invite(p_community_id, p_max_uses, p_expires_at); $$;

comment on function public.create_invite(uuid, integer, timestamptz) is
$$Creates an invite and returns it with its `code`. Needs `create_invite`.
@param p_max_uses how many may join by it; left out: any number
@param p_expires_at when it ends; left out: never
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.create_invite(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.create_invite(uuid, integer, timestamptz) to authenticated;

-- schemas/communities/redeem_invite.sql

-- redeem_invite: joins the community whose code this is. A member who redeems again gets the community back and uses
-- nothing up, so a retry is safe. Limits: invite_redeem per user, community_join per community and user; an attempt that fails is not charged, because its
-- transaction is undone (a code is 80 random bits: guessing is hopeless at any rate).
-- Joining takes nobody's access away, so it shares the lock with those who send.
create function private.redeem_invite(p_code text)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_invite public.invites;
  v_community public.communities;
begin
  perform private.take_token('invite_redeem', v_user_id::text);

  -- The community is looked up first, because its lock comes before any row's.
  select i.* into v_invite from public.invites i where i.code = pg_catalog.lower(pg_catalog.btrim(p_code));
  if not found then
    perform private.fail('not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code'));
  end if;
  perform private.hold_access(v_invite.community_id);

  select i.* into v_invite from public.invites i where i.code = v_invite.code for update;
  if not found then
    perform private.fail('not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code'));
  end if;

  if not exists (
    select from public.community_members m
    where m.community_id = v_invite.community_id and m.user_id = v_user_id
  ) then
    if v_invite.expires_at <= pg_catalog.clock_timestamp() or v_invite.uses >= v_invite.max_uses then
      perform private.fail('expired', 'This invite is no longer valid.', 410);
    end if;
    perform private.take_token('community_join', v_invite.community_id || ':' || v_user_id);
    update public.invites i set uses = i.uses + 1 where i.code = v_invite.code;
    perform private.add_member(v_invite.community_id, v_user_id);
  end if;

  select c.* into v_community from public.communities c where c.id = v_invite.community_id;
  return v_community;
end
$$;

revoke all on function private.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function private.redeem_invite(text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.redeem_invite(p_code text)
returns public.communities
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.redeem_invite(p_code); $$;

comment on function public.redeem_invite(text) is
$$Joins the community the code belongs to and returns it. Whoever already is a member gets it back and uses nothing up.
@errors session_required, not_found, expired, rate_limited
@idempotent$$;

revoke all on function public.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.redeem_invite(text) to authenticated;

-- schemas/communities/leave_community.sql

-- leave_community: never the owner, who hands the community over first.
-- The topics' names change, so an open socket of the one who left hears nothing that is sent afterwards.
create function private.leave_community(p_community_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  perform private.change_access(p_community_id);
  perform private.require_in_community(p_community_id);

  if exists (select from public.communities c where c.id = p_community_id and c.owner_id = v_user_id) then
    perform private.fail('conflict', 'The owner cannot leave: hand the community over first.', 409);
  end if;

  delete from public.community_members m where m.community_id = p_community_id and m.user_id = v_user_id;

  perform private.broadcast(
    private.community_topic(p_community_id), 'member_left',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'user_id', v_user_id)
  );
  perform private.broadcast(
    'user:' || v_user_id, 'access_changed',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'kind', 'left')
  );
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
$$Ends the caller's membership. The owner cannot leave.
@errors session_required, not_found, conflict$$;

revoke all on function public.leave_community(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_community(uuid) to authenticated;

-- schemas/communities/sweep_communities.sql

-- sweep_communities: removes invites that ended a month ago, in bounded batches.
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
$$;

revoke all on function private.sweep_communities(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_communities', '17 * * * *', 'select private.sweep_communities()');
