-- redeem_invite: joins the community whose code this is. A member who redeems again gets the community back and uses
-- nothing up, so a retry is safe. Limits: those of charge_invite_try, community_join per community and user, and
-- community_join_total per community.
-- What is wrong with the code or the caller is answered, not raised, so that the try stays charged.
-- Joining takes nobody's access away, so it shares the lock with those who send.
create function private.redeem_invite(p_code text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_invite public.invites;
  v_role_ids uuid[];
begin
  perform private.charge_invite_try();

  -- The community is looked up first, because its lock comes before any row's.
  select i.* into v_invite from private.find_invite(p_code) i;
  perform private.hold_access(v_invite.community_id);
  select i.* into v_invite from public.invites i where i.code = v_invite.code for update;
  if v_invite.code is null then
    return private.refusal(
      'not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code')
    );
  end if;

  if not exists (
    select from public.community_members m
    where m.community_id = v_invite.community_id and m.user_id = v_user_id
  ) then
    if private.is_banned(v_invite.community_id, v_user_id) then
      return private.refusal('banned', 'You are banned from this community.', 403);
    end if;
    if v_invite.expires_at <= pg_catalog.clock_timestamp() or v_invite.uses >= v_invite.max_uses then
      return private.refusal('expired', 'This invite is no longer valid.', 410);
    end if;
    perform private.take_token('community_join', v_invite.community_id || ':' || v_user_id);
    perform private.take_token('community_join_total', v_invite.community_id::text);
    update public.invites i set uses = i.uses + 1 where i.code = v_invite.code;
    v_role_ids := array(
      select r.id from pg_catalog.unnest(v_invite.role_ids) as r (id)
      where private.may_grant(v_invite.community_id, v_invite.creator_id, r.id)
    );
    if private.add_member(v_invite.community_id, v_user_id, v_role_ids, v_invite.creator_id, v_invite.code)
      and v_role_ids <> array[]::uuid[]
    then
      -- Who joins is the actor here, but it is the invite's maker who answers for the roles.
      perform private.write_audit(
        v_invite.community_id, 'member_roles_changed', v_user_id::text,
        pg_catalog.jsonb_build_object('roles', pg_catalog.jsonb_build_object()),
        pg_catalog.jsonb_build_object(
          'roles', private.granted_roles(v_invite.community_id, v_user_id), 'invited_by', v_invite.creator_id
        )
      );
    end if;
  end if;

  return (select pg_catalog.to_jsonb(c) from public.communities c where c.id = v_invite.community_id);
end
$$;

revoke all on function private.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function private.redeem_invite(text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the answer with a pattern
-- of its own, and the locks are held while it is matched.
create function public.redeem_invite(p_code text)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.redeem_invite(p_code); $$;

comment on function public.redeem_invite(text) is
$$Joins the community the code belongs to and returns it. Whoever already is a member gets it back and uses nothing up.
Every try counts towards the limit, also a refused one. Through the Data API a refusal is an error like any other; in SQL
it is returned as that error's JSON, so that the try stays counted.
@errors session_required, not_found, banned, expired, rate_limited
@idempotent
@returns {Community}$$;

revoke all on function public.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.redeem_invite(text) to authenticated;
