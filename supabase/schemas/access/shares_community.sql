-- shares_community: whether two people are members of one community.
create function private.shares_community(p_user_id uuid, p_other_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from public.community_members m
    join public.community_members o on o.community_id = m.community_id and o.user_id = p_other_id
    where m.user_id = p_user_id
  );
end
$$;

revoke all on function private.shares_community(uuid, uuid) from public, anon, authenticated, service_role;
