-- Generated from supabase/schemas/identity by npm run generate; do not edit.

-- schemas/identity/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('friend_request', 30, '1 hour', 'Friends asked for, per user: each is shown to somebody who may not know the caller'),
  ('friend_change', 120, '10 minutes', 'Friend requests answered or taken back and friends removed, per user: a long list can be tidied at one go'),
  ('block_change', 120, '10 minutes', 'People blocked or unblocked, per user: whoever is set upon by many can block them all'),
  ('preferences_change', 60, '10 minutes', 'Changes to one''s own preferences, per user: each is told to one''s other devices'),
  ('data_export', 2, '1 day', 'Exports of all one''s data, per user: each reads everything that somebody ever wrote'),
  ('account_delete', 5, '1 day', 'Accounts ended, per user: done once, and each try takes the locks of all the caller''s communities');

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

-- schemas/identity/account_endings.sql

-- account_endings: accounts whose owner has ended them. From the moment the row is there nobody is behind the account any more, to every
-- gate; what it wrote goes in batches (see end_accounts), and the account itself, with this row, last.
-- Domains that have something to take away at once do so by triggers on this table. What they hold a lock for comes before the row.
create table private.account_endings (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  -- What becomes of the messages.
  messages text not null check (messages in ('anonymise', 'remove')),
  requested_at timestamptz not null default pg_catalog.clock_timestamp(),
  -- What stood in the way of the last step; null: nothing.
  error text,
  failed_at timestamptz
);

create index account_endings_requested_at on private.account_endings (requested_at);

revoke all on table private.account_endings from public, anon, authenticated, service_role;

-- is_ending: whether somebody has ended their account.
create function private.is_ending(p_user_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from private.account_endings e where e.user_id = p_user_id);
end
$$;

revoke all on function private.is_ending(uuid) from public, anon, authenticated, service_role;

-- refuse_ending_account: for the tables whose rows give somebody a right or a duty. The trigger's argument is the column with the user.
-- Whoever ends an account locks its profile first: a row that was on its way is there by then and goes, and a later one waits
-- and is refused here.
create function private.refuse_ending_account()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (pg_catalog.to_jsonb(new) ->> tg_argv [0])::uuid;
begin
  perform from public.profiles p where p.id = v_user_id for key share;
  if private.is_ending(v_user_id) then
    if v_user_id = (select auth.uid()) then
      perform private.fail('session_required', 'This account is gone.', 401);
    end if;
    perform private.fail('not_found', 'There is no such user.', 404);
  end if;
  return new;
end
$$;

revoke all on function private.refuse_ending_account() from public, anon, authenticated, service_role;

-- schemas/identity/require_account.sql

-- require_account: require_user for functions that write the caller's id where no membership was asked for first.
-- A token outlives its account by up to an hour; whoever holds one has nothing to sign in to. Nor has who has ended the account, while what
-- it wrote is still being seen to.
create function private.require_account()
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  if not exists (select from public.profiles p where p.id = v_user_id) or private.is_ending(v_user_id) then
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
  ('user', 'preferences_changed', 'You have chosen something else. Payload: all preferences as they are now'),
  ('user', 'data_export_changed', 'The export that you asked for is there, or failed. Payload: state ''ready'' or ''failed'''),
  ('user', 'account_ended', 'You have ended your account, on this device or another: sign out. The last event on this topic');

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
  if p_other_id is null or private.is_ending(p_other_id) or not exists (select from public.profiles p where p.id = p_other_id) then
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
    where p.username = pg_catalog.lower(pg_catalog.btrim(p_username)) and not private.is_ending(p.id);
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

-- An account that is ending is linked no more.
create trigger identity_refuse_ending_account
before insert or update of user_id on private.external_identities
for each row execute function private.refuse_ending_account('user_id');

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

-- schemas/identity/require_recent_sign_in.sql

