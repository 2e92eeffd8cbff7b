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
