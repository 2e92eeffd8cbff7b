-- update_my_membership: takes nobody's rights away, so it shares the lock with those who send. Limits: membership_update
-- per user.
create function private.update_my_membership(p_community_id uuid, p_nickname text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_nickname text := case when p_nickname is not null then private.require_name(p_nickname, 32, 'p_nickname') end;
begin
  perform private.hold_access(p_community_id);
  -- A name is read by everybody, so it waits for the end of a timeout, from which administrators are exempt.
  if private.require_in_community(p_community_id) & private.permission_mask('administrator') = 0 and exists (
    select from public.community_members m
    where m.community_id = p_community_id and m.user_id = v_user_id and m.timed_out_until > pg_catalog.now()
  ) then
    perform private.fail('timed_out', 'You are timed out in this community.', 403);
  end if;
  perform private.take_token('membership_update', v_user_id::text);

  update public.community_members m
  set nickname = v_nickname, sort_name = private.sort_name(v_nickname, p.display_name)
  from public.profiles p
  where m.community_id = p_community_id and m.user_id = v_user_id and p.id = v_user_id
    and m.nickname is distinct from v_nickname;
  if found then
    perform private.announce(p_community_id, 'member_updated', pg_catalog.jsonb_build_object('user_id', v_user_id));
  end if;
end
$$;

revoke all on function private.update_my_membership(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_my_membership(uuid, text) to authenticated;

create function public.update_my_membership(p_community_id uuid, p_nickname text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_my_membership(p_community_id, p_nickname); $$;

comment on function public.update_my_membership(uuid, text) is
$$Sets the name the caller is shown by in a community.
@param p_nickname {string | null} 1 to 32 characters; null: the profile's name again
@errors session_required, not_found, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_my_membership(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_my_membership(uuid, text) to authenticated;
