-- ban_member: Gate: ban_members, a member below the caller. One membership and one event, however much they have written.
create function private.ban_member(
  p_community_id uuid,
  p_user_id uuid,
  p_reason text,
  p_expires_at timestamptz,
  p_hide_messages_since timestamptz
)
returns public.bans
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor_id uuid := (select auth.uid());
  v_now timestamptz;
  v_ban public.bans;
  v_was_member boolean;
begin
  perform private.begin_change(p_community_id, 'ban_members');
  v_now := pg_catalog.clock_timestamp();
  if p_expires_at is not null and (p_expires_at <= v_now or p_expires_at = 'infinity') then
    perform private.fail(
      'invalid_argument', 'A ban ends in the future, or never.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  if p_hide_messages_since > v_now or p_hide_messages_since = '-infinity' then
    perform private.fail(
      'invalid_argument', 'Messages are hidden since a time in the past.', 422,
      pg_catalog.jsonb_build_object('field', 'p_hide_messages_since')
    );
  end if;
  -- Who has left already is below everybody.
  if p_user_id = v_actor_id or private.member_rank(p_community_id, p_user_id) is not null then
    perform private.require_above_member(p_community_id, p_user_id);
  elsif not exists (select from public.profiles p where p.id = p_user_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;

  insert into public.bans as b (community_id, user_id, actor_id, reason, expires_at, created_at)
  values (p_community_id, p_user_id, v_actor_id, nullif(pg_catalog.btrim(p_reason), ''), p_expires_at, v_now)
  on conflict (community_id, user_id) do update set
    actor_id = excluded.actor_id, reason = excluded.reason, expires_at = excluded.expires_at,
    created_at = excluded.created_at
  returning b.* into v_ban;
  if p_hide_messages_since is not null then
    insert into private.hidden_messages (community_id, author_id, since, until)
    -- No message is older, and every client can read the time.
    values (p_community_id, p_user_id, greatest(p_hide_messages_since, 'epoch'), v_now);
  end if;
  -- Nobody comes in any more by the codes of who is banned.
  delete from public.invites i where i.community_id = p_community_id and i.creator_id = p_user_id;

  v_was_member := private.remove_member(p_community_id, p_user_id, 'banned');
  if not v_was_member then
    perform private.announce(
      p_community_id, 'member_banned', pg_catalog.jsonb_build_object('user_id', p_user_id)
    );
  end if;
  perform private.write_audit(
    p_community_id, 'member_banned', p_user_id::text,
    pg_catalog.jsonb_build_object('was_member', v_was_member),
    pg_catalog.jsonb_build_object('expires_at', p_expires_at, 'hide_messages_since', p_hide_messages_since),
    p_reason
  );
  return v_ban;
end
$$;

revoke all on function private.ban_member(uuid, uuid, text, timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.ban_member(uuid, uuid, text, timestamptz, timestamptz) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.ban_member(
  p_community_id uuid,
  p_user_id uuid,
  p_reason text default null,
  p_expires_at timestamptz default null,
  p_hide_messages_since timestamptz default null
)
returns public.bans
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.ban_member(p_community_id, p_user_id, p_reason, p_expires_at, p_hide_messages_since); $$;

comment on function public.ban_member(uuid, uuid, text, timestamptz, timestamptz) is
$$Bans a user: a member below the caller, or somebody who is no member (any more). Ends the membership, deletes their invites,
and keeps them from joining. Needs `ban_members`. Banning again replaces the ban; what the
bans before have hidden stays hidden.
@param p_reason up to 512 characters
@param p_expires_at when the ban ends by itself; left out: never
@param p_hide_messages_since hides what they sent since then from everybody, also after the ban; left out: nothing
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.ban_member(uuid, uuid, text, timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.ban_member(uuid, uuid, text, timestamptz, timestamptz) to authenticated;
