-- copy_group_overwrites: makes synced channels carry their group's overwrites. Returns the channels that somebody does not
-- receive any more. The caller holds change_access.
create function private.copy_group_overwrites(p_community_id uuid, p_channel_ids uuid[])
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_before uuid[];
  v_after uuid[];
  v_lost uuid[];
begin
  v_before := array(
    select distinct w.user_id from public.channel_overwrites w
    where w.channel_id = any (p_channel_ids) and w.user_id is not null
  );
  delete from public.channel_overwrites w where w.channel_id = any (p_channel_ids);
  insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
  select g.community_id, c.id, g.role_id, g.user_id, g.allow, g.deny
  from public.channels c
  join public.channel_group_overwrites g on g.group_id = c.group_id
  where c.id = any (p_channel_ids);
  v_after := array(
    select distinct w.user_id from public.channel_overwrites w
    where w.channel_id = any (p_channel_ids) and w.user_id is not null
  );

  -- Who gets a class of their own leaves the shared one before it is resolved, and who gives it up enters after: nobody is
  -- measured by an answer that is not theirs, so no topic moves for nothing.
  v_lost := private.assign_access_classes(p_community_id, v_after);
  v_lost := v_lost || private.resolve_access(p_community_id);
  return v_lost || private.assign_access_classes(p_community_id, v_before);
end
$$;

revoke all on function private.copy_group_overwrites(uuid, uuid[]) from public, anon, authenticated, service_role;
