-- concerned_ids: whom a report is never shown that is made now: the accused, and who manages the community. Staff are named in any case;
-- of others who manage, who could only become staff later, the first 1,000 in a community that lets everybody manage.
create function private.concerned_ids(p_community_id uuid, p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_class_ids uuid[] := array(
    select a.id from private.access_classes a
    where a.community_id = p_community_id and private.is_managing_class(a.id)
  );
begin
  return array(
    select p_user_id where p_user_id is not null
    union
    select s.user_id
    from private.platform_staff s
    join public.community_members m on m.community_id = p_community_id and m.user_id = s.user_id
    where m.access_class_id = any (v_class_ids)
    union
    (
      select m.user_id from public.community_members m
      where m.community_id = p_community_id and m.access_class_id = any (v_class_ids)
      limit 1000
    )
  );
end
$$;

revoke all on function private.concerned_ids(uuid, uuid) from public, anon, authenticated, service_role;
