-- redeem_invite: joins the community whose code this is. A member who redeems again gets the community back and uses
-- nothing up, so a retry is safe. Limits: invite_redeem per user, community_join per community and user; an attempt that fails is not charged, because its
-- transaction is undone (a code is 80 random bits: guessing is hopeless at any rate).
-- Joining takes nobody's access away, so it shares the lock with those who send.
create function private.redeem_invite(p_code text)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_invite public.invites;
  v_community public.communities;
begin
  perform private.take_token('invite_redeem', v_user_id::text);

  -- The community is looked up first, because its lock comes before any row's.
  select i.* into v_invite from public.invites i where i.code = pg_catalog.lower(pg_catalog.btrim(p_code));
  if not found then
    perform private.fail('not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code'));
  end if;
  perform private.hold_access(v_invite.community_id);

  select i.* into v_invite from public.invites i where i.code = v_invite.code for update;
  if not found then
    perform private.fail('not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code'));
  end if;

  if not exists (
    select from public.community_members m
    where m.community_id = v_invite.community_id and m.user_id = v_user_id
  ) then
    if v_invite.expires_at <= pg_catalog.clock_timestamp() or v_invite.uses >= v_invite.max_uses then
      perform private.fail('expired', 'This invite is no longer valid.', 410);
    end if;
    perform private.take_token('community_join', v_invite.community_id || ':' || v_user_id);
    update public.invites i set uses = i.uses + 1 where i.code = v_invite.code;
    perform private.add_member(v_invite.community_id, v_user_id);
  end if;

  select c.* into v_community from public.communities c where c.id = v_invite.community_id;
  return v_community;
end
$$;

revoke all on function private.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function private.redeem_invite(text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.redeem_invite(p_code text)
returns public.communities
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.redeem_invite(p_code); $$;

comment on function public.redeem_invite(text) is
$$Joins the community the code belongs to and returns it. Whoever already is a member gets it back and uses nothing up.
@errors session_required, not_found, expired, rate_limited
@idempotent$$;

revoke all on function public.redeem_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.redeem_invite(text) to authenticated;
