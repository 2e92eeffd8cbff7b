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
