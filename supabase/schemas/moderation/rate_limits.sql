insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('report', 20, '1 hour', 'Reports made, per user: each keeps a copy of what it is about'),
  ('report_change', 300, '10 minutes', 'Steps in working on reports, per member of staff: a queue is worked off without a pause, a slip of a program is not');
