-- link_preview_requests: the messages whose link has yet to be looked at, one row for each. Whoever claims one has it to
-- itself until claimable_at; who crashes loses it to the next, three times in all. A row goes with its message, when the
-- link is looked at, when an edit takes the link away, and after a day in which nobody came.
create table private.link_preview_requests (
  channel_id uuid not null,
  seq bigint not null,
  url text not null check (pg_catalog.char_length(url) <= 2048),
  tries smallint not null default 0,
  claimable_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

create index link_preview_requests_claimable_at on private.link_preview_requests (claimable_at);

revoke all on table private.link_preview_requests from public, anon, authenticated, service_role;
