-- rate_limits: for each limit and subject, the time at which the bucket is full again (GCRA's theoretical arrival time).
-- Unlogged: after a crash everybody starts with a full bucket, which is harmless. Bans and slow mode are facts and live
-- in logged tables.
create unlogged table private.rate_limits (
  limit_key text not null references private.rate_limit_catalog (key) on delete cascade,
  subject text not null,
  full_at timestamptz not null,
  primary key (limit_key, subject)
);

create index rate_limits_full_at on private.rate_limits (full_at);

revoke all on table private.rate_limits from public, anon, authenticated, service_role;
