-- lost_broadcasts: broadcasts that realtime.send swallowed. Nothing is lost for good, clients catch up from the log;
-- but an operator must be able to see that live delivery does not work (see platform_health).
create table private.lost_broadcasts (
  id bigint generated always as identity primary key,
  topic text not null,
  event text not null,
  at timestamptz not null default pg_catalog.clock_timestamp()
);

create index lost_broadcasts_at on private.lost_broadcasts (at);

revoke all on table private.lost_broadcasts from public, anon, authenticated, service_role;
