-- Generated from supabase/schemas/identity by npm run generate; do not edit.

-- schemas/identity/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('friend_request', 30, '1 hour', 'Friends asked for, per user: each is shown to somebody who may not know the caller'),
  ('friend_change', 120, '10 minutes', 'Friend requests answered or taken back and friends removed, per user: a long list can be tidied at one go'),
  ('block_change', 120, '10 minutes', 'People blocked or unblocked, per user: whoever is set upon by many can block them all'),
  ('preferences_change', 60, '10 minutes', 'Changes to one''s own preferences, per user: each is told to one''s other devices');

-- schemas/identity/profiles.sql

-- profiles: one row for every user, and the only thing others see of an account.
-- It goes when the account goes. Who may read whose profile is decided in access, which knows who shares a community.
create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  username text not null unique check (username ~ '^[a-z0-9_]{2,32}$'),
  display_name text not null check (pg_catalog.char_length(display_name) between 1 and 32),
  created_at timestamptz not null default pg_catalog.now()
);

comment on table public.profiles is 'What others see of a user.';
comment on column public.profiles.username is 'Unique handle: 2 to 32 of a-z, 0-9 and underscore.';
comment on column public.profiles.display_name is 'Shown name: 1 to 32 characters, not unique.';

alter table public.profiles enable row level security;

revoke all on table public.profiles from public, anon, authenticated, service_role;
grant select on table public.profiles to authenticated;

-- schemas/identity/require_account.sql

-- require_account: require_user for functions that write the caller's id where no membership was asked for first.
-- A token outlives its account by up to an hour; whoever holds one has nothing to sign in to.
create function private.require_account()
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  if not exists (select from public.profiles p where p.id = v_user_id) then
    perform private.fail('session_required', 'This account is gone.', 401);
  end if;
  return v_user_id;
end
$$;

revoke all on function private.require_account() from public, anon, authenticated, service_role;

-- schemas/identity/create_profile.sql

