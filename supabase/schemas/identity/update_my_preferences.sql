-- update_my_preferences: Limits: preferences_change per user.
create function private.update_my_preferences(p_direct_from text)
returns public.preferences
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_preferences public.preferences;
begin
  if p_direct_from not in ('members', 'friends', 'nobody') then
    perform private.fail(
      'invalid_argument', 'Members, friends or nobody may write to you.', 422,
      pg_catalog.jsonb_build_object('field', 'p_direct_from')
    );
  end if;
  perform private.take_token('preferences_change', v_user_id::text);
  -- The account stays until the commit, or has ended while the limit was waited for.
  perform from public.profiles p where p.id = v_user_id for key share;
  perform private.require_account();

  insert into private.preferences as c (user_id, direct_from)
  select v_user_id, p_direct_from
  where p_direct_from is not null
  on conflict (user_id) do update set direct_from = excluded.direct_from
  where c.direct_from <> excluded.direct_from;
  v_preferences := private.my_preferences();
  if found then
    perform private.broadcast('user:' || v_user_id, 'preferences_changed', pg_catalog.to_jsonb(v_preferences));
  end if;
  return v_preferences;
end
$$;

revoke all on function private.update_my_preferences(text) from public, anon, authenticated, service_role;
grant execute on function private.update_my_preferences(text) to authenticated;

create function public.update_my_preferences(p_direct_from text default null)
returns public.preferences
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_my_preferences(p_direct_from); $$;

comment on function public.update_my_preferences(text) is
$$Changes what the caller has chosen, and returns all of it. What is left out stays.
@param p_direct_from {'members' | 'friends' | 'nobody' | null} who may write to the caller directly
@errors session_required, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.update_my_preferences(text) from public, anon, authenticated, service_role;
grant execute on function public.update_my_preferences(text) to authenticated;
