-- invites: codes by which people join. A code is 80 random bits, so guessing one is hopeless whatever the rate.
create table public.invites (
  community_id uuid not null references public.communities (id) on delete cascade,
  code text not null unique,
  creator_id uuid references public.profiles (id) on delete set null,
  uses integer not null default 0,
  max_uses integer check (max_uses > 0),
  expires_at timestamptz,
  role_ids uuid[] not null default '{}',
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, code)
);

comment on table public.invites is 'A code by which people join a community.';
comment on column public.invites.uses is 'How many joined by it.';
comment on column public.invites.max_uses is 'How many may join by it; null: any number.';
comment on column public.invites.expires_at is 'When it ends; null: never.';
comment on column public.invites.role_ids is
'Roles that whoever joins by it is granted, as far as they exist and its creator could still grant them.';

create index invites_created_at on public.invites (community_id, created_at, code);
create index invites_creator_id on public.invites (creator_id);
create index invites_expires_at on public.invites (expires_at) where expires_at is not null;

alter table public.invites enable row level security;

-- Only who made an invite, and who manages invites, see its code. Not every member: a code is the right to let people in.
create policy invites_select on public.invites
for select to authenticated using (
  community_id = any ((select private.my_community_ids())::uuid[])
  and (
    creator_id = (select auth.uid())
    or community_id = any ((select private.my_community_ids('manage_invites'))::uuid[])
  )
);

revoke all on table public.invites from public, anon, authenticated, service_role;
grant select on table public.invites to authenticated;
