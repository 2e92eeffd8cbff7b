-- member_roles: which roles a member was granted, beyond the default role. A grant past its expires_at counts nowhere any
-- more; the sweep only tidies.
create table public.member_roles (
  community_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  expires_at timestamptz,
  granted_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, user_id, role_id),
  foreign key (community_id, user_id) references public.community_members (community_id, user_id) on delete cascade,
  foreign key (community_id, role_id) references public.roles (community_id, id) on delete cascade
);

comment on table public.member_roles is 'A role granted to a member.';
comment on column public.member_roles.expires_at is 'When the grant ends by itself; null: never.';

create index member_roles_expires_at on public.member_roles (expires_at) where expires_at is not null;
create index member_roles_role_id on public.member_roles (community_id, role_id);

alter table public.member_roles enable row level security;

create policy member_roles_select on public.member_roles
for select to authenticated using (community_id = any ((select private.my_community_ids())::uuid[]));

revoke all on table public.member_roles from public, anon, authenticated, service_role;
grant select on table public.member_roles to authenticated;
