-- preferences: what somebody has chosen, or what holds without a choice.
create type public.preferences as (
  direct_from text
);

comment on type public.preferences is $$What the caller has chosen.
@not_null direct_from$$;
comment on column public.preferences.direct_from is $$Who may write to the caller directly: who shares a community, and friends; only friends; or nobody.
@type {'members' | 'friends' | 'nobody'}$$;

revoke all on type public.preferences from public, anon, authenticated, service_role;
grant usage on type public.preferences to authenticated;

create function private.my_preferences()
returns public.preferences
language plpgsql stable security definer set search_path = ''
as $$
begin
  return row(private.direct_from(private.require_account()))::public.preferences;
end
$$;

revoke all on function private.my_preferences() from public, anon, authenticated, service_role;
grant execute on function private.my_preferences() to authenticated;

create function public.my_preferences()
returns public.preferences
language sql stable security invoker set search_path = ''
as $$ select private.my_preferences(); $$;

comment on function public.my_preferences() is
$$Returns what the caller has chosen, or what holds without a choice.
@errors session_required$$;

revoke all on function public.my_preferences() from public, anon, authenticated, service_role;
grant execute on function public.my_preferences() to authenticated;
