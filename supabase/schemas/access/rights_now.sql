-- rights_now: a member's rights by the rule itself instead of by what is stored. For the moments between the end of a
-- temporary grant and the sweep that stores it, for groups, and for explanations.
create function private.rights_now(p_community_id uuid, p_user_id uuid, p_place_id uuid default null)
returns setof private.rights
language sql stable security definer set search_path = ''
as $$
  select * from private.rights_in(
    p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id, p_place_id
  );
$$;

revoke all on function private.rights_now(uuid, uuid, uuid) from public, anon, authenticated, service_role;
