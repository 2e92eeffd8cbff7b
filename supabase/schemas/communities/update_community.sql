-- update_community: Gate: manage_community.
create function private.update_community(p_community_id uuid, p_name text)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_community public.communities;
  v_old_name text;
begin
  perform private.begin_change(p_community_id, 'manage_community');
  select c.name into v_old_name from public.communities c where c.id = p_community_id;
  update public.communities c set name = v_name where c.id = p_community_id returning c.* into v_community;
  if v_name = v_old_name then
    return v_community;
  end if;

  perform private.announce(p_community_id, 'community_updated');
  perform private.write_audit(
    p_community_id, 'community_updated', p_community_id::text,
    pg_catalog.jsonb_build_object('name', v_old_name), pg_catalog.jsonb_build_object('name', v_name)
  );
  return v_community;
end
$$;

revoke all on function private.update_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_community(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_community(p_community_id uuid, p_name text)
returns public.communities
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_community(p_community_id, p_name); $$;

comment on function public.update_community(uuid, text) is
$$Renames a community. Needs `manage_community`.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_community(uuid, text) to authenticated;
