-- personal_data: every column of the database that says whose something is, and what an export has of it. A table that is added later has
-- its line here from its first day: a test looks for columns that have none.
-- section, key and item: how it is exported, a row at a time in the order of key; item is an expression over the row, t. What it names
-- of others are ids. Or reason: why it is not.
create table private.personal_data (
  relation text not null,
  user_column text not null,
  section text unique check (section ~ '^[a-z_]+$'),
  key text[],
  item text,
  reason text,
  primary key (relation, user_column),
  check (pg_catalog.num_nulls(section, key, item) in (0, 3)),
  check ((section is null) <> (reason is null))
);

revoke all on table private.personal_data from public, anon, authenticated, service_role;

insert into private.personal_data (relation, user_column, section, key, item) values
  ('auth.users', 'id', 'account', '{id}', $$jsonb_build_object('id', t.id, 'email', t.email, 'phone', t.phone, 'metadata', t.raw_user_meta_data::jsonb, 'created_at', t.created_at, 'last_sign_in_at', t.last_sign_in_at)$$),
  ('public.profiles', 'id', 'profile', '{id}', $$to_jsonb(t)$$),
  ('private.preferences', 'user_id', 'preferences', '{user_id}', $$to_jsonb(t) - 'user_id'$$),
  ('private.friendships', 'user_id', 'friends', '{friend_id}', $$jsonb_build_object('user_id', t.friend_id, 'since', t.created_at)$$),
  ('private.friend_requests', 'from_id', 'friend_requests_sent', '{to_id}', $$jsonb_build_object('user_id', t.to_id, 'created_at', t.created_at)$$),
  ('private.friend_requests', 'to_id', 'friend_requests_received', '{from_id}', $$jsonb_build_object('user_id', t.from_id, 'created_at', t.created_at)$$),
  ('private.blocks', 'blocker_id', 'blocks', '{blocked_id}', $$jsonb_build_object('user_id', t.blocked_id, 'created_at', t.created_at)$$),
  ('private.external_identities', 'user_id', 'external_identities', '{provider}', $$jsonb_build_object('provider', t.provider, 'external_id', t.external_id, 'linked_at', t.linked_at)$$);

insert into private.personal_data (relation, user_column, reason) values
  ('private.friendships', 'friend_id', 'The same friendship has a row of one''s own'),
  ('private.blocks', 'blocked_id', 'A block is its owner''s secret'),
  ('private.former_external_identities', 'user_id', 'Forgotten after four days; there so that nobody hears another''s chat'),
  ('private.account_endings', 'user_id', 'Whoever ends an account exports nothing any more'),
  ('private.data_exports', 'user_id', 'About the export itself; my_data_export shows it');
