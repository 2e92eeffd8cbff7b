-- hidden_messages: what bans have hidden, as a predicate: no message is written, however many there are. One row per ban
-- that asked for it; it stays when the ban ends, because spam does not come back with its sender.
create table private.hidden_messages (
  community_id uuid not null references public.communities (id) on delete cascade,
  author_id uuid not null references public.profiles (id) on delete cascade,
  since timestamptz not null,
  until timestamptz not null,
  primary key (community_id, author_id, until)
);

create index hidden_messages_author_id on private.hidden_messages (author_id);
create index hidden_messages_until on private.hidden_messages (community_id, until);

revoke all on table private.hidden_messages from public, anon, authenticated, service_role;
