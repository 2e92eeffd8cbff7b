-- end_personal_allows: what channels and groups allow these users personally goes, what they deny stays: leaving ends what
-- was given, and coming back does not shed what was denied. The caller holds change_access.
create function private.end_personal_allows(p_community_id uuid, p_user_ids uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.channel_overwrites w
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.deny = 0;
  update public.channel_overwrites w set allow = 0
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.allow <> 0;

  delete from public.channel_group_overwrites w
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.deny = 0;
  update public.channel_group_overwrites w set allow = 0
  where w.community_id = p_community_id and w.user_id = any (p_user_ids) and w.allow <> 0;
end
$$;

revoke all on function private.end_personal_allows(uuid, uuid[]) from public, anon, authenticated, service_role;
