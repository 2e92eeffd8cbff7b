-- require_user: the caller's id, from the verified token and from nowhere else.
create function private.require_user()
returns uuid
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  if v_user_id is null then
    perform private.fail('session_required', 'Sign in first.', 401);
  end if;
  return v_user_id;
end
$$;

revoke all on function private.require_user() from public, anon, authenticated, service_role;
