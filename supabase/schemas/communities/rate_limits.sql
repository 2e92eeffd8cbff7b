insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_create', 100, '1 day', 'Communities created, per user'),
  ('channel_create', 500, '1 hour', 'Channels and groups created, per user'),
  ('invite_create', 100, '1 hour', 'Invites created, per user'),
  ('community_join', 10, '1 hour', 'Joins of one community, per community and user: each leave moves its topics'),
  ('invite_redeem', 60, '10 minutes', 'Invites redeemed, per user');
