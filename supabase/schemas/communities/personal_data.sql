-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('public.invites', 'creator_id', 'invites', '{community_id,code}', $$to_jsonb(t) - 'creator_id'$$),
  ('public.bans', 'user_id', 'bans', '{community_id}', $$jsonb_build_object('community_id', t.community_id, 'expires_at', t.expires_at, 'created_at', t.created_at)$$),
  ('private.hidden_messages', 'author_id', 'messages_hidden', '{community_id,until}', $$to_jsonb(t) - 'author_id'$$);

insert into private.personal_data (relation, user_column, reason) values
  ('public.bans', 'actor_id', 'About somebody else'),
  ('public.audit_log', 'actor_id', 'The community''s log, for who may read it');
