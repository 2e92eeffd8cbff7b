insert into private.topic_events (prefix, event, description) values
  ('channel', 'message_created', 'A message came. Payload: revision, kind ''created'', seq, message (its row)');
