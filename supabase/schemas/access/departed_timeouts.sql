-- departed_timeouts: timeouts of members who are gone. A timeout does not end by leaving and coming back.
create table private.departed_timeouts (
  community_id uuid not null references public.communities (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  timed_out_until timestamptz not null,
  primary key (community_id, user_id)
);

create index departed_timeouts_user_id on private.departed_timeouts (user_id);
create index departed_timeouts_timed_out_until on private.departed_timeouts (timed_out_until);

revoke all on table private.departed_timeouts from public, anon, authenticated, service_role;
