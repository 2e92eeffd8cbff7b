-- call_counts: how often what was called, how it ended and how long it took, in slots of time. Its size depends on how many things are
-- called and not on how often: see docs/telemetry.md for the figures. Nobody's id, no address, no argument.
-- A slot is 5 minutes, and an hour when it is two days old (sweep_calls).
create table private.call_counts (
  slot_at timestamptz not null,
  -- Whoever has the publishable key says what a client's adapter says: those are claims. Only the secret key writes 'server'.
  source text not null check (source in ('client', 'server')),
  function text not null,
  -- Empty: it succeeded. Only codes of error_codes, so that nobody makes up rows.
  code text not null,
  latency_bucket smallint not null check (latency_bucket between 0 and 73),
  calls bigint not null check (calls > 0),
  primary key (slot_at, source, function, code, latency_bucket)
)
-- A count is raised again and again: within its page, and no index with it.
with (fillfactor = 70);

-- What is still to be put into hours: otherwise each sweep would read all hours to find one.
create index call_counts_unfolded on private.call_counts (slot_at)
where slot_at <> pg_catalog.date_bin('1 hour', slot_at, '2000-01-01 00:00:00+00');

revoke all on table private.call_counts from public, anon, authenticated, service_role;
