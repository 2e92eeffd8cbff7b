-- recorded_operations: what is recorded beside the functions of the API, and how much of each is to succeed. A function of the API
-- needs no row; it has 99.9 % then.
-- objective: of 100 calls, how many must not fail by our fault. An operator may change a row or add one.
create table private.recorded_operations (
  name text primary key check (name ~ '^[a-z][a-z0-9_.]{0,62}$'),
  objective numeric not null default 99.9 check (objective > 0 and objective < 100),
  description text not null
);

revoke all on table private.recorded_operations from public, anon, authenticated, service_role;

insert into private.recorded_operations (name, description) values
  ('auth.sign_up', 'An account is made'),
  ('auth.sign_in', 'Signing in, by whatever means'),
  ('auth.refresh', 'A session is continued'),
  ('auth.sign_out', 'A session is ended'),
  ('gateway.auth_token', 'GET /auth/token'),
  ('gateway.config_supabase', 'GET /config/supabase'),
  ('gateway.chat_threads_ensure', 'POST /chat/threads/ensure'),
  ('gateway.chat_send', 'POST /chat/send'),
  ('gateway.chat_history', 'GET /chat/history'),
  ('gateway.other', 'Whatever else the gateway is asked for'),
  ('unknown', 'Records that could not be kept: a name that the database does not know, a value out of its bounds');
