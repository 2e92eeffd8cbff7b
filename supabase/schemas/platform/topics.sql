-- topics: the registry of Realtime topics by prefix. For each, which function answers "may the caller receive broadcasts
-- here", "may the caller send them", "may the caller be present". A null answers no.
-- The policies on realtime.messages are generated from these rows and from nothing else.
create table private.topics (
  prefix text primary key check (prefix ~ '^[a-z_]+$'),
  description text not null,
  receive text,
  send text,
  presence text
);

revoke all on table private.topics from public, anon, authenticated, service_role;
