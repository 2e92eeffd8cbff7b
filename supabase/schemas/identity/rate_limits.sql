insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('friend_request', 30, '1 hour', 'Friends asked for, per user: each is shown to somebody who may not know the caller'),
  ('friend_change', 120, '10 minutes', 'Friend requests answered or taken back and friends removed, per user: a long list can be tidied at one go'),
  ('block_change', 120, '10 minutes', 'People blocked or unblocked, per user: whoever is set upon by many can block them all'),
  ('preferences_change', 60, '10 minutes', 'Changes to one''s own preferences, per user: each is told to one''s other devices'),
  ('data_export', 2, '1 day', 'Exports of all one''s data, per user: each reads everything that somebody ever wrote'),
  ('account_delete', 5, '1 day', 'Accounts ended, per user: done once, and each try takes the locks of all the caller''s communities');
