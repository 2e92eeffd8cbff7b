-- require_permission_keys: the one rule for lists of permissions from outside: known keys, none twice, none missing.
-- Returns the mask. Null where the list is null: what that means is the caller's to say.
create function private.require_permission_keys(p_keys text[], p_field text)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_unknown text;
begin
  if p_keys is null then
    return null;
  end if;
  if pg_catalog.array_ndims(p_keys) > 1
    or pg_catalog.cardinality(p_keys) > 64
    or (select pg_catalog.count(distinct k.key) from pg_catalog.unnest(p_keys) as k (key)) < pg_catalog.cardinality(p_keys)
  then
    perform private.fail(
      'invalid_argument', 'A list of permissions names each at most once.', 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  select k.key into v_unknown
  from pg_catalog.unnest(p_keys) as k (key)
  where not exists (select from public.permissions_catalog c where c.key = k.key)
  limit 1;
  if found then
    perform private.fail(
      'invalid_argument', 'There is no such permission.', 422,
      pg_catalog.jsonb_build_object('field', p_field, 'permission', pg_catalog.left(v_unknown, 64))
    );
  end if;
  return private.permission_mask(variadic p_keys);
end
$$;

revoke all on function private.require_permission_keys(text[], text) from public, anon, authenticated, service_role;
