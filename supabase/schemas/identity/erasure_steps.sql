-- erasure_steps: what is still to be done before an account is gone, in this order, and takes too long to be done at once. Each step is a
-- function of the private schema, (p_user_id uuid, p_batch integer) returns integer: it sees to at most p_batch rows, tells those whom it
-- concerns, and returns how many they were; 0: nothing is left.
create table private.erasure_steps (
  name text primary key check (name ~ '^[a-z_]+$'),
  place integer not null unique
);

revoke all on table private.erasure_steps from public, anon, authenticated, service_role;
