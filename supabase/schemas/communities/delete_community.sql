-- delete_community: its last event goes out on the name everybody listens on; nobody can join any topic of it afterwards.
create function private.delete_community(p_community_id uuid, p_name text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_change(p_community_id);
  perform private.require_owner(p_community_id);
  if p_name is distinct from (select c.name from public.communities c where c.id = p_community_id) then
    perform private.fail(
      'invalid_argument', 'Type the community''s name as it is.', 422, pg_catalog.jsonb_build_object('field', 'p_name')
    );
  end if;

  perform private.announce(p_community_id, 'community_deleted');
  perform private.write_audit(
    p_community_id, 'community_deleted', p_community_id::text, pg_catalog.jsonb_build_object('name', p_name)
  );
  delete from public.communities c where c.id = p_community_id;
end
$$;

revoke all on function private.delete_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_community(uuid, text) to authenticated;

-- A community of 100,000 members has as many rows to go: no time for two seconds, and nothing comes back to filter.
create function public.delete_community(p_community_id uuid, p_name text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '60s'
as $$ select private.delete_community(p_community_id, p_name); $$;

comment on function public.delete_community(uuid, text) is
$$Deletes a community with everything in it, for good. Only the owner may. The audit log stays.
@param p_name the community's name, typed again
@errors session_required, not_found, role_hierarchy, invalid_argument, rate_limited$$;

revoke all on function public.delete_community(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_community(uuid, text) to authenticated;
