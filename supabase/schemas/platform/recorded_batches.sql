-- recorded_batches: which batches of records have come, so that a retry counts nothing twice. Adapters give up after minutes; a day is kept.
-- Unlogged: after a crash a retry may be counted twice, which is harmless.
create unlogged table private.recorded_batches (
  id uuid primary key,
  recorded_at timestamptz not null default pg_catalog.clock_timestamp()
);

create index recorded_batches_recorded_at on private.recorded_batches (recorded_at);

revoke all on table private.recorded_batches from public, anon, authenticated, service_role;
