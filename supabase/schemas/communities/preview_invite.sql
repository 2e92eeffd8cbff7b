-- preview_invite: what a code leads to, before joining. Every try counts: see redeem_invite.
create function private.preview_invite(p_code text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_invite public.invites;
begin
  perform private.require_account();
  perform private.charge_invite_try();

  select i.* into v_invite from private.find_invite(p_code) i;
  if not found then
    return private.refusal(
      'not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code')
    );
  end if;
  if v_invite.expires_at <= pg_catalog.clock_timestamp() or v_invite.uses >= v_invite.max_uses then
    return private.refusal('expired', 'This invite is no longer valid.', 410);
  end if;

  return (
    select pg_catalog.jsonb_build_object(
      'community_id', c.id,
      'name', c.name,
      'inviter', p.display_name,
      'expires_at', v_invite.expires_at,
      -- Counted no further than a person reads: the count of a large community would cost more than the rest.
      'members', (
        select pg_catalog.count(*)
        from (select from public.community_members m where m.community_id = c.id limit 1000) s
      )
    )
    from public.communities c
    left join public.profiles p on p.id = v_invite.creator_id
    where c.id = v_invite.community_id
  );
end
$$;

revoke all on function private.preview_invite(text) from public, anon, authenticated, service_role;
grant execute on function private.preview_invite(text) to authenticated;

create function public.preview_invite(p_code text)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.preview_invite(p_code); $$;

comment on function public.preview_invite(text) is
$$Returns what an invite leads to, without joining. `members` counts up to 1,000.
Every try counts towards the limit, also a refused one.
@errors session_required, not_found, expired, rate_limited
@returns {{ community_id: string; name: string; inviter: string | null; expires_at: string | null; members: number }}$$;

revoke all on function public.preview_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.preview_invite(text) to authenticated;
