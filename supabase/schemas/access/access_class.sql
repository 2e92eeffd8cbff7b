-- access_class: the class of who holds these roles (sorted) and, where p_member_id is given, is this member; made and
-- resolved where it is the first of its kind. The caller holds hold_access or change_access for the community, so no
-- channel comes while the class is resolved. Two members who make the same class side by side meet at its unique key:
-- the second waits for the first and takes its class.
create function private.access_class(p_community_id uuid, p_role_ids uuid[], p_member_id uuid)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_id uuid;
begin
  select a.id into v_id
  from private.access_classes a
  where a.community_id = p_community_id
    and a.role_ids = p_role_ids
    and a.member_id is not distinct from p_member_id;
  if found then
    return v_id;
  end if;

  insert into private.access_classes (community_id, role_ids, member_id)
  values (p_community_id, p_role_ids, p_member_id)
  on conflict (community_id, role_ids, member_id) do nothing
  returning id into v_id;
  if found then
    perform private.resolve_access(p_community_id, p_access_class_id => v_id);
  else
    select a.id into v_id
    from private.access_classes a
    where a.community_id = p_community_id
      and a.role_ids = p_role_ids
      and a.member_id is not distinct from p_member_id;
  end if;
  return v_id;
end
$$;

revoke all on function private.access_class(uuid, uuid[], uuid) from public, anon, authenticated, service_role;
