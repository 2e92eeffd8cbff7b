-- personal_class: whom an access class is for alone: this user, where they own the community or a channel says something
-- about them; otherwise null, and the class is shared by all who hold the same roles.
create function private.personal_class(p_community_id uuid, p_user_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (
    select from public.communities c where c.id = p_community_id and c.owner_id = p_user_id
  ) or exists (
    select from public.channel_overwrites w where w.community_id = p_community_id and w.user_id = p_user_id
  ) then
    return p_user_id;
  end if;
  return null;
end
$$;

revoke all on function private.personal_class(uuid, uuid) from public, anon, authenticated, service_role;
