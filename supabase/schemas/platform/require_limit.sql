-- require_limit: the one rule for the size of a page.
create function private.require_limit(p_limit integer, p_max integer)
returns integer
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_limit is null or p_limit not between 1 and p_max then
    perform private.fail(
      'invalid_argument', pg_catalog.format('A page has 1 to %s rows.', p_max), 422,
      pg_catalog.jsonb_build_object('field', 'p_limit', 'max', p_max)
    );
  end if;
  return p_limit;
end
$$;

revoke all on function private.require_limit(integer, integer) from public, anon, authenticated, service_role;
