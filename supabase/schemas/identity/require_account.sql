-- require_account: require_user for functions that write the caller's id where no membership was asked for first.
-- A token outlives its account by up to an hour; whoever holds one has nothing to sign in to. Nor has who has ended the account, while what
-- it wrote is still being seen to.
create function private.require_account()
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  if not exists (select from public.profiles p where p.id = v_user_id) or private.is_ending(v_user_id) then
    perform private.fail('session_required', 'This account is gone.', 401);
  end if;
  return v_user_id;
end
$$;

revoke all on function private.require_account() from public, anon, authenticated, service_role;
