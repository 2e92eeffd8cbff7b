-- next_revision: counts one change of a channel. The caller holds its head.
create function private.next_revision(p_channel_id uuid)
returns bigint
language sql volatile security definer set search_path = ''
as $$
  update private.channel_heads h set revision = h.revision + 1 where h.channel_id = p_channel_id returning h.revision;
$$;

revoke all on function private.next_revision(uuid) from public, anon, authenticated, service_role;
