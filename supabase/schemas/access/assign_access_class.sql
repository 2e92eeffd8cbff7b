-- assign_access_class: the class a user with these facts belongs to, made and resolved where it is the first of its kind.
-- The caller holds hold_access or change_access for the community, so no channel comes while the class is resolved. Two
-- members who make the same class side by side meet at its unique key: the second waits for the first and takes its class.
create function private.assign_access_class(p_community_id uuid, p_user_id uuid)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_ids uuid[];
  v_member_id uuid;
  v_class_id uuid;
begin
  select coalesce(pg_catalog.array_agg(m.role_id order by m.role_id), '{}') into v_role_ids
  from public.member_roles m
  where m.community_id = p_community_id
    and m.user_id = p_user_id
    and (m.expires_at is null or m.expires_at > pg_catalog.now());

  if exists (select from public.communities c where c.id = p_community_id and c.owner_id = p_user_id)
    or exists (select from public.channel_overwrites w where w.community_id = p_community_id and w.user_id = p_user_id)
  then
    v_member_id := p_user_id;
  end if;

  select a.id into v_class_id
  from private.access_classes a
  where a.community_id = p_community_id
    and a.role_ids = v_role_ids
    and a.member_id is not distinct from v_member_id;

  if not found then
    insert into private.access_classes (community_id, role_ids, member_id)
    values (p_community_id, v_role_ids, v_member_id)
    on conflict (community_id, role_ids, member_id) do nothing
    returning id into v_class_id;

    if found then
      perform private.resolve_access(p_community_id, p_access_class_id => v_class_id);
    else
      select a.id into v_class_id
      from private.access_classes a
      where a.community_id = p_community_id
        and a.role_ids = v_role_ids
        and a.member_id is not distinct from v_member_id;
    end if;
  end if;
  return v_class_id;
end
$$;

revoke all on function private.assign_access_class(uuid, uuid) from public, anon, authenticated, service_role;
