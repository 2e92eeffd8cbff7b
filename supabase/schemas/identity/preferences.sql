-- preferences: what people have chosen for themselves; no row: the defaults.
-- direct_from: who may write to them directly. Friends may, in any case but nobody; members are those of a community they share.
create table private.preferences (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  direct_from text not null default 'members' check (direct_from in ('members', 'friends', 'nobody'))
);

revoke all on table private.preferences from public, anon, authenticated, service_role;
