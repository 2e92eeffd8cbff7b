-- channel_events: the change feed. One row per revision, kept for at least 72 hours. It says what changed and not how: whoever
-- asks gets the message as it is now, so what is deleted is in no old entry. seqs: all numbers, where several messages
-- were deleted or lost their author at once.
create table private.channel_events (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  revision bigint not null,
  kind text not null check (kind in ('created', 'edited', 'deleted', 'reacted', 'pinned', 'unpinned', 'threaded', 'previewed', 'anonymised')),
  seq bigint not null,
  seqs bigint[],
  at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (channel_id, revision)
);

-- For the sweep; rows arrive in the order of time, so a block-range index is enough and costs a send next to nothing.
create index channel_events_at on private.channel_events using brin (at);

revoke all on table private.channel_events from public, anon, authenticated, service_role;
