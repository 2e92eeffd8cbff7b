-- require_direct_recipient: the one rule for whom the caller may begin to write to. Whoever shares nothing with the caller is told
-- apart from nobody; whoever has blocked the caller is treated as if they had not.
create function private.require_direct_recipient(p_user_id uuid, p_field text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := (select auth.uid());
begin
  if p_user_id = v_caller_id then
    perform private.fail(
      'invalid_argument', 'Name somebody else.', 422, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  if private.has_blocked(v_caller_id, p_user_id) then
    perform private.fail(
      'blocked', 'You have blocked this person: unblock them first.', 403, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  if not (private.are_friends(v_caller_id, p_user_id) or private.shares_community(v_caller_id, p_user_id)) then
    perform private.fail('not_found', 'There is no such person.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
  if not private.may_write_directly(v_caller_id, p_user_id) then
    perform private.fail(
      'missing_permission', 'This person does not take direct messages of you.', 403,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  -- Both accounts stay until the commit, or one has ended while the other's change was waited for.
  perform from public.profiles p where p.id in (v_caller_id, p_user_id) order by p.id for key share;
  perform private.require_account();
  if not exists (select from public.profiles p where p.id = p_user_id) then
    perform private.fail('not_found', 'There is no such person.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
end
$$;

revoke all on function private.require_direct_recipient(uuid, text) from public, anon, authenticated, service_role;
