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
