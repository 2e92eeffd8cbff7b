-- roles: what a member may do. Position 0 is the default role, which every member holds without being granted it.
create table public.roles (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null check (position >= 0),
  permissions bigint not null default 0 check (permissions >= 0),
  color integer not null default 0 check (color between 0 and 16777215),
  is_default boolean not null generated always as (position = 0) stored,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  -- Asked at the end of each statement, so that one statement can move several. Position 0 can be taken once like any
  -- other: there is one default role.
  unique (community_id, position) deferrable initially immediate
);

comment on table public.roles is 'A role of a community.';
comment on column public.roles.position is 'Place in the hierarchy: 0 is the default role, higher is stronger.';
comment on column public.roles.permissions is 'Mask over permissions_catalog.bit.';
comment on column public.roles.color is 'As 0xRRGGBB; 0: none of its own.';

alter table public.roles enable row level security;

create policy roles_select on public.roles
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.roles from public, anon, authenticated, service_role;
grant select (community_id, id, name, position, is_default, color, created_at) on table public.roles to authenticated;
