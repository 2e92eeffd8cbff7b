-- channel_group_overwrites: what a group allows or denies, for the channels synced with it. Rights come from
-- channel_overwrites alone: a synced channel carries a copy of its group's, so no reader has to look in two places.
create table public.channel_group_overwrites (
  community_id uuid not null,
  group_id uuid not null,
  role_id uuid,
  user_id uuid references public.profiles (id) on delete cascade,
  allow bigint not null default 0,
  deny bigint not null default 0,
  subject_id uuid not null generated always as (coalesce(role_id, user_id)) stored,
  primary key (group_id, subject_id),
  check (pg_catalog.num_nonnulls(role_id, user_id) = 1),
  check (allow & deny = 0),
  foreign key (community_id, group_id) references public.channel_groups (community_id, id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade
);

comment on table public.channel_group_overwrites is 'What a group allows or denies a role or a member, in the channels synced with it.';

create index channel_group_overwrites_group_id on public.channel_group_overwrites (community_id, group_id);
create index channel_group_overwrites_role_id on public.channel_group_overwrites (community_id, role_id) where role_id is not null;
create index channel_group_overwrites_user_id on public.channel_group_overwrites (user_id, community_id) where user_id is not null;

alter table public.channel_group_overwrites enable row level security;

create policy channel_group_overwrites_select on public.channel_group_overwrites
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.channel_group_overwrites from public, anon, authenticated, service_role;
grant select (community_id, group_id, role_id, user_id, subject_id) on table public.channel_group_overwrites to authenticated;
