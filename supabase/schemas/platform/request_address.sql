-- request_address: where the request came from, for limits; null where nobody trustworthy says so.
-- On hosted projects every request passes Cloudflare, which sets cf-connecting-ip itself. The first entries of
-- x-forwarded-for are the caller's to choose; only the last one was added by the proxy in front of us.
create function private.request_address()
returns text
language sql stable security invoker set search_path = ''
as $$
  select pg_catalog.left(
    coalesce(
      private.request_header('cf-connecting-ip'),
      nullif(pg_catalog.btrim(pg_catalog.split_part(private.request_header('x-forwarded-for'), ',', -1)), '')
    ),
    64
  );
$$;

revoke all on function private.request_address() from public, anon, authenticated, service_role;
