-- private: implementation, counters, secrets and queues. Not among the Data API's exposed schemas.
-- Signed-in users need USAGE because the thin functions in public and the policies call into it as the caller;
-- what they may call is granted function by function, and no table in it is granted to anybody. Whoever has only the publishable
-- key needs it for record_calls and may call nothing else.
create schema private;

revoke all on schema private from public, anon, authenticated, service_role;
grant usage on schema private to anon, authenticated, service_role;
