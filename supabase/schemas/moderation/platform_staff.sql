-- platform_staff: who works on reports, for the platform and not for a community. A role of its own table and not a mark on the
-- profile, which its owner can change. Only the secret key grants it: no client's function writes here.
-- Admins may do what reviewers may, and also see who made a report, hand reports to others, take them over and open them again.
create table private.platform_staff (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  role text not null check (role in ('reviewer', 'admin')),
  granted_at timestamptz not null default pg_catalog.now()
);

revoke all on table private.platform_staff from public, anon, authenticated, service_role;
