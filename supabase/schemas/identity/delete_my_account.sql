-- delete_my_account: Gate: an account, and a recent sign-in. Limits: account_delete per user.
-- What other domains take away at once they take by triggers on account_endings, the first of which takes all locks. Who waits for one of
-- them makes whoever is in the communities that are held already wait, too. So it waits for a moment only, and a try that was in vain is
-- answered and not raised, so that it stays charged (see refusal).
create function private.delete_my_account(p_messages text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  if p_messages is null or p_messages not in ('anonymise', 'remove') then
    perform private.fail(
      'invalid_argument', 'Say what becomes of the messages: anonymise or remove.', 422,
      pg_catalog.jsonb_build_object('field', 'p_messages')
    );
  end if;
  perform private.require_recent_sign_in();
  perform private.take_token('account_delete', v_user_id::text);

  begin
    insert into private.account_endings (user_id, messages) values (v_user_id, p_messages);
  exception when lock_not_available then
    return private.refusal('conflict', 'Too much is going on where you are a member: try again.', 409);
  end;
  perform private.broadcast('user:' || v_user_id, 'account_ended', '{}');
  return null;
end
$$;

revoke all on function private.delete_my_account(text) from public, anon, authenticated, service_role;
grant execute on function private.delete_my_account(text) to authenticated;

create function public.delete_my_account(p_messages text)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s' set lock_timeout = '200ms'
as $$ select private.delete_my_account(p_messages); $$;

comment on function public.delete_my_account(text) is
$$Ends the caller's account, for good: memberships, friendships, blocks and requests are gone when this returns, and no function takes the
caller's tokens any more (`session_required`). The messages follow in batches, and with the last of them the account itself. Asks for a session that
began within the last ten minutes, so sign in again right before (`recent_sign_in_required`, with `max_age` in seconds). Communities that
the caller owns must be handed over or deleted before (`conflict`, with `communities`, the ids of up to 20, and their `count`); direct
groups pass to who has been there longest. Where so much is going on that there is no moment for it: `conflict`, too; try again then.
@param p_messages {'anonymise' | 'remove'} `anonymise`: they stay, without author and name; `remove`: they go with their files
@errors session_required, invalid_argument, recent_sign_in_required, conflict, rate_limited
@returns {null} nothing$$;

revoke all on function public.delete_my_account(text) from public, anon, authenticated, service_role;
grant execute on function public.delete_my_account(text) to authenticated;
