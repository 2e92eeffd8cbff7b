-- invite_code: 16 characters of 32 (no i, l, o, u: nothing to misread), 80 random bits.
-- uuid_send(gen_random_uuid()) has fixed bits in bytes 6 and 8, so two uuids give bytes 0 to 4 each.
create function private.invite_code()
returns text
language sql volatile security invoker set search_path = ''
as $$
  with random as (
    select
      pg_catalog.substring(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 1, 5)
        || pg_catalog.substring(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 1, 5) as bytes
  )
  select pg_catalog.string_agg(
    pg_catalog.substr(
      '0123456789abcdefghjkmnpqrstvwxyz',
      1 + (
        (pg_catalog.get_bit(r.bytes, i * 5) << 4) | (pg_catalog.get_bit(r.bytes, i * 5 + 1) << 3)
        | (pg_catalog.get_bit(r.bytes, i * 5 + 2) << 2) | (pg_catalog.get_bit(r.bytes, i * 5 + 3) << 1)
        | pg_catalog.get_bit(r.bytes, i * 5 + 4)
      ),
      1
    ),
    ''
  )
  from random r, pg_catalog.generate_series(0, 15) as i;
$$;

revoke all on function private.invite_code() from public, anon, authenticated, service_role;
