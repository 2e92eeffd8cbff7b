-- add_to_direct_group: somebody takes part from now on. What was said before they may read, and have not missed. The caller holds the
-- group's lock and has checked that they may be added.
create function private.add_to_direct_group(p_channel_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.direct_members (channel_id, user_id, added_by, last_read_seq)
  select h.channel_id, p_user_id, (select auth.uid()), h.last_seq
  from private.channel_heads h
  where h.channel_id = p_channel_id;
end
$$;

revoke all on function private.add_to_direct_group(uuid, uuid) from public, anon, authenticated, service_role;
