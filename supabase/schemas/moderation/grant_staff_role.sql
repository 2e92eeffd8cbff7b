-- grant_staff_role: Gate: the secret key.
create function private.grant_staff_role(p_user_id uuid, p_role text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_role is null or p_role not in ('reviewer', 'admin') then
    perform private.fail(
      'invalid_argument', 'Staff are reviewer or admin.', 422, pg_catalog.jsonb_build_object('field', 'p_role')
    );
  end if;
  perform from public.profiles p where p.id = p_user_id for key share;
  if not found then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;

  insert into private.platform_staff (user_id, role) values (p_user_id, p_role)
  on conflict (user_id) do update set role = excluded.role;
end
$$;

revoke all on function private.grant_staff_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.grant_staff_role(uuid, text) to service_role;

create function public.grant_staff_role(p_user_id uuid, p_role text)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.grant_staff_role(p_user_id, p_role); $$;

comment on function public.grant_staff_role(uuid, text) is
$$Makes a user platform staff, or gives them the other role. Needs the secret key.
@param p_role {'reviewer' | 'admin'} reviewers work on reports; admins also see who made them, hand them to others and open them again
@errors not_found, invalid_argument
@idempotent$$;

revoke all on function public.grant_staff_role(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.grant_staff_role(uuid, text) to service_role;
