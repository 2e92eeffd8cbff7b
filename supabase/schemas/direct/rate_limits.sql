insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('direct_open', 30, '10 minutes', 'Direct channels begun and people added to groups, per user: each shows up at somebody else''s'),
  ('direct_change', 60, '10 minutes', 'Direct groups renamed, left or made smaller, per user: each is told to all their members');
