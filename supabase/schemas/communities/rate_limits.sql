insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_create', 100, '1 day', 'Communities created, per user'),
  ('membership_update', 30, '10 minutes', 'Changes to one''s own membership, per user: each is told to all members'),
  ('invite_create', 100, '1 hour', 'Invites created, per user'),
  ('community_join', 10, '1 hour', 'Joins of one community, per community and user: each leave moves its topics'),
  ('invite_try', 60, '10 minutes', 'Invite codes tried, per user'),
  ('invite_try_address', 600, '10 minutes', 'Invite codes tried, per address: a school or an office shares one');
