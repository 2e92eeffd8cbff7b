insert into private.topic_events (prefix, event, description) values
  ('user', 'direct_message', 'Somebody wrote in a direct channel of yours. Payload: channel_id, seq, author_id'),
  ('user', 'direct_changed', 'A direct channel of yours is new, is named otherwise, has other members, or is yours no longer. Payload: channel_id');
