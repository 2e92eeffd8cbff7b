-- advance_read: a member has read a channel up to here. Never goes back. Says whether it went on.
create function private.advance_read(p_community_id uuid, p_channel_id uuid, p_user_id uuid, p_seq bigint)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_reads as r (community_id, user_id, channel_id, last_read_seq)
  values (p_community_id, p_user_id, p_channel_id, p_seq)
  on conflict (community_id, user_id, channel_id) do update
    set last_read_seq = excluded.last_read_seq
    where r.last_read_seq < excluded.last_read_seq;
  return found;
end
$$;

revoke all on function private.advance_read(uuid, uuid, uuid, bigint) from public, anon, authenticated, service_role;
