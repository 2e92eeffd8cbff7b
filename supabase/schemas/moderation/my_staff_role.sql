-- my_staff_role: about the caller only.
create function private.my_staff_role()
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  return (select s.role from private.platform_staff s where s.user_id = v_user_id);
end
$$;

revoke all on function private.my_staff_role() from public, anon, authenticated, service_role;
grant execute on function private.my_staff_role() to authenticated;

create function public.my_staff_role()
returns text
language sql stable security invoker set search_path = ''
as $$ select private.my_staff_role(); $$;

comment on function public.my_staff_role() is
$$Says whether the caller is platform staff, and as what: what to show, not what is allowed, which every function asks for itself.
@errors session_required
@returns {'reviewer' | 'admin' | null}$$;

revoke all on function public.my_staff_role() from public, anon, authenticated, service_role;
grant execute on function public.my_staff_role() to authenticated;
