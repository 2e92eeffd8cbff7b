-- granted_roles: the roles a member holds at this moment beside the default role, each with the end of its grant (null: it
-- has none), as the audit log tells them: {"<role id>": "<end>"}.
create function private.granted_roles(p_community_id uuid, p_user_id uuid)
returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(pg_catalog.jsonb_object_agg(m.role_id, m.expires_at), '{}')
  from public.member_roles m
  where m.community_id = p_community_id
    and m.user_id = p_user_id
    and (m.expires_at is null or m.expires_at > pg_catalog.now());
$$;

revoke all on function private.granted_roles(uuid, uuid) from public, anon, authenticated, service_role;
