-- Whoever has blocked somebody is not told of them; what the blocked person is told is the same as ever.
insert into private.topic_events (prefix, event, description) values
  ('user', 'friends_changed', 'Your friends or requests changed, by you or the other. Payload: user_id, kind ''requested'', ''accepted'', ''declined'' (by you), ''cancelled'' (the request is gone) or ''removed'', direction of the request ''incoming'' or ''outgoing'' (null: removed)'),
  ('user', 'blocks_changed', 'You have blocked or unblocked somebody; your lists show them no longer, or again. Payload: user_id, is_blocked'),
  ('user', 'preferences_changed', 'You have chosen something else. Payload: all preferences as they are now'),
  ('user', 'data_export_changed', 'The export that you asked for is there, or failed. Payload: state ''ready'' or ''failed'''),
  ('user', 'account_ended', 'You have ended your account, on this device or another: sign out. The last event on this topic');
