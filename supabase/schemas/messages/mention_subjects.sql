-- mention_subjects: the ids by which a member is mentioned: their own, those of the roles held, and the default role's.
create function private.mention_subjects(p_community_id uuid, p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return private.granted_role_ids(p_community_id, p_user_id) || p_user_id || (
    select r.id from public.roles r where r.community_id = p_community_id and r.is_default
  );
end
$$;

revoke all on function private.mention_subjects(uuid, uuid) from public, anon, authenticated, service_role;
