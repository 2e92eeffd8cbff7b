create function private.my_profile()
returns public.profiles
language sql stable security definer set search_path = ''
as $$
  select p from public.profiles p where p.id = private.require_account();
$$;

revoke all on function private.my_profile() from public, anon, authenticated, service_role;
grant execute on function private.my_profile() to authenticated;

create function public.my_profile()
returns public.profiles
language sql stable security invoker set search_path = ''
as $$ select private.my_profile(); $$;

comment on function public.my_profile() is
$$Returns the caller's own profile.
@errors session_required$$;

revoke all on function public.my_profile() from public, anon, authenticated, service_role;
grant execute on function public.my_profile() to authenticated;
