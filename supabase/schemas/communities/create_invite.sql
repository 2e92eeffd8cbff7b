-- create_invite: Gate: create_invite. Limits: invite_create per user.
create function private.create_invite(p_community_id uuid, p_max_uses integer, p_expires_at timestamptz)
returns public.invites
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_invite public.invites;
begin
  perform private.require_in_community(p_community_id, 'create_invite');

  if p_max_uses is not null and p_max_uses < 1 then
    perform private.fail(
      'invalid_argument', 'An invite can be used at least once.', 422,
      pg_catalog.jsonb_build_object('field', 'p_max_uses')
    );
  end if;
  if p_expires_at is not null and p_expires_at <= pg_catalog.clock_timestamp() then
    perform private.fail(
      'invalid_argument', 'An invite ends in the future.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  perform private.take_token('invite_create', v_user_id::text);

  insert into public.invites (community_id, code, creator_id, max_uses, expires_at)
  values (p_community_id, private.invite_code(), v_user_id, p_max_uses, p_expires_at)
  returning * into v_invite;
  return v_invite;
end
$$;

revoke all on function private.create_invite(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.create_invite(uuid, integer, timestamptz) to authenticated;

create function public.create_invite(
  p_community_id uuid,
  p_max_uses integer default null,
  p_expires_at timestamptz default null
)
returns public.invites
language sql volatile security invoker set search_path = ''
as $$ select private.create_invite(p_community_id, p_max_uses, p_expires_at); $$;

comment on function public.create_invite(uuid, integer, timestamptz) is
$$Creates an invite and returns it with its `code`. Needs `create_invite`.
@param p_max_uses how many may join by it; left out: any number
@param p_expires_at when it ends; left out: never
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.create_invite(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.create_invite(uuid, integer, timestamptz) to authenticated;
