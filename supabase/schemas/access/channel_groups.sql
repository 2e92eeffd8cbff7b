-- channel_groups: headings under which channels stand.
create table public.channel_groups (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id)
);

comment on table public.channel_groups is 'A heading under which channels stand.';

alter table public.channel_groups enable row level security;

create policy channel_groups_select on public.channel_groups
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.channel_groups from public, anon, authenticated, service_role;
grant select on table public.channel_groups to authenticated;
