-- set_role_permissions: see update_role. Here a missing list is a mistake and not "as before".
create function private.set_role_permissions(p_role_id uuid, p_permissions text[])
returns public.described_role
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_permissions is null then
    perform private.require_user();
    perform private.fail(
      'invalid_argument', 'Name the permissions; an empty list takes all of them.', 422,
      pg_catalog.jsonb_build_object('field', 'p_permissions')
    );
  end if;
  return private.update_role(p_role_id, null, p_permissions, null);
end
$$;

revoke all on function private.set_role_permissions(uuid, text[]) from public, anon, authenticated, service_role;
grant execute on function private.set_role_permissions(uuid, text[]) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.set_role_permissions(p_role_id uuid, p_permissions text[])
returns public.described_role
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_role_permissions(p_role_id, p_permissions); $$;

comment on function public.set_role_permissions(uuid, text[]) is
$$Replaces the permissions of a role below the caller's own. Needs `manage_roles`, and each permission whose value changes.
@param p_permissions the whole new set: keys of permissions_catalog
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.set_role_permissions(uuid, text[]) from public, anon, authenticated, service_role;
grant execute on function public.set_role_permissions(uuid, text[]) to authenticated;
