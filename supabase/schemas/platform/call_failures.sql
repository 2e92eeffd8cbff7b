-- call_failures: single failures, to be found by the request id that a user was shown or a log has. Of each kind (source, function and
-- code) only the first 20 in 5 minutes and what came with the 20th: a storm says the same a million times, and call_counts has it whole. Of
-- all clients together 200 in 5 minutes: anybody may claim any.
create table private.call_failures (
  id bigint generated always as identity primary key,
  -- When it was recorded, which is up to a minute after it happened: a client's clock says nothing.
  recorded_at timestamptz not null default pg_catalog.clock_timestamp(),
  source text not null check (source in ('client', 'server')),
  function text not null,
  code text not null,
  latency_ms integer not null,
  contract_version text,
  request_id uuid
);

create index call_failures_recorded_at on private.call_failures (recorded_at);

revoke all on table private.call_failures from public, anon, authenticated, service_role;
