-- tell_friends_changed: tells a user, on every device, what changed between them and another one (p_other_id). Whoever has blocked
-- that one is told nothing; whether the other has blocked the user makes no difference.
create function private.tell_friends_changed(p_user_id uuid, p_other_id uuid, p_kind text, p_direction text default null)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not private.has_blocked(p_user_id, p_other_id) then
    perform private.broadcast(
      'user:' || p_user_id, 'friends_changed',
      pg_catalog.jsonb_build_object('user_id', p_other_id, 'kind', p_kind, 'direction', p_direction)
    );
  end if;
end
$$;

revoke all on function private.tell_friends_changed(uuid, uuid, text, text) from public, anon, authenticated, service_role;
