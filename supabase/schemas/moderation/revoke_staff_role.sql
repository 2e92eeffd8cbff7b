-- revoke_staff_role: Gate: the secret key. What they had in hand is free again (see release_reports).
create function private.revoke_staff_role(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.platform_staff s where s.user_id = p_user_id;
  if not found then
    perform private.fail(
      'not_found', 'This user is not staff.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
end
$$;

revoke all on function private.revoke_staff_role(uuid) from public, anon, authenticated, service_role;
grant execute on function private.revoke_staff_role(uuid) to service_role;

create function public.revoke_staff_role(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.revoke_staff_role(p_user_id); $$;

comment on function public.revoke_staff_role(uuid) is
$$Ends a user's being platform staff, from this moment on. The reports they had in hand are free for others. Needs the secret key.
@errors not_found$$;

revoke all on function public.revoke_staff_role(uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_staff_role(uuid) to service_role;