-- require_recent_sign_in: the gate of what cannot be undone: a device that was left open, or a token that was taken, is not enough. The
-- session must be there, the caller's, and begun within ten minutes; refreshing a token begins none. 403 and not 401, after which
-- clients refresh their token and try again. A token without a session of the auth service is refused: nobody can say when it began.
create function private.require_recent_sign_in()
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_session_id text := auth.jwt() ->> 'session_id';
begin
  if v_session_id is null or not exists (
    select from auth.sessions s
    where s.id::text = v_session_id
      and s.user_id = (select auth.uid())
      and s.created_at > pg_catalog.now() - interval '10 minutes'
  ) then
    perform private.fail(
      'recent_sign_in_required', 'Sign in again, and do this within ten minutes.', 403,
      pg_catalog.jsonb_build_object('max_age', 600)
    );
  end if;
end
$$;

revoke all on function private.require_recent_sign_in() from public, anon, authenticated, service_role;

-- schemas/identity/end_relations.sql

-- Whoever ends the account is nobody's friend any more, asks and is asked by nobody, blocks nobody, and is known to no other system. Before what follows from the
-- memberships: what was said to somebody in spite of a block counts as read (see read_what_was_hidden) while channels still say whose they are.
create function private.end_relations()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.friendships f where f.user_id = new.user_id or f.friend_id = new.user_id;
  delete from private.friend_requests r where r.from_id = new.user_id or r.to_id = new.user_id;
  delete from private.blocks b where b.blocker_id = new.user_id or b.blocked_id = new.user_id;
  delete from private.preferences p where p.user_id = new.user_id;
  delete from private.external_identities e where e.user_id = new.user_id;
  return null;
end
$$;

revoke all on function private.end_relations() from public, anon, authenticated, service_role;

-- First of those that fire afterwards, which they do by name.
create trigger a_identity_end_relations
after insert on private.account_endings
for each row execute function private.end_relations();

-- schemas/identity/erasure_steps.sql

-- erasure_steps: what is still to be done before an account is gone, in this order, and takes too long to be done at once. Each step is a
-- function of the private schema, (p_user_id uuid, p_batch integer) returns integer: it sees to at most p_batch rows, tells those whom it
-- concerns, and returns how many they were; 0: nothing is left.
create table private.erasure_steps (
  name text primary key check (name ~ '^[a-z_]+$'),
  place integer not null unique
);

revoke all on table private.erasure_steps from public, anon, authenticated, service_role;

-- schemas/identity/end_accounts.sql

-- end_accounts: one piece of work for the account that waits longest: a batch of a step, or the end of the account itself, which
-- deletes it where it lies, in auth. One a run, because that deletion takes locks which must not come after those of a
-- batch (see change_access). What fails is said in the row, left for ten minutes, and holds nobody else up.
-- Two runs at a time are one: a lock and not the row's, which whoever deletes the account elsewhere may be about to delete.
create function private.end_accounts(p_batch integer default 1000)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ending private.account_endings;
  v_step text;
  v_seen integer;
begin
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('end_accounts', 0)) then
    return;
  end if;
  select e.* into v_ending from private.account_endings e
  where e.failed_at is null or e.failed_at < pg_catalog.now() - interval '10 minutes'
  order by e.requested_at
  limit 1;
  if not found then
    return;
  end if;

  begin
    for v_step in select s.name from private.erasure_steps s order by s.place loop
      execute pg_catalog.format('select private.%I($1, $2)', v_step) into v_seen
      using v_ending.user_id, p_batch;
      if v_seen > 0 then
        update private.account_endings e set error = null, failed_at = null
        where e.user_id = v_ending.user_id and e.error is not null;
        return;
      end if;
    end loop;
    delete from auth.users u where u.id = v_ending.user_id;
  -- A statement's timeout is not among the others.
  exception when query_canceled or others then
    update private.account_endings e set error = sqlerrm, failed_at = pg_catalog.clock_timestamp()
    where e.user_id = v_ending.user_id;
  end;
end
$$;

revoke all on function private.end_accounts(integer) from public, anon, authenticated, service_role;

select private.schedule_job('end_accounts', '5 seconds', 'select private.end_accounts()');

