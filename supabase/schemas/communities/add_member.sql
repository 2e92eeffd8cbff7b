-- add_member: makes a user a member with the default role. Says false where the user already is one.
-- The caller holds hold_access for the community, or nobody else can know of it yet.
create function private.add_member(p_community_id uuid, p_user_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.community_members (community_id, user_id, access_class_id)
  values (p_community_id, p_user_id, private.assign_access_class(p_community_id, p_user_id))
  on conflict (community_id, user_id) do nothing;
  if not found then
    return false;
  end if;

  perform private.broadcast(
    private.community_topic(p_community_id), 'member_joined',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'user_id', p_user_id)
  );
  perform private.broadcast(
    'user:' || p_user_id, 'access_changed',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'kind', 'joined')
  );
  return true;
end
$$;

revoke all on function private.add_member(uuid, uuid) from public, anon, authenticated, service_role;
