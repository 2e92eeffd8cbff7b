insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('community_change', 1000, '10 minutes', 'Changes to communities'' structure and members, per user: a bulk edit passes, a runaway script does not');
