-- require_staff: the gate of what staff do that is about no single report. Returns the caller's role. Admins may all that reviewers may.
create function private.require_staff(p_role text default 'reviewer')
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_role text := (select s.role from private.platform_staff s where s.user_id = v_user_id);
begin
  if v_role is null or v_role not in (p_role, 'admin') then
    perform private.fail(
      'missing_permission', 'This is for platform staff.', 403,
      pg_catalog.jsonb_build_object('permission', pg_catalog.format('platform_%s', p_role))
    );
  end if;
  return v_role;
end
$$;

revoke all on function private.require_staff(text) from public, anon, authenticated, service_role;
