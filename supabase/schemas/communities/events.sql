insert into private.topic_events (prefix, event, description) values
  ('community', 'channel_created', 'A channel came; ask list_channels whether you see it. Payload: community_id, channel_id'),
  ('community', 'member_joined', 'Payload: community_id, user_id'),
  ('community', 'member_left', 'Payload: community_id, user_id'),
  ('user', 'access_changed', 'You joined or left a community. Payload: community_id, kind ''joined'' or ''left''');
