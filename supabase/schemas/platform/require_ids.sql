-- require_ids: the one rule for lists of ids from outside: no null, no id twice, at most 250. Returns the list.
create function private.require_ids(p_ids uuid[], p_field text)
returns uuid[]
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_ids is null
    or pg_catalog.array_ndims(p_ids) > 1
    or pg_catalog.cardinality(p_ids) > 250
    or pg_catalog.array_position(p_ids, null) is not null
    or (select pg_catalog.count(distinct i.id) from pg_catalog.unnest(p_ids) as i (id)) < pg_catalog.cardinality(p_ids)
  then
    perform private.fail(
      'invalid_argument', 'A list of ids has at most 250, none of them twice or missing.', 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  return p_ids;
end
$$;

revoke all on function private.require_ids(uuid[], text) from public, anon, authenticated, service_role;
