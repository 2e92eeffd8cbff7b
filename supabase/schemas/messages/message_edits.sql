-- message_edits: what a message said before it was edited. It goes with the message.
create table private.message_edits (
  channel_id uuid not null,
  seq bigint not null,
  revision bigint not null,
  body text not null,
  edited_at timestamptz not null,
  primary key (channel_id, seq, revision),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

comment on column private.message_edits.revision is 'The message''s revision while it said this.';
comment on column private.message_edits.edited_at is 'When it said this no longer.';

revoke all on table private.message_edits from public, anon, authenticated, service_role;
