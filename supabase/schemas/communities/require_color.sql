-- require_color: the one rule for colours: 0xRRGGBB, 0 for none.
create function private.require_color(p_color integer)
returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_color not between 0 and 16777215 then
    perform private.fail(
      'invalid_argument', 'A colour is a number from 0 to 0xFFFFFF.', 422,
      pg_catalog.jsonb_build_object('field', 'p_color')
    );
  end if;
end
$$;

revoke all on function private.require_color(integer) from public, anon, authenticated, service_role;
