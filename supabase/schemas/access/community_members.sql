-- community_members: who belongs to which community, and with which access class.
create table public.community_members (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  access_class_id uuid not null,
  timed_out_until timestamptz,
  joined_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, user_id),
  foreign key (community_id, access_class_id) references private.access_classes (community_id, id) on delete no action
);

comment on table public.community_members is 'A user''s membership in a community.';
comment on column public.community_members.timed_out_until is 'Until then the member may only look and read. Null or past: not timed out.';

create index community_members_user_id on public.community_members (user_id, joined_at);
create index community_members_access_class_id on public.community_members (community_id, access_class_id);

alter table public.community_members enable row level security;

create policy community_members_select on public.community_members
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.community_members from public, anon, authenticated, service_role;
grant select (community_id, user_id, timed_out_until, joined_at) on table public.community_members to authenticated;