-- watch_account_endings: fails where an account could not be ended, or takes longer than a day: then platform_health says `jobs_failing`,
-- and the job's log why.
create function private.watch_account_endings()
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_error text;
begin
  select coalesce(e.error, 'it is still on its way') into v_error
  from private.account_endings e
  where e.error is not null or e.requested_at < pg_catalog.now() - interval '1 day'
  order by e.requested_at
  limit 1;
  if found then
    perform private.fail('internal', pg_catalog.format('An account does not come to its end: %s.', v_error), 500);
  end if;
end
$$;

revoke all on function private.watch_account_endings() from public, anon, authenticated, service_role;

select private.schedule_job('watch_account_endings', '*/20 * * * *', 'select private.watch_account_endings()');

-- schemas/identity/delete_my_account.sql

-- delete_my_account: Gate: an account, and a recent sign-in. Limits: account_delete per user.
-- What other domains take away at once they take by triggers on account_endings, the first of which takes all locks. Who waits for one of
-- them makes whoever is in the communities that are held already wait, too. So it waits for a moment only, and a try that was in vain is
-- answered and not raised, so that it stays charged (see refusal).
create function private.delete_my_account(p_messages text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  if p_messages is null or p_messages not in ('anonymise', 'remove') then
    perform private.fail(
      'invalid_argument', 'Say what becomes of the messages: anonymise or remove.', 422,
      pg_catalog.jsonb_build_object('field', 'p_messages')
    );
  end if;
  perform private.require_recent_sign_in();
  perform private.take_token('account_delete', v_user_id::text);

  begin
    insert into private.account_endings (user_id, messages) values (v_user_id, p_messages);
  exception when lock_not_available then
    return private.refusal('conflict', 'Too much is going on where you are a member: try again.', 409);
  end;
  perform private.broadcast('user:' || v_user_id, 'account_ended', '{}');
  return null;
end
$$;

revoke all on function private.delete_my_account(text) from public, anon, authenticated, service_role;
grant execute on function private.delete_my_account(text) to authenticated;

create function public.delete_my_account(p_messages text)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s' set lock_timeout = '200ms'
as $$ select private.delete_my_account(p_messages); $$;

comment on function public.delete_my_account(text) is
$$Ends the caller's account, for good: memberships, friendships, blocks and requests are gone when this returns, and no function takes the
caller's tokens any more (`session_required`). The messages follow in batches, and with the last of them the account itself. Asks for a session that
began within the last ten minutes, so sign in again right before (`recent_sign_in_required`, with `max_age` in seconds). Communities that
the caller owns must be handed over or deleted before (`conflict`, with `communities`, the ids of up to 20, and their `count`); direct
groups pass to who has been there longest. Where so much is going on that there is no moment for it: `conflict`, too; try again then.
@param p_messages {'anonymise' | 'remove'} `anonymise`: they stay, without author and name; `remove`: they go with their files
@errors session_required, invalid_argument, recent_sign_in_required, conflict, rate_limited
@returns {null} nothing$$;

revoke all on function public.delete_my_account(text) from public, anon, authenticated, service_role;
grant execute on function public.delete_my_account(text) to authenticated;

-- schemas/identity/exports_bucket.sql

-- The Storage bucket that exports lie in: private, each at <user id>/<export id>.json.gz. Made again it is made private again.
insert into storage.buckets (id, name, public) values ('exports', 'exports', false)
on conflict (id) do update set public = excluded.public;

-- schemas/identity/data_exports.sql

-- data_exports: who has asked for what is kept about them, and how far that is. The Edge Function export-data claims one, reads it in pages
-- and puts it into the bucket `exports`.
create table private.data_exports (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'working', 'ready', 'failed')),
  requested_at timestamptz not null default pg_catalog.now(),
  claimed_at timestamptz,
  tries integer not null default 0,
  expires_at timestamptz check ((expires_at is not null) = (state = 'ready')),
  size bigint check ((size is not null) = (state = 'ready')),
  error text
);

create index data_exports_user_id on private.data_exports (user_id, id);
-- One that is under way for each.
create unique index data_exports_under_way on private.data_exports (user_id) where state in ('waiting', 'working');
create index data_exports_state on private.data_exports (requested_at) where state in ('waiting', 'working');

revoke all on table private.data_exports from public, anon, authenticated, service_role;

