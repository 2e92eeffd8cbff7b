-- advance_read: a member has read a channel up to here. Never goes back. Says whether it went on.
-- Of a direct channel its member knows it (see direct_members).
create function private.advance_read(p_community_id uuid, p_channel_id uuid, p_user_id uuid, p_seq bigint)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_community_id = p_channel_id then
    update private.direct_members d
    set last_read_seq = p_seq
    where d.channel_id = p_channel_id and d.user_id = p_user_id and d.last_read_seq < p_seq;
    return found;
  end if;
  insert into private.channel_reads as r (community_id, user_id, channel_id, last_read_seq)
  values (p_community_id, p_user_id, p_channel_id, p_seq)
  on conflict (community_id, user_id, channel_id) do update
    set last_read_seq = excluded.last_read_seq
    where r.last_read_seq < excluded.last_read_seq;
  return found;
end
$$;

revoke all on function private.advance_read(uuid, uuid, uuid, bigint) from public, anon, authenticated, service_role;
