-- Generated from supabase/schemas/identity by npm run generate; do not edit.

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

-- schemas/identity/direct_from.sql

-- direct_from: from whom somebody takes direct messages (see preferences).
create function private.direct_from(p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return coalesce((select p.direct_from from private.preferences p where p.user_id = p_user_id), 'members');
end
$$;

revoke all on function private.direct_from(uuid) from public, anon, authenticated, service_role;

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