-- Where an export lies in its bucket.
create function private.export_path(p_export private.data_exports)
returns text
language sql immutable security invoker set search_path = ''
as $$ select p_export.user_id || '/' || p_export.id || '.json.gz'; $$;

revoke all on function private.export_path(private.data_exports) from public, anon, authenticated, service_role;

-- schemas/identity/export_files.sql

-- export_files: what lies in the bucket, one row for each object until Storage has removed it, whatever becomes of the account meanwhile.
create table private.export_files (
  path text primary key,
  -- From when on nobody reads it and it is to be removed.
  remove_at timestamptz not null,
  -- When it was last handed out for removal.
  claimed_at timestamptz
);

create index export_files_remove_at on private.export_files (remove_at);

revoke all on table private.export_files from public, anon, authenticated, service_role;

-- An object whose export is not there, because the account has ended in the meantime, is to be removed at once.
create function private.keep_export_file()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    delete from private.export_files f where f.path = old.name;
    return null;
  end if;
  insert into private.export_files as f (path, remove_at)
  select new.name, case
    when exists (
      select from private.data_exports d
      where private.export_path(d) = new.name and d.id::text = pg_catalog.split_part(pg_catalog.split_part(new.name, '/', 2), '.', 1)
        and not private.is_ending(d.user_id)
    ) then pg_catalog.now() + interval '7 days'
    else pg_catalog.now()
  end
  on conflict (path) do update set remove_at = excluded.remove_at, claimed_at = null;
  return null;
end
$$;

revoke all on function private.keep_export_file() from public, anon, authenticated, service_role;

create trigger guildhall_keep_export_file
after insert on storage.objects
for each row when (new.bucket_id = 'exports')
execute function private.keep_export_file();

create trigger guildhall_forget_export_file
after delete on storage.objects
for each row when (old.bucket_id = 'exports')
execute function private.keep_export_file();

-- With the account go its exports. Not only those that are known to be there: one may be on its way (see keep_export_file).
create function private.release_exports()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.export_files f set remove_at = pg_catalog.now()
  where f.path in (
    select private.export_path(d) from private.data_exports d where d.user_id = (pg_catalog.to_jsonb(old) ->> 'id')::uuid
  ) and f.remove_at > pg_catalog.now();
  return old;
end
$$;

revoke all on function private.release_exports() from public, anon, authenticated, service_role;

create trigger identity_release_exports
before delete on public.profiles
for each row execute function private.release_exports();

