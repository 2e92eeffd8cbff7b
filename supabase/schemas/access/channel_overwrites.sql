-- channel_overwrites: what a channel allows or denies a role (the default role included) or a single member.
-- Exactly one of role_id and user_id is set. A member who leaves takes what is allowed along and leaves behind what is
-- denied, for when they come back (see end_personal_allows): so user_id may be nobody's membership.
create table public.channel_overwrites (
  community_id uuid not null,
  channel_id uuid not null,
  role_id uuid,
  user_id uuid references public.profiles (id) on delete cascade,
  allow bigint not null default 0,
  deny bigint not null default 0,
  subject_id uuid not null generated always as (coalesce(role_id, user_id)) stored,
  primary key (channel_id, subject_id),
  check (pg_catalog.num_nonnulls(role_id, user_id) = 1),
  check (allow & deny = 0),
  foreign key (community_id, channel_id) references public.channels (community_id, id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade
);

comment on table public.channel_overwrites is 'What a channel allows or denies a role or a member.';

create index channel_overwrites_channel_id on public.channel_overwrites (community_id, channel_id);
create index channel_overwrites_role_id on public.channel_overwrites (community_id, role_id) where role_id is not null;
create index channel_overwrites_user_id on public.channel_overwrites (user_id, community_id) where user_id is not null;

alter table public.channel_overwrites enable row level security;

create policy channel_overwrites_select on public.channel_overwrites
for select to authenticated using (channel_id = any ((select private.my_channel_ids('view_channel'))::uuid[]));

revoke all on table public.channel_overwrites from public, anon, authenticated, service_role;
grant select (community_id, channel_id, role_id, user_id, subject_id) on table public.channel_overwrites to authenticated;
