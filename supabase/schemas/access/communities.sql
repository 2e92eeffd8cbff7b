-- communities: one row each. The owner is a fact of this row, so there is exactly one, always.
create table public.communities (
  id uuid primary key default private.uuid_v7(),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  owner_id uuid not null references public.profiles (id) on delete restrict,
  topic_epoch bigint not null default 1,
  created_at timestamptz not null default pg_catalog.now()
);

comment on table public.communities is 'A community.';
comment on column public.communities.name is 'Shown name: 1 to 100 characters.';
comment on column public.communities.topic_epoch is 'Part of the names of the community''s topics; rises when somebody loses membership.';

create index communities_owner_id on public.communities (owner_id);

alter table public.communities enable row level security;

create policy communities_select on public.communities
for select to authenticated using (id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.communities from public, anon, authenticated, service_role;
grant select on table public.communities to authenticated;
