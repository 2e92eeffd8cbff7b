-- require_known_user: the gate of what is done about somebody else: the caller shares a community or a direct channel with them, or is
-- their friend. Whoever does not is told that there is no such user, as of somebody who is not there.
create function private.require_known_user(p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_caller_id uuid := private.require_user();
begin
  if not private.shares_community(v_caller_id, p_user_id) and not exists (
    select
    from private.direct_members mine
    join private.direct_members m on m.channel_id = mine.channel_id
    where mine.user_id = v_caller_id and m.user_id = p_user_id
  ) and not private.are_friends(v_caller_id, p_user_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;
end
$$;

revoke all on function private.require_known_user(uuid) from public, anon, authenticated, service_role;
