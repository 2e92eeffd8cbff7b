-- request_address: where the request came from, for limits; null where nobody trustworthy says so.
-- On hosted projects every request passes Cloudflare, which sets cf-connecting-ip itself. The first entries of
-- x-forwarded-for are the caller's to choose; only the last one was added by the proxy in front of us.
-- Of an IPv6 address the first half: a household is given at least that network, and has all the addresses in it.
create function private.request_address()
returns text
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_given text := pg_catalog.left(
    coalesce(
      private.request_header('cf-connecting-ip'),
      nullif(pg_catalog.btrim(pg_catalog.split_part(private.request_header('x-forwarded-for'), ',', -1)), '')
    ),
    64
  );
  v_address inet;
begin
  if pg_catalog.strpos(v_given, ':') = 0 then
    return v_given;
  end if;
  v_address := v_given::inet;
  -- An IPv4 address may be written as one of these, and then is the last half of it.
  if v_address <<= '::ffff:0:0/96'::inet then
    return pg_catalog.host('0.0.0.0'::inet + (v_address - '::ffff:0:0'::inet));
  end if;
  return pg_catalog.text(pg_catalog.network(pg_catalog.set_masklen(v_address, 64)));
exception when data_exception then
  -- A proxy of one's own may write something else, with a port for instance.
  return v_given;
end
$$;

revoke all on function private.request_address() from public, anon, authenticated, service_role;
