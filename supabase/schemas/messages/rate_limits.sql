insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('message_send', 300, '5 minutes', 'Messages sent, per user: one a second without a pause is more than anybody types, and a bot that answers passes'),
  ('attachment_send', 200, '1 hour', 'Files sent with messages, per user: an album or two at once; each stays in Storage'),
  ('message_edit', 120, '5 minutes', 'Messages edited, per user: each keeps what was there before'),
  ('message_delete', 120, '5 minutes', 'Calls that delete messages, per user: a channel is tidied a hundred at a time'),
  ('message_pin', 60, '10 minutes', 'Messages pinned or unpinned, per user: each is a message of its own, and a channel has 50 pins'),
  ('reaction', 300, '5 minutes', 'Reactions added, removed or cleared, per user: a click each, sent to all who have the channel open'),
  ('link_preview', 60, '10 minutes', 'Links that are looked at, per user: each makes the server fetch a page; what is above has no preview'),
  ('thread_create', 20, '10 minutes', 'Threads opened, per user: each is announced in its channel and takes one of its places'),
  ('thread_change', 60, '10 minutes', 'Changes of threads and of who follows them, per user: some are told to the whole channel'),
  ('typing', 60, '5 minutes', 'Times somebody is told to be writing, per user: one in five seconds keeps the sign up'),
  ('message_search', 60, '1 minute', 'Searches of messages, per user: the dearest of what is read'),
  ('mark_read', 600, '5 minutes', 'Channels marked as read, per user: scrolling through all channels passes; each is told to one''s other devices');
