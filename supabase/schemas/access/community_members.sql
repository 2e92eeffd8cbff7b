-- community_members: who belongs to which community, and with which access class.
create table public.community_members (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  access_class_id uuid not null,
  access_expires_at timestamptz,
  timed_out_until timestamptz,
  nickname text check (pg_catalog.char_length(nickname) between 1 and 32),
  sort_name text not null collate "C",
  invited_by uuid references public.profiles (id) on delete set null,
  invite_code text,
  joined_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, user_id),
  foreign key (community_id, access_class_id) references private.access_classes (community_id, id) on delete no action
);

comment on table public.community_members is 'A user''s membership in a community.';
comment on column public.community_members.access_expires_at is
'When the first of the temporary grants ends that the access class counts in. Past: the class is not to be believed.';
comment on column public.community_members.nickname is 'Shown name in this community: 1 to 32 characters; null: the profile''s.';
comment on column public.community_members.sort_name is 'The shown name in lower case: what lists are sorted and searched by.';
comment on column public.community_members.invited_by is 'Whose invite it was.';
comment on column public.community_members.invite_code is 'By which invite; kept when the invite is gone.';
comment on column public.community_members.timed_out_until is 'Until then the member may only look and read. Null or past: not timed out.';

create index community_members_user_id on public.community_members (user_id, joined_at);
create index community_members_access_class_id on public.community_members (community_id, access_class_id);
create index community_members_sort_name on public.community_members (community_id, sort_name, user_id);
create index community_members_invited_by on public.community_members (invited_by) where invited_by is not null;
create index community_members_access_expires_at on public.community_members (access_expires_at)
where access_expires_at is not null;

alter table public.community_members enable row level security;

create policy community_members_select on public.community_members
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.community_members from public, anon, authenticated, service_role;
grant select (community_id, user_id, timed_out_until, nickname, joined_at) on table public.community_members to authenticated;
