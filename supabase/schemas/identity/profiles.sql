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
