-- remove_empty_classes: of these classes, those nobody is left in. The caller holds change_access: nobody is joining one.
create function private.remove_empty_classes(p_community_id uuid, p_class_ids uuid[])
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.access_classes a
  where a.community_id = p_community_id
    and a.id = any (p_class_ids)
    and not exists (
      select from public.community_members m where m.community_id = p_community_id and m.access_class_id = a.id
    );
$$;

revoke all on function private.remove_empty_classes(uuid, uuid[]) from public, anon, authenticated, service_role;
