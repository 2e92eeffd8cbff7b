-- has_private_threads: whether who manages threads in a channel sees more for it. Losing that right loses those threads, and
-- their names are the channel's (see channel_topic).
create function private.has_private_threads(p_community_id uuid, p_channel_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.threads t
    where t.community_id = p_community_id and t.channel_id = p_channel_id and t.kind = 'private'
  );
end
$$;

revoke all on function private.has_private_threads(uuid, uuid) from public, anon, authenticated, service_role;
