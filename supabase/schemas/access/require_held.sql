-- require_held: one gives, takes and denies only what one holds. p_changed is every bit whose value changes.
create function private.require_held(p_held bigint, p_changed bigint)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_changed & ~p_held <> 0 then
    perform private.fail(
      'missing_permission', 'You can change only permissions that you hold yourself.', 403,
      pg_catalog.jsonb_build_object('permission', (private.permission_keys(p_changed & ~p_held))[1])
    );
  end if;
end
$$;

revoke all on function private.require_held(bigint, bigint) from public, anon, authenticated, service_role;
