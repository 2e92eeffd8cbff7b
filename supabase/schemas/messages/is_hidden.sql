-- is_hidden: whether a ban has hidden a message of this author, sent to this channel at this time.
create function private.is_hidden(p_channel_id uuid, p_author_id uuid, p_created_at timestamptz)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from private.channel_heads c
    join private.hidden_messages h on h.community_id = c.community_id and h.author_id = p_author_id
    where c.channel_id = p_channel_id and p_created_at between h.since and h.until
  );
end
$$;

revoke all on function private.is_hidden(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.is_hidden(uuid, uuid, timestamptz) to authenticated;
