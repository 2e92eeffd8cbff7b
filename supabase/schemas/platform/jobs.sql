-- jobs: what Guildhall wants done regularly. The schedule itself is pg_cron's, where anybody with the right may remove an
-- entry; this table is what it is compared with (see platform_health).
create table private.jobs (
  name text primary key check (name ~ '^[a-z_]+$'),
  schedule text not null,
  command text not null
);

revoke all on table private.jobs from public, anon, authenticated, service_role;
