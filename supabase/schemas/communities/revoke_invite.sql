-- revoke_invite: Gate: manage_invites, or the caller made it and is a member.
create function private.revoke_invite(p_code text, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_invite public.invites;
begin
  select i.* into v_invite from private.find_invite(p_code) i;
  -- Of a community one is no member of, a code that exists and one that does not are the same.
  if v_invite.code is null or private.community_permissions(v_invite.community_id) is null then
    perform private.require_user();
    perform private.fail('not_found', 'There is no such invite.', 404, pg_catalog.jsonb_build_object('field', 'p_code'));
  end if;
  perform private.require_in_community(
    v_invite.community_id, case when v_invite.creator_id = (select auth.uid()) then null else 'manage_invites' end
  );

  delete from public.invites i where i.code = v_invite.code;
  if found then
    perform private.write_audit(
      v_invite.community_id, 'invite_revoked', pg_catalog.left(v_invite.code, 4),
      p_before => pg_catalog.jsonb_build_object('creator_id', v_invite.creator_id, 'uses', v_invite.uses),
      p_reason => p_reason
    );
  end if;
end
$$;

revoke all on function private.revoke_invite(text, text) from public, anon, authenticated, service_role;
grant execute on function private.revoke_invite(text, text) to authenticated;

create function public.revoke_invite(p_code text, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.revoke_invite(p_code, p_reason); $$;

comment on function public.revoke_invite(text, text) is
$$Ends an invite: nobody joins by it any more. One's own, or any with `manage_invites`.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.revoke_invite(text, text) from public, anon, authenticated, service_role;
grant execute on function public.revoke_invite(text, text) to authenticated;
