-- message_mentions: who is mentioned where, one row per user or role (for everyone: the default role), so that a member's
-- unread mentions are a range of an index for each role held.
create table private.message_mentions (
  channel_id uuid not null,
  subject_id uuid not null,
  seq bigint not null,
  primary key (channel_id, subject_id, seq),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

create index message_mentions_seq on private.message_mentions (channel_id, seq);

revoke all on table private.message_mentions from public, anon, authenticated, service_role;
