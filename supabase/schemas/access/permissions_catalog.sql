-- permissions_catalog: every permission by name and bit. Adding one is one row; a bit is never used again
-- (see resolve_new_permissions). What it needs besides itself stands in the rule (rights_in and sdk/src/access), and what
-- everybody holds in a new community in create_community.
-- Masks stay inside the database: clients read and write names.
create table public.permissions_catalog (
  key text primary key check (key ~ '^[a-z_]+$'),
  bit smallint not null unique check (bit between 0 and 52),
  scope text not null check (scope in ('community', 'channel', 'voice')),
  description text not null
);

comment on table public.permissions_catalog is 'Every permission there is.';
comment on column public.permissions_catalog.bit is 'Place in the stored mask.';
comment on column public.permissions_catalog.scope is 'Where it is asked: in the community as a whole, in any channel, or in voice channels only.';

alter table public.permissions_catalog enable row level security;

create policy permissions_catalog_select on public.permissions_catalog
for select to authenticated using (true);

revoke all on table public.permissions_catalog from public, anon, authenticated, service_role;
grant select on table public.permissions_catalog to authenticated;

insert into public.permissions_catalog (bit, key, scope, description) values
  (0, 'view_channel', 'channel', 'See that the channel exists'),
  (1, 'read_history', 'channel', 'Receive messages and read those sent before'),
  (2, 'send_messages', 'channel', 'Send messages'),
  (3, 'send_in_threads', 'channel', 'Send messages in threads'),
  (4, 'create_threads', 'channel', 'Open threads'),
  (5, 'manage_threads', 'channel', 'Change and close threads, see private ones'),
  (6, 'attach_files', 'channel', 'Attach files to messages'),
  (7, 'embed_links', 'channel', 'Have links shown with a preview'),
  (8, 'add_reactions', 'channel', 'Add reactions to messages'),
  (9, 'mention_everyone', 'channel', 'Mention everyone or any role'),
  (10, 'pin_messages', 'channel', 'Pin messages'),
  (11, 'manage_messages', 'channel', 'Delete messages of others'),
  (12, 'bypass_slow_mode', 'channel', 'Send without waiting in slow mode'),
  (13, 'create_invite', 'community', 'Create invites'),
  (14, 'manage_invites', 'community', 'See and revoke invites of others'),
  (15, 'manage_channels', 'channel', 'Create, change and delete channels'),
  (16, 'manage_roles', 'channel', 'Create, change and grant lower roles; change overwrites'),
  (17, 'manage_community', 'community', 'Change the community''s name and settings'),
  (18, 'kick_members', 'community', 'Remove lower members'),
  (19, 'ban_members', 'community', 'Ban lower members'),
  (20, 'timeout_members', 'community', 'Time out lower members'),
  (21, 'manage_reports', 'community', 'Work on reports'),
  (22, 'view_audit_log', 'community', 'Read the audit log'),
  (23, 'connect', 'voice', 'Join voice'),
  (24, 'speak', 'voice', 'Speak in voice'),
  (25, 'stream', 'voice', 'Share video or screen in voice'),
  (26, 'mute_members', 'voice', 'Mute members in voice'),
  (27, 'move_members', 'voice', 'Move members between voice channels'),
  (28, 'host_matches', 'channel', 'Host ranked match rooms'),
  (29, 'manage_webhooks', 'channel', 'Create, change and delete webhooks'),
  (30, 'administrator', 'community', 'Everything, whatever overwrites say');
