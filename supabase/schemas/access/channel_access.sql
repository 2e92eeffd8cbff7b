-- channel_access: the answer. What each access class may do in each channel, resolved when facts change.
-- Gates and policies read this table; the rule itself is asked (rights_now) only while a temporary grant has ended and is
-- not swept yet, and for what is not stored: groups, invites' makers, previews and explanations.
create table private.channel_access (
  access_class_id uuid not null references private.access_classes (id) on delete cascade,
  channel_id uuid not null references public.channels (id) on delete cascade,
  permissions bigint not null,
  primary key (access_class_id, channel_id)
);

create index channel_access_channel_id on private.channel_access (channel_id);

revoke all on table private.channel_access from public, anon, authenticated, service_role;
