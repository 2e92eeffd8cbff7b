-- copy_group_overwrites: makes synced channels carry their group's overwrites. Returns the channels that somebody does not
-- receive any more. The caller holds change_access.
create function private.copy_group_overwrites(p_community_id uuid, p_channel_ids uuid[])
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_ids uuid[];
  v_lost uuid[];
begin
  -- Whose class may change: who had a personal overwrite, and who gets one.
  v_user_ids := array(
    select w.user_id from public.channel_overwrites w
    where w.channel_id = any (p_channel_ids) and w.user_id is not null
    union
    select g.user_id
    from public.channels c
    join public.channel_group_overwrites g on g.group_id = c.group_id and g.user_id is not null
    where c.id = any (p_channel_ids)
  );
  delete from public.channel_overwrites w where w.channel_id = any (p_channel_ids);
  insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
  select g.community_id, c.id, g.role_id, g.user_id, g.allow, g.deny
  from public.channels c
  join public.channel_group_overwrites g on g.group_id = c.group_id
  where c.id = any (p_channel_ids);

  v_lost := private.assign_access_classes(p_community_id, v_user_ids);
  return v_lost || private.resolve_access(p_community_id);
end
$$;

revoke all on function private.copy_group_overwrites(uuid, uuid[]) from public, anon, authenticated, service_role;
