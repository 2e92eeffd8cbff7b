-- require_room_for_friend: nobody has more than 1,000 friends. What is stored counts, and not what is shown: a count without those one
-- has blocked would tell them.
create function private.require_room_for_friend(p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if (select pg_catalog.count(*) from private.friendships f where f.user_id = p_user_id) >= 1000 then
    perform private.fail(
      'limit_reached', 'Somebody has at most 1,000 friends.', 409,
      pg_catalog.jsonb_build_object('max', 1000, 'user_id', p_user_id)
    );
  end if;
end
$$;

revoke all on function private.require_room_for_friend(uuid) from public, anon, authenticated, service_role;
