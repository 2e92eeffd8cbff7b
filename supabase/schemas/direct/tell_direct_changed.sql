-- tell_direct_changed: the members of a direct channel hear that it is not what it was, as far as they are shown it.
create function private.tell_direct_changed(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'user:' || m.user_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
  )
  from private.direct_members m
  where m.channel_id = p_channel_id and not private.hides_direct_channel(m);
end
$$;

revoke all on function private.tell_direct_changed(uuid) from public, anon, authenticated, service_role;
