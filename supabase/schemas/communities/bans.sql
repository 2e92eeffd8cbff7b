-- bans: who may not join. Read at the moment of joining; a ban past its expires_at holds nobody back, and the sweep tidies.
create table public.bans (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  actor_id uuid references public.profiles (id) on delete set null,
  reason text,
  expires_at timestamptz,
  created_at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (community_id, user_id)
);

comment on table public.bans is 'A user who may not join a community.';
comment on column public.bans.actor_id is 'Who banned.';
comment on column public.bans.expires_at is 'When it ends by itself; null: never.';

create index bans_user_id on public.bans (user_id);
create index bans_actor_id on public.bans (actor_id) where actor_id is not null;
create index bans_created_at on public.bans (community_id, created_at, user_id);
create index bans_expires_at on public.bans (expires_at) where expires_at is not null;

alter table public.bans enable row level security;

create policy bans_select on public.bans
for select to authenticated using (
  community_id = any ((select private.my_community_ids('ban_members'))::uuid[])
  and (expires_at is null or expires_at > pg_catalog.now())
);

revoke all on table public.bans from public, anon, authenticated, service_role;
grant select on table public.bans to authenticated;
