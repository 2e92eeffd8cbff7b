insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('message_send', 300, '5 minutes', 'Messages sent, per user');
