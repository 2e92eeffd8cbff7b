-- require_overwrite_masks: the two lists of an overwrite as masks (allow, deny): keys that are asked in channels, none in both.
create function private.require_overwrite_masks(p_allow text[], p_deny text[])
returns bigint[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_allow bigint := private.require_permission_keys(p_allow, 'p_allow');
  v_deny bigint := private.require_permission_keys(p_deny, 'p_deny');
  v_elsewhere bigint := (
    select pg_catalog.bit_or(1::bigint << k.bit) from public.permissions_catalog k where k.scope = 'community'
  );
begin
  if v_allow is null or v_deny is null then
    perform private.fail(
      'invalid_argument', 'What is neither allowed nor denied is an empty list.', 422,
      pg_catalog.jsonb_build_object('field', case when v_allow is null then 'p_allow' else 'p_deny' end)
    );
  end if;
  if (v_allow | v_deny) & v_elsewhere <> 0 then
    perform private.fail(
      'invalid_argument', 'This permission is not asked in channels.', 422,
      pg_catalog.jsonb_build_object(
        'field', case when v_allow & v_elsewhere <> 0 then 'p_allow' else 'p_deny' end,
        'permission', (private.permission_keys((v_allow | v_deny) & v_elsewhere))[1]
      )
    );
  end if;
  if v_allow & v_deny <> 0 then
    perform private.fail(
      'invalid_argument', 'A permission is allowed or denied, not both.', 422,
      pg_catalog.jsonb_build_object('field', 'p_deny', 'permission', (private.permission_keys(v_allow & v_deny))[1])
    );
  end if;
  return array[v_allow, v_deny];
end
$$;

revoke all on function private.require_overwrite_masks(text[], text[]) from public, anon, authenticated, service_role;
