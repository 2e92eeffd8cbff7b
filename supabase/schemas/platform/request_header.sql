-- request_header: a header of the Data API's request; null outside of one. p_name in lower case.
create function private.request_header(p_name text)
returns text
language sql stable security invoker set search_path = ''
as $$
  select nullif(pg_catalog.current_setting('request.headers', true), '')::json ->> p_name;
$$;

revoke all on function private.request_header(text) from public, anon, authenticated, service_role;
