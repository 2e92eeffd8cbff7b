-- Every change of a message carries revision, kind, seq and message: its row as everybody sees it, null where it is gone.
insert into private.topic_events (prefix, event, description) values
  ('channel', 'message_created', 'A message came'),
  ('channel', 'message_edited', 'A message says something else'),
  ('channel', 'message_deleted', 'Messages are gone. Payload also: seqs, all their numbers'),
  ('channel', 'message_anonymised', 'Their author''s account has ended: author_id, author_name and client_nonce of these are null. Payload: revision, kind, seq, seqs (all their numbers), and no message'),
  ('channel', 'message_reacted', 'Its reactions changed. Payload also, where it was one: reaction (emoji, user_id, is_added)'),
  ('channel', 'message_pinned', 'A message was pinned'),
  ('channel', 'message_unpinned', 'A message is pinned no longer'),
  ('channel', 'message_previewed', 'What its link leads to is shown with it'),
  ('channel', 'message_threaded', 'The thread that hangs on a message began, changed or is gone'),
  ('channel', 'thread_updated', 'On a thread''s own topic: it was renamed, locked, archived, or opened again. Payload: thread_id'),
  ('channel', 'thread_deleted', 'On a thread''s own topic, its last event. Payload: thread_id'),
  ('channel', 'moved', 'Last event on this name of a private thread or a direct group: somebody is its member no longer. Payload: thread_id or channel_id'),
  ('channel', 'typing', 'Somebody is writing. Payload: user_id'),
  ('activity', 'channel_activity', 'Something is new, told once in 5 seconds. Payload: community_id, channels (channel_id, parent_id, last_seq)'),
  ('user', 'thread_activity', 'Something is new in private threads of yours, told once in 5 seconds. Payload: community_id, channels (channel_id, parent_id, last_seq)'),
  ('user', 'thread_membership', 'You follow a thread, or do not any more. Payload: channel_id, thread_id, is_member'),
  ('user', 'channel_read', 'You have read a channel, on this device or another. Payload: channel_id, last_read_seq');
