insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('message_send', 300, '5 minutes', 'Messages sent, per user'),
  ('attachment_send', 200, '1 hour', 'Files sent with messages, per user'),
  ('message_edit', 120, '5 minutes', 'Messages edited, per user'),
  ('message_delete', 120, '5 minutes', 'Calls that delete messages, per user'),
  ('message_pin', 60, '10 minutes', 'Messages pinned or unpinned, per user'),
  ('reaction', 300, '5 minutes', 'Reactions added, removed or cleared, per user'),
  ('link_preview', 60, '10 minutes', 'Links that are looked at, per user; what is above has no preview'),
  ('thread_create', 20, '10 minutes', 'Threads opened, per user'),
  ('thread_change', 60, '10 minutes', 'Changes of threads and of who follows them, per user'),
  ('typing', 60, '5 minutes', 'Times somebody is told to be writing, per user'),
  ('message_search', 60, '1 minute', 'Searches of messages, per user'),
  ('mark_read', 600, '5 minutes', 'Channels marked as read, per user');
