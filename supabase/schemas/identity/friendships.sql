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
