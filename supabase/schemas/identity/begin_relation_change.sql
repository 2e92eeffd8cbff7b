-- begin_relation_change: how everything begins that changes what stands between the caller and another user (p_other_id). Charges
-- the limit, locks the two profiles in the order of ids, and returns the caller.
-- The lock is what the limits on numbers and "no event after a block" rely on: the two do one thing at a time. It also keeps
-- both accounts until the commit: an account that ends deletes its profile first and what hangs on it afterwards.
create function private.begin_relation_change(p_other_id uuid, p_limit_key text, p_field text default 'p_user_id')
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  if p_other_id = v_user_id then
    perform private.fail(
      'invalid_argument', 'This is yourself.', 422, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  perform private.take_token(p_limit_key, v_user_id::text);

  perform from public.profiles p where p.id in (v_user_id, p_other_id) order by p.id for no key update;
  -- Only now: either account may have ended while the other's change was waited for.
  perform private.require_account();
  if p_other_id is null or private.is_ending(p_other_id) or not exists (select from public.profiles p where p.id = p_other_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
  return v_user_id;
end
$$;

revoke all on function private.begin_relation_change(uuid, text, text) from public, anon, authenticated, service_role;