-- create_profile: every new user gets a profile, whatever the sign-up metadata say. A sign-up never fails here:
-- a name that is taken, too short, too long or made of anything else is turned into one that fits.
create function private.create_profile(p_user_id uuid, p_metadata jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_display_name text := pg_catalog.btrim(pg_catalog.left(
    private.strip_hidden(coalesce(p_metadata ->> 'display_name', p_metadata ->> 'username', '')), 32
  ));
  v_wanted text := pg_catalog.left(
    pg_catalog.regexp_replace(pg_catalog.lower(coalesce(p_metadata ->> 'username', '')), '[^a-z0-9_]+', '_', 'g'), 32
  );
  v_username text;
begin
  if v_wanted !~ '[a-z0-9]' or pg_catalog.char_length(v_wanted) < 2 then
    v_wanted := 'user';
  end if;

  -- The name itself first, unless it is the stand-in; then with a random suffix; at last one that cannot be taken.
  for v_attempt in 1..4 loop
    v_username := case
      when v_attempt = 1 and v_wanted <> 'user' then v_wanted
      when v_attempt < 4 then
        pg_catalog.left(v_wanted, 23) || '_' || pg_catalog.left(pg_catalog.md5(pg_catalog.gen_random_uuid()::text), 8)
      else pg_catalog.replace(p_user_id::text, '-', '')
    end;

    insert into public.profiles (id, username, display_name)
    values (p_user_id, v_username, case when private.is_blank(v_display_name) then v_username else v_display_name end)
    on conflict do nothing;

    exit when exists (select from public.profiles p where p.id = p_user_id);
  end loop;
end
$$;

revoke all on function private.create_profile(uuid, jsonb) from public, anon, authenticated, service_role;

-- schemas/identity/create_profile_for_new_user.sql

-- Runs inside the auth service's own transaction, as its role; hence security definer.
create function private.create_profile_for_new_user()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.create_profile(new.id, new.raw_user_meta_data::jsonb);
  return null;
end
$$;

revoke all on function private.create_profile_for_new_user() from public, anon, authenticated, service_role;

create trigger guildhall_create_profile
after insert on auth.users
for each row execute function private.create_profile_for_new_user();

-- Users who were there before Guildhall came.
select private.create_profile(u.id, u.raw_user_meta_data::jsonb) from auth.users u;

-- schemas/identity/user_topic.sql

-- The topic user:<user id>: what concerns one user. Only that user receives; only the server sends.
create function private.may_receive_user_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select p_topic = 'user:' || (select auth.uid())::text;
$$;

revoke all on function private.may_receive_user_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_user_topic(text) to authenticated;

select private.register_topic(
  'user',
  'user:<user id>: notifications and access changes of one user',
  p_receive => 'may_receive_user_topic'
);

-- schemas/identity/events.sql

-- Whoever has blocked somebody is not told of them; what the blocked person is told is the same as ever.
insert into private.topic_events (prefix, event, description) values
  ('user', 'friends_changed', 'Your friends or requests changed, by you or the other. Payload: user_id, kind ''requested'', ''accepted'', ''declined'' (by you), ''cancelled'' (the request is gone) or ''removed'', direction of the request ''incoming'' or ''outgoing'' (null: removed)'),
  ('user', 'blocks_changed', 'You have blocked or unblocked somebody; your lists show them no longer, or again. Payload: user_id, is_blocked'),
  ('user', 'preferences_changed', 'You have chosen something else. Payload: all preferences as they are now');

-- schemas/identity/my_profile.sql

create function private.my_profile()
returns public.profiles
language sql stable security definer set search_path = ''
as $$
  select p from public.profiles p where p.id = private.require_account();
$$;

revoke all on function private.my_profile() from public, anon, authenticated, service_role;
grant execute on function private.my_profile() to authenticated;

create function public.my_profile()
returns public.profiles
language sql stable security invoker set search_path = ''
as $$ select private.my_profile(); $$;

comment on function public.my_profile() is
$$Returns the caller's own profile.
@errors session_required$$;

revoke all on function public.my_profile() from public, anon, authenticated, service_role;
grant execute on function public.my_profile() to authenticated;

-- schemas/identity/preferences.sql

-- preferences: what people have chosen for themselves; no row: the defaults.
-- direct_from: who may write to them directly. Friends may, in any case but nobody; members are those of a community they share.
create table private.preferences (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  direct_from text not null default 'members' check (direct_from in ('members', 'friends', 'nobody'))
);

revoke all on table private.preferences from public, anon, authenticated, service_role;

-- schemas/identity/friendships.sql

-- friendships: who is whose friend, a row for each of the two, so that each finds theirs by one index.
create table private.friendships (
  user_id uuid not null references public.profiles (id) on delete cascade,
  friend_id uuid not null references public.profiles (id) on delete cascade,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (user_id, friend_id),
  check (user_id <> friend_id)
);

create index friendships_friend_id on private.friendships (friend_id);

revoke all on table private.friendships from public, anon, authenticated, service_role;

-- are_friends: whether two people are.
create function private.are_friends(p_user_id uuid, p_other_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from private.friendships f where f.user_id = p_user_id and f.friend_id = p_other_id);
end
$$;

revoke all on function private.are_friends(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/identity/blocks.sql

-- blocks: whom somebody does not want to hear from. A block changes what its owner is shown, and nothing else: friendships, requests
-- and direct channels stay as they are, so that nothing the blocked person is answered or told differs from before.
create table private.blocks (
  blocker_id uuid not null references public.profiles (id) on delete cascade,
  blocked_id uuid not null references public.profiles (id) on delete cascade,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);

create index blocks_blocked_id on private.blocks (blocked_id);
create index blocks_created_at on private.blocks (blocker_id, created_at, blocked_id);

revoke all on table private.blocks from public, anon, authenticated, service_role;

-- has_blocked: whether one has blocked the other.
create function private.has_blocked(p_blocker_id uuid, p_blocked_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from private.blocks b where b.blocker_id = p_blocker_id and b.blocked_id = p_blocked_id);
end
$$;

revoke all on function private.has_blocked(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/identity/friend_requests.sql

-- friend_requests: who has asked to be whose friend, and waits. Between two people there is one at most, and none between friends.
create table private.friend_requests (
  from_id uuid not null references public.profiles (id) on delete cascade,
  to_id uuid not null references public.profiles (id) on delete cascade,
  -- The locks have been waited for by then: a later request has a later time.
  created_at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (from_id, to_id),
  check (from_id <> to_id)
);

-- Anybody may ask, so these may be many; one's own are few.
create index friend_requests_to_id on private.friend_requests (to_id, created_at, from_id);

revoke all on table private.friend_requests from public, anon, authenticated, service_role;

-- schemas/identity/begin_relation_change.sql

-- begin_relation_change: how everything begins that changes what stands between the caller and another user (p_other_id). Charges
-- the limit, locks the two profiles in the order of ids, and returns the caller.
-- The lock is what the limits on numbers and "no event after a block" rely on: the two do one thing at a time. It also keeps
-- both accounts until the commit: an account that ends deletes its profile first and what hangs on it afterwards.
create function private.begin_relation_change(p_other_id uuid, p_limit_key text, p_field text default 'p_user_id')
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  if p_other_id = v_user_id then
    perform private.fail(
      'invalid_argument', 'This is yourself.', 422, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  perform private.take_token(p_limit_key, v_user_id::text);

  perform from public.profiles p where p.id in (v_user_id, p_other_id) order by p.id for no key update;
  -- Only now: either account may have ended while the other's change was waited for.
  perform private.require_account();
  if p_other_id is null or not exists (select from public.profiles p where p.id = p_other_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
  return v_user_id;
end
$$;

revoke all on function private.begin_relation_change(uuid, text, text) from public, anon, authenticated, service_role;

-- schemas/identity/tell_friends_changed.sql

-- tell_friends_changed: tells a user, on every device, what changed between them and another one (p_other_id). Whoever has blocked
-- that one is told nothing; whether the other has blocked the user makes no difference.
create function private.tell_friends_changed(p_user_id uuid, p_other_id uuid, p_kind text, p_direction text default null)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not private.has_blocked(p_user_id, p_other_id) then
    perform private.broadcast(
      'user:' || p_user_id, 'friends_changed',
      pg_catalog.jsonb_build_object('user_id', p_other_id, 'kind', p_kind, 'direction', p_direction)
    );
  end if;
end
$$;

revoke all on function private.tell_friends_changed(uuid, uuid, text, text) from public, anon, authenticated, service_role;

-- schemas/identity/require_room_for_friend.sql

-- require_room_for_friend: nobody has more than 1,000 friends. What is stored counts, and not what is shown: a count without those one
-- has blocked would tell them.
create function private.require_room_for_friend(p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if (select pg_catalog.count(*) from private.friendships f where f.user_id = p_user_id) >= 1000 then
    perform private.fail(
      'limit_reached', 'Somebody has at most 1,000 friends.', 409,
      pg_catalog.jsonb_build_object('max', 1000, 'user_id', p_user_id)
    );
  end if;
end
$$;

revoke all on function private.require_room_for_friend(uuid) from public, anon, authenticated, service_role;

-- schemas/identity/befriend.sql

-- befriend: takes up the request that another user has made to this one, behind begin_relation_change. Returns whether there was one.
create function private.befriend(p_user_id uuid, p_other_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
begin
  delete from private.friend_requests r where r.from_id = p_other_id and r.to_id = p_user_id;
  if not found then
    return false;
  end if;
  perform private.require_room_for_friend(p_user_id);
  perform private.require_room_for_friend(p_other_id);

  insert into private.friendships (user_id, friend_id, created_at)
  values (p_user_id, p_other_id, v_now), (p_other_id, p_user_id, v_now);
  perform private.tell_friends_changed(p_user_id, p_other_id, 'accepted', 'incoming');
  perform private.tell_friends_changed(p_other_id, p_user_id, 'accepted', 'outgoing');
  return true;
end
$$;

revoke all on function private.befriend(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/identity/request_friend.sql

-- request_friend: Limits: friend_request per user, also for a name that nobody has: that is answered and not raised, so that the try stays
-- charged, and names cannot be tried out without end (see refusal). A block is asked of the caller's own only: who has blocked the caller is asked
-- like anybody else, and does not hear of it.
create function private.request_friend(p_user_id uuid, p_username text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_field text := case when p_username is null then 'p_user_id' else 'p_username' end;
  v_other_id uuid := p_user_id;
  v_user_id uuid;
begin
  if (p_user_id is null) = (p_username is null) then
    perform private.require_user();
    perform private.fail(
      'invalid_argument', 'Name a user by id or by username.', 422, pg_catalog.jsonb_build_object('field', v_field)
    );
  end if;
  if p_username is not null then
    select p.id into v_other_id
    from public.profiles p
    where p.username = pg_catalog.lower(pg_catalog.btrim(p_username));
    if not found then
      perform private.take_token('friend_request', private.require_account()::text);
      return private.refusal(
        'not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_username')
      );
    end if;
  end if;

  v_user_id := private.begin_relation_change(v_other_id, 'friend_request', v_field);
  if private.has_blocked(v_user_id, v_other_id) then
    perform private.fail('blocked', 'You have blocked this user: unblock them first.', 403);
  end if;
  if private.are_friends(v_user_id, v_other_id) or private.befriend(v_user_id, v_other_id) then
    return '"friends"'::jsonb;
  end if;
  if exists (select from private.friend_requests r where r.from_id = v_user_id and r.to_id = v_other_id) then
    return '"requested"'::jsonb;
  end if;

  perform private.require_room_for_friend(v_user_id);
  if (select pg_catalog.count(*) from private.friend_requests r where r.from_id = v_user_id) >= 100 then
    perform private.fail(
      'limit_reached', 'At most 100 of your requests wait at a time: cancel one first.', 409,
      pg_catalog.jsonb_build_object('max', 100)
    );
  end if;
  insert into private.friend_requests (from_id, to_id) values (v_user_id, v_other_id);
  perform private.tell_friends_changed(v_user_id, v_other_id, 'requested', 'outgoing');
  perform private.tell_friends_changed(v_other_id, v_user_id, 'requested', 'incoming');
  return '"requested"'::jsonb;
end
$$;

revoke all on function private.request_friend(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.request_friend(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the answer with a pattern
-- of its own, and the locks are held while it is matched.
create function public.request_friend(p_user_id uuid default null, p_username text default null)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.request_friend(p_user_id, p_username); $$;

comment on function public.request_friend(uuid, text) is
$$Asks somebody to be the caller's friend, named by id or by username. If they have asked already, both are friends at once.
Somebody has at most 1,000 friends, and 100 requests of their own that wait. A username that nobody has counts towards the limit, too:
through the Data API its refusal is an error like any other; in SQL it is returned as that error's JSON, so that the try stays counted.
@param p_user_id who; this or `p_username`
@param p_username their username, in whatever case
@errors session_required, invalid_argument, not_found, blocked, limit_reached, rate_limited
@idempotent
@returns {'requested' | 'friends'} what stands between them now$$;

revoke all on function public.request_friend(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.request_friend(uuid, text) to authenticated;

-- schemas/identity/accept_friend_request.sql

-- accept_friend_request: Limits: friend_change per user. Whom one has blocked one does not befriend, whether they have asked or not.
create function private.accept_friend_request(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  if private.has_blocked(v_user_id, p_user_id) then
    perform private.fail('blocked', 'You have blocked this user: unblock them first.', 403);
  end if;
  -- What was accepted already is answered again.
  if not private.are_friends(v_user_id, p_user_id) and not private.befriend(v_user_id, p_user_id) then
    perform private.fail(
      'not_found', 'This user has not asked you.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
end
$$;

revoke all on function private.accept_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function private.accept_friend_request(uuid) to authenticated;

create function public.accept_friend_request(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.accept_friend_request(p_user_id); $$;

comment on function public.accept_friend_request(uuid) is
$$Takes up somebody's friend request: both are friends.
@param p_user_id who has asked
@errors session_required, invalid_argument, not_found, blocked, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.accept_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function public.accept_friend_request(uuid) to authenticated;

-- schemas/identity/decline_friend_request.sql

-- decline_friend_request: Limits: friend_change per user. Who has asked hears that the request is gone, as if it were cancelled.
create function private.decline_friend_request(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  delete from private.friend_requests r where r.from_id = p_user_id and r.to_id = v_user_id;
  if found then
    perform private.tell_friends_changed(v_user_id, p_user_id, 'declined', 'incoming');
    perform private.tell_friends_changed(p_user_id, v_user_id, 'cancelled', 'outgoing');
  end if;
end
$$;

revoke all on function private.decline_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function private.decline_friend_request(uuid) to authenticated;

create function public.decline_friend_request(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.decline_friend_request(p_user_id); $$;

comment on function public.decline_friend_request(uuid) is
$$Removes somebody's friend request to the caller.
@param p_user_id who has asked
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.decline_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function public.decline_friend_request(uuid) to authenticated;

-- schemas/identity/cancel_friend_request.sql

-- cancel_friend_request: Limits: friend_change per user.
create function private.cancel_friend_request(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  delete from private.friend_requests r where r.from_id = v_user_id and r.to_id = p_user_id;
  if found then
    perform private.tell_friends_changed(v_user_id, p_user_id, 'cancelled', 'outgoing');
    perform private.tell_friends_changed(p_user_id, v_user_id, 'cancelled', 'incoming');
  end if;
end
$$;

revoke all on function private.cancel_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function private.cancel_friend_request(uuid) to authenticated;

create function public.cancel_friend_request(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.cancel_friend_request(p_user_id); $$;

comment on function public.cancel_friend_request(uuid) is
$$Takes the caller's own friend request back.
@param p_user_id who was asked
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.cancel_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_friend_request(uuid) to authenticated;

-- schemas/identity/remove_friend.sql

-- remove_friend: Limits: friend_change per user.
create function private.remove_friend(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  delete from private.friendships f
  where (f.user_id, f.friend_id) in ((v_user_id, p_user_id), (p_user_id, v_user_id));
  if found then
    perform private.tell_friends_changed(v_user_id, p_user_id, 'removed');
    perform private.tell_friends_changed(p_user_id, v_user_id, 'removed');
  end if;
end
$$;

revoke all on function private.remove_friend(uuid) from public, anon, authenticated, service_role;
grant execute on function private.remove_friend(uuid) to authenticated;

create function public.remove_friend(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_friend(p_user_id); $$;

comment on function public.remove_friend(uuid) is
$$Ends a friendship, for both.
@param p_user_id the friend
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.remove_friend(uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_friend(uuid) to authenticated;

-- schemas/identity/friend.sql

-- friend: a friend of the caller.
create type public.friend as (
  user_id uuid,
  username text,
  display_name text,
  since timestamptz
);

comment on type public.friend is $$A friend of the caller.
@not_null user_id, username, display_name, since$$;

revoke all on type public.friend from public, anon, authenticated, service_role;
grant usage on type public.friend to authenticated;

-- schemas/identity/list_friends.sql

-- list_friends: those whom the caller has blocked are left out. The page goes on by values and not by a row, which may be gone by then.
create function private.list_friends(p_before_since timestamptz, p_before_user_id uuid, p_limit integer)
returns setof public.friend
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);
  if (p_before_since is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a friend, give both time and id.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select f.friend_id, p.username, p.display_name, f.created_at
  from private.friendships f
  join public.profiles p on p.id = f.friend_id
  where f.user_id = v_user_id
    and not exists (select from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = f.friend_id)
    and (p_before_user_id is null or (f.created_at, f.friend_id) < (p_before_since, p_before_user_id))
  order by f.created_at desc, f.friend_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_friends(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_friends(timestamptz, uuid, integer) to authenticated;

create function public.list_friends(
  p_before_since timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.friend
language sql stable security invoker set search_path = ''
as $$ select * from private.list_friends(p_before_since, p_before_user_id, p_limit); $$;

comment on function public.list_friends(timestamptz, uuid, integer) is
$$Returns a page of the caller's friends, the newest first.
@param p_before_since go on with older ones: the `since` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_friends(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_friends(timestamptz, uuid, integer) to authenticated;

-- schemas/identity/friend_request.sql

-- friend_request: a request from or to the caller.
create type public.friend_request as (
  user_id uuid,
  username text,
  display_name text,
  direction text,
  created_at timestamptz
);

comment on type public.friend_request is $$A friend request that waits, from or to the caller.
@not_null user_id, username, display_name, direction, created_at$$;
comment on column public.friend_request.user_id is 'The other one.';
comment on column public.friend_request.direction is $$Incoming: they have asked the caller.
@type {'incoming' | 'outgoing'}$$;

revoke all on type public.friend_request from public, anon, authenticated, service_role;
grant usage on type public.friend_request to authenticated;

-- schemas/identity/list_friend_requests.sql

-- list_friend_requests: those from and to whom the caller has blocked are left out.
create function private.list_friend_requests(
  p_direction text,
  p_before_created_at timestamptz,
  p_before_user_id uuid,
  p_limit integer
)
returns setof public.friend_request
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);
  if p_direction not in ('incoming', 'outgoing') then
    perform private.fail(
      'invalid_argument', 'Requests are incoming or outgoing.', 422,
      pg_catalog.jsonb_build_object('field', 'p_direction')
    );
  end if;
  if (p_before_created_at is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a request, give both its time and its user.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select w.user_id, p.username, p.display_name, w.direction, w.created_at
  from (
    -- Each no further than the page: the incoming ones may be many, and their index has them in order.
    (
      select r.from_id as user_id, 'incoming'::text as direction, r.created_at
      from private.friend_requests r
      where r.to_id = v_user_id
        and p_direction is distinct from 'outgoing'
        and not exists (select from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = r.from_id)
        and (p_before_user_id is null or (r.created_at, r.from_id) < (p_before_created_at, p_before_user_id))
      order by r.created_at desc, r.from_id desc
      limit p_limit
    )
    union all
    (
      select r.to_id, 'outgoing'::text, r.created_at
      from private.friend_requests r
      where r.from_id = v_user_id
        and p_direction is distinct from 'incoming'
        and not exists (select from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = r.to_id)
        and (p_before_user_id is null or (r.created_at, r.to_id) < (p_before_created_at, p_before_user_id))
    )
  ) w
  join public.profiles p on p.id = w.user_id
  order by w.created_at desc, w.user_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_friend_requests(text, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_friend_requests(text, timestamptz, uuid, integer) to authenticated;

create function public.list_friend_requests(
  p_direction text default null,
  p_before_created_at timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.friend_request
language sql stable security invoker set search_path = ''
as $$ select * from private.list_friend_requests(p_direction, p_before_created_at, p_before_user_id, p_limit); $$;

comment on function public.list_friend_requests(text, timestamptz, uuid, integer) is
$$Returns a page of the friend requests from and to the caller, the newest first.
@param p_direction {'incoming' | 'outgoing' | null} only these; left out: both
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_friend_requests(text, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_friend_requests(text, timestamptz, uuid, integer) to authenticated;

-- schemas/identity/block_user.sql

-- block_user: Limits: block_change per user. Nothing else is written, see blocks; and nobody but the caller is told.
create function private.block_user(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'block_change');
begin
  insert into private.blocks (blocker_id, blocked_id, created_at)
  values (v_user_id, p_user_id, pg_catalog.clock_timestamp())
  on conflict do nothing;
  if found then
    perform private.broadcast(
      'user:' || v_user_id, 'blocks_changed',
      pg_catalog.jsonb_build_object('user_id', p_user_id, 'is_blocked', true)
    );
  end if;
end
$$;

revoke all on function private.block_user(uuid) from public, anon, authenticated, service_role;
grant execute on function private.block_user(uuid) to authenticated;

create function public.block_user(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.block_user(p_user_id); $$;

comment on function public.block_user(uuid) is
$$Blocks somebody: the caller's lists leave them out, and the caller hears nothing of what they do. They cannot tell.
Friendship and requests stay as they are, and are shown again after `unblock_user`.
@param p_user_id whom
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.block_user(uuid) from public, anon, authenticated, service_role;
grant execute on function public.block_user(uuid) to authenticated;

-- schemas/identity/unblock_user.sql

-- unblock_user: Limits: block_change per user.
create function private.unblock_user(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'block_change');
begin
  delete from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = p_user_id;
  if found then
    perform private.broadcast(
      'user:' || v_user_id, 'blocks_changed',
      pg_catalog.jsonb_build_object('user_id', p_user_id, 'is_blocked', false)
    );
  end if;
end
$$;

revoke all on function private.unblock_user(uuid) from public, anon, authenticated, service_role;
grant execute on function private.unblock_user(uuid) to authenticated;

create function public.unblock_user(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.unblock_user(p_user_id); $$;

comment on function public.unblock_user(uuid) is
$$Ends a block: the caller sees friendship and requests as they are by now.
@param p_user_id whom
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.unblock_user(uuid) from public, anon, authenticated, service_role;
grant execute on function public.unblock_user(uuid) to authenticated;

-- schemas/identity/blocked_user.sql

-- blocked_user: whom the caller has blocked.
create type public.blocked_user as (
  user_id uuid,
  username text,
  display_name text,
  created_at timestamptz
);

comment on type public.blocked_user is $$Somebody whom the caller has blocked.
@not_null user_id, username, display_name, created_at$$;
comment on column public.blocked_user.created_at is 'Since when.';

revoke all on type public.blocked_user from public, anon, authenticated, service_role;
grant usage on type public.blocked_user to authenticated;

-- schemas/identity/list_blocks.sql

-- list_blocks: the caller's own only; nobody is told who has blocked them.
create function private.list_blocks(p_before_created_at timestamptz, p_before_user_id uuid, p_limit integer)
returns setof public.blocked_user
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);
  if (p_before_created_at is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a block, give both its time and its user.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select b.blocked_id, p.username, p.display_name, b.created_at
  from private.blocks b
  join public.profiles p on p.id = b.blocked_id
  where b.blocker_id = v_user_id
    and (p_before_user_id is null or (b.created_at, b.blocked_id) < (p_before_created_at, p_before_user_id))
  order by b.created_at desc, b.blocked_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_blocks(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_blocks(timestamptz, uuid, integer) to authenticated;

create function public.list_blocks(
  p_before_created_at timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.blocked_user
language sql stable security invoker set search_path = ''
as $$ select * from private.list_blocks(p_before_created_at, p_before_user_id, p_limit); $$;

comment on function public.list_blocks(timestamptz, uuid, integer) is
$$Returns a page of those whom the caller has blocked, the newest first.
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_blocks(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_blocks(timestamptz, uuid, integer) to authenticated;

-- schemas/identity/external_identities.sql

-- external_identities: who somebody is in another system, whose ids its frontends know. Only the operator says so, with the secret key
-- (see link_external_identity): whoever could link themselves could be anybody there.
-- One id is one user's, and a user has one in each system. No `_` in an id, so that two of them joined by one are told apart again.
create table private.external_identities (
  provider text not null check (provider ~ '^[a-z][a-z0-9_]{0,31}$'),
  external_id text not null check (external_id ~ '^[A-Za-z0-9-]{1,64}$'),
  user_id uuid not null references public.profiles (id) on delete cascade,
  linked_at timestamptz not null default pg_catalog.now(),
  primary key (provider, external_id),
  unique (user_id, provider)
);

revoke all on table private.external_identities from public, anon, authenticated, service_role;

-- Who has this id; null: nobody.
create function private.user_of_external_id(p_provider text, p_external_id text)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select e.user_id from private.external_identities e
    where e.provider = p_provider and e.external_id = p_external_id
  );
end
$$;

revoke all on function private.user_of_external_id(text, text) from public, anon, authenticated, service_role;

-- Which id somebody has; null: none.
create function private.external_id_of(p_provider text, p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select e.external_id from private.external_identities e
    where e.user_id = p_user_id and e.provider = p_provider
  );
end
$$;

revoke all on function private.external_id_of(text, uuid) from public, anon, authenticated, service_role;

-- schemas/identity/former_external_identities.sql

-- former_external_identities: who had an external id until a moment ago, by whatever way it ended: unlinked, or with the account. A
-- topic that is named after external ids keeps its name when one of them goes to somebody else. Whoever had it may still have the topic
-- open, and Realtime repeats what was said there to whoever joins. So for 4 days, which is longer than a token lives and than Realtime
-- keeps broadcasts, such a topic is closed (see chat_topic).
create table private.former_external_identities (
  provider text not null,
  external_id text not null,
  user_id uuid not null,
  ended_at timestamptz not null,
  primary key (provider, external_id, user_id)
);

create index former_external_identities_ended_at on private.former_external_identities (ended_at);

revoke all on table private.former_external_identities from public, anon, authenticated, service_role;

create function private.remember_former_external_identity()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.former_external_identities (provider, external_id, user_id, ended_at)
  values (old.provider, old.external_id, old.user_id, pg_catalog.clock_timestamp())
  on conflict (provider, external_id, user_id) do update set ended_at = excluded.ended_at;
  return null;
end
$$;

revoke all on function private.remember_former_external_identity() from public, anon, authenticated, service_role;

create trigger identity_remember_former_external_identity
after delete on private.external_identities
for each row execute function private.remember_former_external_identity();

-- Whether somebody other than these two had this id in the last 4 days.
create function private.was_external_id_of_another(p_provider text, p_external_id text, p_one_id uuid, p_other_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.former_external_identities f
    where f.provider = p_provider and f.external_id = p_external_id
      and f.user_id not in (p_one_id, p_other_id)
      and f.ended_at > pg_catalog.now() - interval '4 days'
  );
end
$$;

revoke all on function private.was_external_id_of_another(text, text, uuid, uuid) from public, anon, authenticated, service_role;

create function private.sweep_identity()
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.former_external_identities f where f.ended_at <= pg_catalog.now() - interval '4 days';
$$;

revoke all on function private.sweep_identity() from public, anon, authenticated, service_role;

select private.schedule_job('sweep_identity', '37 * * * *', 'select private.sweep_identity()');

-- schemas/identity/link_external_identity.sql

-- link_external_identity: Gate: the secret key.
create function private.link_external_identity(p_user_id uuid, p_provider text, p_external_id text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_provider(p_provider);
  if p_external_id is null or p_external_id !~ '^[A-Za-z0-9-]{1,64}$' then
    perform private.fail(
      'invalid_argument', 'An external id has 1 to 64 of A-Z, a-z, 0-9 and the hyphen.', 422,
      pg_catalog.jsonb_build_object('field', 'p_external_id')
    );
  end if;
  perform from public.profiles p where p.id = p_user_id for key share;
  if not found then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;

  -- Of two that race, the second waits here, and finds what the first has linked.
  insert into private.external_identities (provider, external_id, user_id) values (p_provider, p_external_id, p_user_id)
  on conflict do nothing;
  if found or private.user_of_external_id(p_provider, p_external_id) = p_user_id then
    return;
  end if;
  if private.external_id_of(p_provider, p_user_id) is not null then
    perform private.fail(
      'conflict', 'This user has another id there: unlink it first.', 409, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  perform private.fail(
    'conflict', 'This id is somebody else''s: unlink it first.', 409, pg_catalog.jsonb_build_object('field', 'p_external_id')
  );
end
$$;

revoke all on function private.link_external_identity(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.link_external_identity(uuid, text, text) to service_role;

create function public.link_external_identity(p_user_id uuid, p_provider text, p_external_id text)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.link_external_identity(p_user_id, p_provider, p_external_id); $$;

comment on function public.link_external_identity(uuid, text, text) is
$$Says who a user is in another system. One id is one user's there, and a user has one: `conflict`, until `unlink_external_identity`.
Needs the secret key: whoever may call it decides who is who.
@param p_provider the system: 1 to 32 of a-z, 0-9 and `_`, the first a letter. The chat gateway's is `mongo`
@param p_external_id the user's id there: 1 to 64 of A-Z, a-z, 0-9 and `-`
@errors not_found, conflict, invalid_argument
@idempotent
@sdk linkExternalIdentity$$;

revoke all on function public.link_external_identity(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.link_external_identity(uuid, text, text) to service_role;

create function private.require_provider(p_provider text)
returns void
language plpgsql immutable security definer set search_path = ''
as $$
begin
  if p_provider is null or p_provider !~ '^[a-z][a-z0-9_]{0,31}$' then
    perform private.fail(
      'invalid_argument', 'A provider has 1 to 32 of a-z, 0-9 and the underscore, the first a letter.', 422,
      pg_catalog.jsonb_build_object('field', 'p_provider')
    );
  end if;
end
$$;

revoke all on function private.require_provider(text) from public, anon, authenticated, service_role;

-- schemas/identity/unlink_external_identity.sql

-- unlink_external_identity: Gate: the secret key. What follows from it: see former_external_identities.
create function private.unlink_external_identity(p_user_id uuid, p_provider text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_provider(p_provider);
  delete from private.external_identities e where e.user_id = p_user_id and e.provider = p_provider;
end
$$;

revoke all on function private.unlink_external_identity(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.unlink_external_identity(uuid, text) to service_role;

create function public.unlink_external_identity(p_user_id uuid, p_provider text)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.unlink_external_identity(p_user_id, p_provider); $$;

comment on function public.unlink_external_identity(uuid, text) is
$$Takes a user's id in another system away, whichever it is; nothing happens where there is none. What they wrote stays theirs. Chats
with them are not shown by external ids any more. Should the id become somebody else's, their chats are not told live for 4 days.
Needs the secret key.
@param p_provider as in `link_external_identity`
@errors invalid_argument
@idempotent
@sdk unlinkExternalIdentity$$;

revoke all on function public.unlink_external_identity(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.unlink_external_identity(uuid, text) to service_role;

-- schemas/identity/direct_from.sql

-- direct_from: who may write to somebody directly: their choice, or what holds without one.
create function private.direct_from(p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return coalesce((select c.direct_from from private.preferences c where c.user_id = p_user_id), 'members');
end
$$;

revoke all on function private.direct_from(uuid) from public, anon, authenticated, service_role;

-- schemas/identity/my_preferences.sql

-- preferences: what somebody has chosen, or what holds without a choice.
create type public.preferences as (
  direct_from text
);

comment on type public.preferences is $$What the caller has chosen.
@not_null direct_from$$;
comment on column public.preferences.direct_from is $$Who may write to the caller directly: who shares a community, and friends; only friends; or nobody.
@type {'members' | 'friends' | 'nobody'}$$;

revoke all on type public.preferences from public, anon, authenticated, service_role;
grant usage on type public.preferences to authenticated;

create function private.my_preferences()
returns public.preferences
language plpgsql stable security definer set search_path = ''
as $$
begin
  return row(private.direct_from(private.require_account()))::public.preferences;
end
$$;

revoke all on function private.my_preferences() from public, anon, authenticated, service_role;
grant execute on function private.my_preferences() to authenticated;

create function public.my_preferences()
returns public.preferences
language sql stable security invoker set search_path = ''
as $$ select private.my_preferences(); $$;

comment on function public.my_preferences() is
$$Returns what the caller has chosen, or what holds without a choice.
@errors session_required$$;

revoke all on function public.my_preferences() from public, anon, authenticated, service_role;
grant execute on function public.my_preferences() to authenticated;

-- schemas/identity/update_my_preferences.sql

-- update_my_preferences: Limits: preferences_change per user.
create function private.update_my_preferences(p_direct_from text)
returns public.preferences
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_preferences public.preferences;
begin
  if p_direct_from not in ('members', 'friends', 'nobody') then
    perform private.fail(
      'invalid_argument', 'Members, friends or nobody may write to you.', 422,
      pg_catalog.jsonb_build_object('field', 'p_direct_from')
    );
  end if;
  perform private.take_token('preferences_change', v_user_id::text);
  -- The account stays until the commit, or has ended while the limit was waited for.
  perform from public.profiles p where p.id = v_user_id for key share;
  perform private.require_account();

  insert into private.preferences as c (user_id, direct_from)
  select v_user_id, p_direct_from
  where p_direct_from is not null
  on conflict (user_id) do update set direct_from = excluded.direct_from
  where c.direct_from <> excluded.direct_from;
  v_preferences := private.my_preferences();
  if found then
    perform private.broadcast('user:' || v_user_id, 'preferences_changed', pg_catalog.to_jsonb(v_preferences));
  end if;
  return v_preferences;
end
$$;

revoke all on function private.update_my_preferences(text) from public, anon, authenticated, service_role;
grant execute on function private.update_my_preferences(text) to authenticated;

create function public.update_my_preferences(p_direct_from text default null)
returns public.preferences
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_my_preferences(p_direct_from); $$;

comment on function public.update_my_preferences(text) is
$$Changes what the caller has chosen, and returns all of it. What is left out stays.
@param p_direct_from {'members' | 'friends' | 'nobody' | null} who may write to the caller directly
@errors session_required, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.update_my_preferences(text) from public, anon, authenticated, service_role;
grant execute on function public.update_my_preferences(text) to authenticated;
