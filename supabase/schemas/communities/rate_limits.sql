insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_create', 100, '1 day', 'Communities created, per user: each is some twenty rows and stays; a test that makes many passes'),
  ('membership_update', 30, '10 minutes', 'Changes to one''s own membership, per user: each is told to all members'),
  ('invite_create', 100, '1 hour', 'Invites created, per user: each may stay for ever, and a hundred are more than anybody hands out'),
  ('community_join', 10, '1 hour', 'Joins of one community, per community and user: each leave moves its topics'),
  ('community_join_total', 1000, '10 minutes', 'Joins of one community, per community: each is told to all its members. A raid with many accounts is slowed down, a launch is not'),
  ('invite_try', 60, '10 minutes', 'Invite codes tried, per user: somebody mistypes, a program guesses'),
  ('invite_try_address', 600, '10 minutes', 'Invite codes tried, per address: a school or an office shares one, and accounts are easily made');
