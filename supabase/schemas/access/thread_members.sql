-- thread_members: who follows a thread; a private one is seen by nobody else but who manages threads. Ends with the membership
-- in the community, and does not come back with it.
create table private.thread_members (
  community_id uuid not null,
  thread_id uuid not null references private.threads (id) on delete cascade,
  user_id uuid not null,
  joined_at timestamptz not null default pg_catalog.now(),
  primary key (thread_id, user_id),
  foreign key (community_id, user_id) references public.community_members (community_id, user_id) on delete cascade
);

create index thread_members_user_id on private.thread_members (community_id, user_id);

revoke all on table private.thread_members from public, anon, authenticated, service_role;
