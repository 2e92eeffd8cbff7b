-- call_edge_function: calls one of the project's Edge Functions after this transaction's commit, without waiting for an answer,
-- which pg_net does for as long as p_timeout.
-- Where it is and what it knows the database by stand in Vault (guildhall_functions_url, guildhall_functions_secret); false
-- where they do not, and nothing is called. The secret is for this alone: pg_net's queue, in which it stands for a moment,
-- is readable for every role of the database, and no key of the project may be there.
-- For jobs, which run as the migration role: nobody else reads Vault.
create function private.call_edge_function(p_name text, p_timeout interval default '5 seconds')
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_url text := (select s.decrypted_secret from vault.decrypted_secrets s where s.name = 'guildhall_functions_url');
  v_secret text := (select s.decrypted_secret from vault.decrypted_secrets s where s.name = 'guildhall_functions_secret');
begin
  if coalesce(v_url, '') = '' or coalesce(v_secret, '') = '' then
    return false;
  end if;
  perform net.http_post(
    url => pg_catalog.rtrim(v_url, '/') || '/' || p_name,
    headers => pg_catalog.jsonb_build_object('Content-Type', 'application/json', 'x-guildhall-secret', v_secret),
    timeout_milliseconds => (extract(epoch from p_timeout) * 1000)::integer
  );
  return true;
end
$$;

revoke all on function private.call_edge_function(text, interval) from public, anon, authenticated, service_role;
