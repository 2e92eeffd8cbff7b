-- next_revision: counts one change of a channel. The caller holds its head.
create function private.next_revision(p_channel_id uuid)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_revision bigint;
begin
  update private.channel_heads h set revision = h.revision + 1
  where h.channel_id = p_channel_id
  returning h.revision into v_revision;
  return v_revision;
end
$$;

revoke all on function private.next_revision(uuid) from public, anon, authenticated, service_role;
