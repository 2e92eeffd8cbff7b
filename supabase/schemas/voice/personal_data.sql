-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('private.voice_sessions', 'user_id', 'voice_sessions', '{device_id}', $$jsonb_build_object('channel_id', t.channel_id, 'device_id', t.device_id, 'joined_at', t.joined_at)$$),
  ('private.voice_mutes', 'user_id', 'voice_mutes', '{channel_id}', $$to_jsonb(t) - 'user_id'$$);
