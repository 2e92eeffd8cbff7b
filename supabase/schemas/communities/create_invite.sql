-- create_invite: Gate: create_invite; with roles manage_roles too, and what holds for granting them. Limits: invite_create
-- per user. The log keeps the first four of a code's sixteen characters: enough to tell invites apart, not to use one.
create function private.create_invite(
  p_community_id uuid,
  p_max_uses integer,
  p_expires_at timestamptz,
  p_role_ids uuid[]
)
returns public.invites
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_role_ids uuid[] := private.require_ids(p_role_ids, 'p_role_ids');
  v_held bigint;
  v_role_id uuid;
  v_role public.roles;
  v_invite public.invites;
begin
  if v_role_ids = '{}' then
    -- Everyday work of every member: it changes nobody's rights, so it waits for nobody.
    perform private.require_in_community(p_community_id, 'create_invite');
  else
    v_held := private.begin_change(p_community_id, 'create_invite');
    perform private.require_in_community(p_community_id, 'manage_roles');
    foreach v_role_id in array v_role_ids loop
      v_role := private.require_above_role(p_community_id, v_role_id);
      if v_role.is_default then
        perform private.fail(
          'invalid_argument', 'Everybody holds the default role already.', 422,
          pg_catalog.jsonb_build_object('field', 'p_role_ids')
        );
      end if;
      perform private.require_held(v_held, v_role.permissions);
    end loop;
    perform private.require_held_in_channels(p_community_id, v_role_ids, '{}');
  end if;

  if p_max_uses is not null and p_max_uses < 1 then
    perform private.fail(
      'invalid_argument', 'An invite can be used at least once.', 422,
      pg_catalog.jsonb_build_object('field', 'p_max_uses')
    );
  end if;
  if p_expires_at <= pg_catalog.clock_timestamp() or p_expires_at = 'infinity' then
    perform private.fail(
      'invalid_argument', 'An invite ends in the future.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  perform private.take_token('invite_create', v_user_id::text);

  insert into public.invites (community_id, code, creator_id, max_uses, expires_at, role_ids)
  values (p_community_id, private.invite_code(), v_user_id, p_max_uses, p_expires_at, v_role_ids)
  returning * into v_invite;

  perform private.write_audit(
    p_community_id, 'invite_created', pg_catalog.left(v_invite.code, 4),
    p_after => pg_catalog.jsonb_build_object('max_uses', p_max_uses, 'expires_at', p_expires_at, 'role_ids', v_role_ids)
  );
  return v_invite;
end
$$;

revoke all on function private.create_invite(uuid, integer, timestamptz, uuid[]) from public, anon, authenticated, service_role;
grant execute on function private.create_invite(uuid, integer, timestamptz, uuid[]) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_invite(
  p_community_id uuid,
  p_max_uses integer default null,
  p_expires_at timestamptz default null,
  p_role_ids uuid[] default '{}'
)
returns public.invites
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_invite(p_community_id, p_max_uses, p_expires_at, p_role_ids); $$;

comment on function public.create_invite(uuid, integer, timestamptz, uuid[]) is
$$Creates an invite and returns it with its `code`. Needs `create_invite`, and to grant roles with it `manage_roles`.
@param p_max_uses how many may join by it; at least 1; left out: any number
@param p_expires_at when it ends; left out: never
@param p_role_ids roles below your own, at most 250, that whoever joins by it is granted. They are asked again then: what
you could no longer grant is not granted
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.create_invite(uuid, integer, timestamptz, uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.create_invite(uuid, integer, timestamptz, uuid[]) to authenticated;
