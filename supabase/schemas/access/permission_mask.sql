-- permission_mask: the mask of a set of keys. An unknown key is refused, never ignored.
create function private.permission_mask(variadic p_keys text[])
returns bigint
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_mask bigint;
  v_unknown text;
begin
  -- Nearly every gate asks for one.
  if pg_catalog.cardinality(p_keys) = 1 then
    select 1::bigint << c.bit into v_mask from public.permissions_catalog c where c.key = p_keys [1];
    if found then
      return v_mask;
    end if;
  end if;

  select coalesce(pg_catalog.bit_or(1::bigint << c.bit), 0), pg_catalog.min(k.key) filter (where c.key is null)
  into v_mask, v_unknown
  from pg_catalog.unnest(p_keys) as k (key)
  left join public.permissions_catalog c on c.key = k.key;

  if v_unknown is not null or pg_catalog.array_position(p_keys, null) is not null then
    -- Who asks for a list says its field itself: see require_permission_keys.
    perform private.fail(
      'invalid_argument', 'There is no such permission.', 422,
      pg_catalog.jsonb_build_object('field', 'p_permission', 'permission', pg_catalog.left(v_unknown, 64))
    );
  end if;
  return v_mask;
end
$$;

revoke all on function private.permission_mask(text[]) from public, anon, authenticated, service_role;