-- may_read_export: whether the caller may read the file at this path of the bucket. About the caller only.
create function private.may_read_export(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  return exists (
    select
    from private.data_exports d
    join private.export_files f on f.path = private.export_path(d)
    where d.user_id = v_user_id and d.state = 'ready' and f.path = p_path and f.remove_at > pg_catalog.now()
  ) and not private.is_ending(v_user_id);
end
$$;

revoke all on function private.may_read_export(text) from public, anon, authenticated, service_role;
grant execute on function private.may_read_export(text) to authenticated;

-- Only who it is about, and only by its path: nobody lists the bucket. Nobody but the secret key writes there.
create policy guildhall_exports_select on storage.objects
for select to authenticated using (
  bucket_id = 'exports'
  and (
    select coalesce(pg_catalog.current_setting('storage.operation', true), '') not in (
      'storage.object.list', 'storage.object.list_v2', 'storage.s3.object.list'
    )
  )
  and private.may_read_export(name)
);

-- schemas/identity/data_export.sql

-- data_export: an export as its owner sees it.
create type public.data_export as (
  id uuid,
  state text,
  requested_at timestamptz,
  expires_at timestamptz,
  path text,
  size bigint
);

comment on type public.data_export is $$What is kept about the caller, as one file.
@not_null id, state, requested_at$$;
comment on column public.data_export.state is $$`waiting` and `working`: it is being made; `ready`: it may be fetched; `failed`: ask again.
@type {'waiting' | 'working' | 'ready' | 'failed'}$$;
comment on column public.data_export.expires_at is 'Until when it may be fetched; null where it is not ready.';
comment on column public.data_export.path is 'Where it lies in the bucket `exports`; null where it is not ready, or not any more.';
comment on column public.data_export.size is 'In bytes, compressed; null where it is not ready.';

revoke all on type public.data_export from public, anon, authenticated, service_role;
grant usage on type public.data_export to authenticated;

create function private.described_export(p_export private.data_exports)
returns public.data_export
language plpgsql stable security definer set search_path = ''
as $$
begin
  return row(
    p_export.id, p_export.state, p_export.requested_at, p_export.expires_at,
    case when p_export.expires_at > pg_catalog.now() then private.export_path(p_export) end, p_export.size
  )::public.data_export;
end
$$;

revoke all on function private.described_export(private.data_exports) from public, anon, authenticated, service_role;

-- schemas/identity/export_my_data.sql

-- export_my_data: Gate: an account. Limits: data_export per user, for a new one.
create function private.export_my_data()
returns public.data_export
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_export private.data_exports;
begin
  -- One call at a time: the second finds what the first has made.
  perform from public.profiles p where p.id = v_user_id for no key update;
  perform private.require_account();
  select d.* into v_export from private.data_exports d where d.user_id = v_user_id and d.state in ('waiting', 'working');
  if not found then
    perform private.take_token('data_export', v_user_id::text);
    insert into private.data_exports (user_id) values (v_user_id) returning * into v_export;
  end if;
  return private.described_export(v_export);
end
$$;

revoke all on function private.export_my_data() from public, anon, authenticated, service_role;
grant execute on function private.export_my_data() to authenticated;

create function public.export_my_data()
returns public.data_export
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.export_my_data(); $$;

comment on function public.export_my_data() is
$$Asks for a file with all that is kept about the caller, and nothing that others wrote; where one is being made, returns that. It is made
within minutes: `data_export_changed` comes on `user:<id>`, and `my_data_export` says where it lies, for seven days.
@errors session_required, rate_limited
@idempotent$$;

revoke all on function public.export_my_data() from public, anon, authenticated, service_role;
grant execute on function public.export_my_data() to authenticated;

-- schemas/identity/my_data_export.sql

-- my_data_export: Gate: an account.
create function private.my_data_export()
returns public.data_export
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_export private.data_exports;
begin
  select d.* into v_export from private.data_exports d
  where d.user_id = v_user_id
  order by d.id desc
  limit 1;
  return case when v_export.id is not null then private.described_export(v_export) end;
end
$$;

revoke all on function private.my_data_export() from public, anon, authenticated, service_role;
grant execute on function private.my_data_export() to authenticated;

create function public.my_data_export()
returns public.data_export
language sql stable security invoker set search_path = ''
as $$ select private.my_data_export(); $$;

comment on function public.my_data_export() is
$$Returns the caller's last export, or null where there was none.
@errors session_required
@returns {DataExport | null}$$;

revoke all on function public.my_data_export() from public, anon, authenticated, service_role;
grant execute on function public.my_data_export() to authenticated;

-- schemas/identity/personal_data.sql

-- personal_data: every column of the database that says whose something is, and what an export has of it. A table that is added later has
-- its line here from its first day: a test looks for columns that have none.
-- section, key and item: how it is exported, a row at a time in the order of key; item is an expression over the row, t. What it names
-- of others are ids. Or reason: why it is not.
create table private.personal_data (
  relation text not null,
  user_column text not null,
  section text unique check (section ~ '^[a-z_]+$'),
  key text[],
  item text,
  reason text,
  primary key (relation, user_column),
  check (pg_catalog.num_nulls(section, key, item) in (0, 3)),
  check ((section is null) <> (reason is null))
);

revoke all on table private.personal_data from public, anon, authenticated, service_role;

insert into private.personal_data (relation, user_column, section, key, item) values
  ('auth.users', 'id', 'account', '{id}', $$jsonb_build_object('id', t.id, 'email', t.email, 'phone', t.phone, 'metadata', t.raw_user_meta_data::jsonb, 'created_at', t.created_at, 'last_sign_in_at', t.last_sign_in_at)$$),
  ('public.profiles', 'id', 'profile', '{id}', $$to_jsonb(t)$$),
  ('private.preferences', 'user_id', 'preferences', '{user_id}', $$to_jsonb(t) - 'user_id'$$),
  ('private.friendships', 'user_id', 'friends', '{friend_id}', $$jsonb_build_object('user_id', t.friend_id, 'since', t.created_at)$$),
  ('private.friend_requests', 'from_id', 'friend_requests_sent', '{to_id}', $$jsonb_build_object('user_id', t.to_id, 'created_at', t.created_at)$$),
  ('private.friend_requests', 'to_id', 'friend_requests_received', '{from_id}', $$jsonb_build_object('user_id', t.from_id, 'created_at', t.created_at)$$),
  ('private.blocks', 'blocker_id', 'blocks', '{blocked_id}', $$jsonb_build_object('user_id', t.blocked_id, 'created_at', t.created_at)$$),
  ('private.external_identities', 'user_id', 'external_identities', '{provider}', $$jsonb_build_object('provider', t.provider, 'external_id', t.external_id, 'linked_at', t.linked_at)$$);

insert into private.personal_data (relation, user_column, reason) values
  ('private.friendships', 'friend_id', 'The same friendship has a row of one''s own'),
  ('private.blocks', 'blocked_id', 'A block is its owner''s secret'),
  ('private.former_external_identities', 'user_id', 'Forgotten after four days; there so that nobody hears another''s chat'),
  ('private.account_endings', 'user_id', 'Whoever ends an account exports nothing any more'),
  ('private.data_exports', 'user_id', 'About the export itself; my_data_export shows it');

-- schemas/identity/claim_data_export.sql

-- claim_data_export: the export that waits longest, for who makes it: the Edge Function export-data. It is the claimer's for ten minutes,
-- three times in all. Gate: the secret key.
create function private.claim_data_export()
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_export private.data_exports;
begin
  update private.data_exports d set state = 'failed', error = coalesce(d.error, 'It was begun three times and never ended.')
  where d.state = 'working' and d.tries >= 3 and d.claimed_at < pg_catalog.now() - interval '10 minutes';

  update private.data_exports d set state = 'working', claimed_at = pg_catalog.now(), tries = d.tries + 1
  where d.id = (
    select s.id from private.data_exports s
    where s.state = 'waiting' or s.state = 'working' and s.claimed_at < pg_catalog.now() - interval '10 minutes'
    order by s.requested_at
    limit 1
    for update skip locked
  )
  returning d.* into v_export;
  if not found then
    return null;
  end if;
  return pg_catalog.jsonb_build_object(
    'id', v_export.id, 'user_id', v_export.user_id, 'path', private.export_path(v_export),
    'sections', (select pg_catalog.jsonb_agg(p.section order by p.section collate "C") from private.personal_data p where p.section is not null)
  );
end
$$;

revoke all on function private.claim_data_export() from public, anon, authenticated, service_role;
grant execute on function private.claim_data_export() to service_role;

create function public.claim_data_export()
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.claim_data_export(); $$;

comment on function public.claim_data_export() is
$$Returns an export that is to be made, or null. It is the caller's for ten minutes: read each section with `export_page`, put the file at `path` in
the bucket `exports`, and say so with `finish_data_export`. Needs the secret key.
@returns {{ id: string; user_id: string; path: string; sections: string[] } | null}$$;

revoke all on function public.claim_data_export() from public, anon, authenticated, service_role;
grant execute on function public.claim_data_export() to service_role;

-- schemas/identity/export_page.sql

-- export_page: a page of one section of an export, as personal_data says. Gate: the secret key, and an export that is being made.
create function private.export_page(p_export_id uuid, p_section text, p_after jsonb, p_limit integer)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid;
  v_data private.personal_data;
  v_page jsonb;
begin
  perform private.require_limit(p_limit, 5000);
  select d.user_id into v_user_id from private.data_exports d where d.id = p_export_id and d.state = 'working';
  if not found or private.is_ending(v_user_id) then
    perform private.fail('not_found', 'There is no such export.', 404, pg_catalog.jsonb_build_object('field', 'p_export_id'));
  end if;
  select p.* into v_data from private.personal_data p where p.section = p_section;
  if not found then
    perform private.fail('not_found', 'There is no such section.', 404, pg_catalog.jsonb_build_object('field', 'p_section'));
  end if;

  execute (
    select pg_catalog.format(
      $query$
        select pg_catalog.jsonb_build_object(
          'rows', coalesce(pg_catalog.jsonb_agg(p.item order by p.place), '[]'),
          'next', case when pg_catalog.count(*) = $3 then (pg_catalog.array_agg(p.key order by p.place desc))[1] end
        )
        from (
          select %2$s as item, pg_catalog.jsonb_build_array(%3$s) as key, pg_catalog.row_number() over (order by %3$s) as place
          from %1$s t
          where t.%4$I = $1 and ($2 is null or (%3$s) > (%5$s))
          order by %3$s
          limit $3
        ) p
      $query$,
      v_data.relation, v_data.item, pg_catalog.string_agg(pg_catalog.format('t.%I', k.name), ', ' order by k.place), v_data.user_column,
      pg_catalog.string_agg(
        pg_catalog.format('($2 ->> %s)::%s', k.place - 1, pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' order by k.place
      )
    )
    from pg_catalog.unnest(v_data.key) with ordinality as k (name, place)
    join pg_catalog.pg_attribute a on a.attrelid = v_data.relation::regclass and a.attname = k.name
  ) into v_page using v_user_id, p_after, p_limit;
  return v_page;
end
$$;

revoke all on function private.export_page(uuid, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function private.export_page(uuid, text, jsonb, integer) to service_role;

create function public.export_page(p_export_id uuid, p_section text, p_after jsonb default null, p_limit integer default 1000)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.export_page(p_export_id, p_section, p_after, p_limit); $$;

comment on function public.export_page(uuid, text, jsonb, integer) is
$$Returns a page of one section of an export that is being made. Needs the secret key.
@param p_after {unknown} `next` of the page before; left out: from the beginning
@param p_limit 1 to 5,000 rows
@errors not_found, invalid_argument
@returns {{ rows: Record<string, unknown>[]; next: unknown }} `next` null: there is no more$$;

revoke all on function public.export_page(uuid, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.export_page(uuid, text, jsonb, integer) to service_role;

-- schemas/identity/finish_data_export.sql

-- finish_data_export: says how an export went: the size of the file that lies in the bucket, or what stood in its way. After the third try
-- it has failed. Gate: the secret key.
create function private.finish_data_export(p_export_id uuid, p_size bigint, p_error text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_export private.data_exports;
begin
  if (p_size is null) = (p_error is null) or p_size < 0 then
    perform private.fail(
      'invalid_argument', 'Say how long the file is, or what went wrong.', 422, pg_catalog.jsonb_build_object('field', 'p_size')
    );
  end if;
  update private.data_exports d
  set
    state = case when p_error is null then 'ready' when d.tries < 3 then 'waiting' else 'failed' end,
    size = p_size,
    expires_at = case
      when p_error is null then (select f.remove_at from private.export_files f where f.path = private.export_path(d))
    end,
    error = pg_catalog.left(p_error, 500)
  where d.id = p_export_id and d.state = 'working'
    and (p_error is not null or exists (select from private.export_files f where f.path = private.export_path(d)))
  returning d.* into v_export;
  if not found then
    perform private.fail('not_found', 'There is no such export.', 404, pg_catalog.jsonb_build_object('field', 'p_export_id'));
  end if;
  if v_export.state in ('ready', 'failed') then
    perform private.broadcast(
      'user:' || v_export.user_id, 'data_export_changed', pg_catalog.jsonb_build_object('state', v_export.state)
    );
  end if;
end
$$;

revoke all on function private.finish_data_export(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.finish_data_export(uuid, bigint, text) to service_role;

create function public.finish_data_export(p_export_id uuid, p_size bigint default null, p_error text default null)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.finish_data_export(p_export_id, p_size, p_error); $$;

comment on function public.finish_data_export(uuid, bigint, text) is
$$Says that an export lies in the bucket, or what stood in its way; then it is tried again, three times in all. Needs the secret key.
@param p_size {number} of the file, in bytes
@param p_error what went wrong, for the operator
@errors not_found, invalid_argument$$;

revoke all on function public.finish_data_export(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.finish_data_export(uuid, bigint, text) to service_role;

-- schemas/identity/claim_export_removals.sql

-- claim_export_removals: exports whose time is over, for who removes them through Storage, as claim_attachment_removals. Gate: the secret key.
create function private.claim_export_removals(p_limit integer)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_paths text[];
begin
  perform private.require_limit(p_limit, 1000);

  with due as (
    select f.path from private.export_files f
    where f.remove_at <= pg_catalog.now()
      and (f.claimed_at is null or f.claimed_at < pg_catalog.now() - interval '10 minutes')
    order by f.remove_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.export_files f set claimed_at = pg_catalog.now() from due where f.path = due.path
    returning f.path
  )
  select coalesce(pg_catalog.array_agg(c.path), '{}') into v_paths from claimed c;
  return v_paths;
end
$$;

revoke all on function private.claim_export_removals(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_export_removals(integer) to service_role;

create function public.claim_export_removals(p_limit integer default 100)
returns text[]
language sql volatile security invoker set search_path = ''
as $$ select private.claim_export_removals(p_limit); $$;

comment on function public.claim_export_removals(integer) is
$$Returns the paths, in the bucket `exports`, of files that nobody may read any more. Whoever asks removes them through the Storage API; what is
still there after 10 minutes comes again. Needs the secret key.
@param p_limit 1 to 1,000
@errors invalid_argument$$;

revoke all on function public.claim_export_removals(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_export_removals(integer) to service_role;

-- schemas/identity/call_for_exports.sql

-- call_for_exports: where an export waits, or one is to be removed, asks the Edge Function export-data to see to it. Requests that ended more
-- than 30 days ago go. Where the function cannot be called, watch_exports says so when that begins to matter.
create function private.call_for_exports()
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.data_exports d
  where d.id in (
    select s.id from private.data_exports s
    where s.state in ('ready', 'failed') and s.requested_at < pg_catalog.now() - interval '30 days'
    limit 1000
  );
  -- Rows whose object Storage has no more would come again for ever.
  delete from private.export_files f
  where f.claimed_at < pg_catalog.now() - interval '10 minutes'
    and not exists (select from storage.objects o where o.bucket_id = 'exports' and o.name = f.path);
  if exists (
    select from private.data_exports d
    where d.state = 'waiting' or d.state = 'working' and d.claimed_at < pg_catalog.now() - interval '10 minutes'
  ) or exists (
    select from private.export_files f
    where f.remove_at <= pg_catalog.now() and (f.claimed_at is null or f.claimed_at < pg_catalog.now() - interval '10 minutes')
  ) then
    perform private.call_edge_function('export-data', '5 minutes');
  end if;
end
$$;

revoke all on function private.call_for_exports() from public, anon, authenticated, service_role;

select private.schedule_job('call_for_exports', '30 seconds', 'select private.call_for_exports()');

-- watch_exports: fails when the bucket was made public, for which no policy is asked, or when exports have been waiting for hours to be made or
-- removed: then platform_health says `jobs_failing`, and the job's log says this.
create function private.watch_exports()
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (select from storage.buckets b where b.id = 'exports' and b.public) then
    perform private.fail('internal', 'The bucket exports is public: whoever knows a path reads the file. Make it private.', 500);
  end if;
  if exists (
    select from private.data_exports d
    where d.state in ('waiting', 'working') and d.requested_at < pg_catalog.now() - interval '6 hours'
  ) or exists (select from private.export_files f where f.remove_at < pg_catalog.now() - interval '6 hours') then
    perform private.fail(
      'provider_unavailable',
      'Exports are not made or not removed: is export-data deployed, and are the functions'' address and secret in Vault?', 503
    );
  end if;
end
$$;

revoke all on function private.watch_exports() from public, anon, authenticated, service_role;

select private.schedule_job('watch_exports', '*/20 * * * *', 'select private.watch_exports()');
