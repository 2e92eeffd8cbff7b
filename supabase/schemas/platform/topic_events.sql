-- topic_events: every event the server broadcasts, by the topic's prefix. What is not listed cannot be sent. In capitals where it is
-- what was done to a row, as Realtime's own broadcasts of changes are called.
create table private.topic_events (
  prefix text not null references private.topics (prefix) on delete cascade,
  event text not null check (event ~ '^([a-z_-]+|INSERT|UPDATE|DELETE)$'),
  description text not null,
  primary key (prefix, event)
);

revoke all on table private.topic_events from public, anon, authenticated, service_role;
