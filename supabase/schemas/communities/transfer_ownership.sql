-- transfer_ownership: the owner is one column of one row, changed under the community's lock: there is always exactly one.
create function private.transfer_ownership(p_community_id uuid, p_new_owner_id uuid)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_community public.communities;
  v_lost uuid[];
begin
  perform private.begin_change(p_community_id);
  perform private.require_owner(p_community_id);
  if p_new_owner_id = v_user_id then
    perform private.fail(
      'invalid_argument', 'You own this community already.', 422,
      pg_catalog.jsonb_build_object('field', 'p_new_owner_id')
    );
  end if;
  if private.member_rank(p_community_id, p_new_owner_id) is null then
    perform private.fail(
      'not_found', 'There is no such member.', 404, pg_catalog.jsonb_build_object('field', 'p_new_owner_id')
    );
  end if;

  update public.communities c set owner_id = p_new_owner_id where c.id = p_community_id;
  -- Resolved anew as well: who has personal overwrites keeps the class, as an owner and as none.
  v_lost := private.assign_access_classes(p_community_id, array[v_user_id, p_new_owner_id])
    || private.resolve_access(p_community_id);
  perform private.announce(p_community_id, 'community_updated', '{}', v_lost);
  perform private.notify_access_changed(v_user_id, p_community_id, 'owner');
  perform private.notify_access_changed(p_new_owner_id, p_community_id, 'owner');
  perform private.write_audit(
    p_community_id, 'ownership_transferred', p_new_owner_id::text,
    pg_catalog.jsonb_build_object('owner_id', v_user_id), pg_catalog.jsonb_build_object('owner_id', p_new_owner_id)
  );
  select c.* into v_community from public.communities c where c.id = p_community_id;
  return v_community;
end
$$;

revoke all on function private.transfer_ownership(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.transfer_ownership(uuid, uuid) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.transfer_ownership(p_community_id uuid, p_new_owner_id uuid)
returns public.communities
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.transfer_ownership(p_community_id, p_new_owner_id); $$;

comment on function public.transfer_ownership(uuid, uuid) is
$$Hands a community over to another member. Only the owner may, and stays a member with the roles held beside.
@errors session_required, not_found, role_hierarchy, invalid_argument, rate_limited$$;

revoke all on function public.transfer_ownership(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.transfer_ownership(uuid, uuid) to authenticated;
