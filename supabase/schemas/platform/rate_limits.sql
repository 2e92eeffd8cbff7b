-- rate_limits: for each limit and subject, the time at which the bucket is full again (GCRA's theoretical arrival time).
-- Unlogged: after a crash everybody starts with a full bucket, which is harmless. Bans and slow mode are facts and live
-- in logged tables.
-- No index on the time and half of each page free: a charge rewrites its row within the page, and no index with it. The sweep
-- reads the table from end to end, every five minutes.
create unlogged table private.rate_limits (
  limit_key text not null references private.rate_limit_catalog (key) on delete cascade,
  subject text not null,
  full_at timestamptz not null,
  primary key (limit_key, subject)
) with (fillfactor = 50);

revoke all on table private.rate_limits from public, anon, authenticated, service_role;
