-- managed_community_ids: the communities of which somebody manages something, the owner's own among them.
create function private.managed_community_ids(p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.community_id from public.community_members m
    where m.user_id = p_user_id and private.is_managing_class(m.access_class_id)
  );
end
$$;

revoke all on function private.managed_community_ids(uuid) from public, anon, authenticated, service_role;
