-- ban_member: Gate: ban_members, a member below the caller, or who is none. See write_ban.
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
begin
  perform private.begin_change(p_community_id, 'ban_members');
  -- Who has left already is below everybody.
  if p_user_id = (select auth.uid()) or private.member_rank(p_community_id, p_user_id) is not null then
    perform private.require_above_member(p_community_id, p_user_id);
  elsif not exists (select from public.profiles p where p.id = p_user_id) then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;
  return private.write_ban(p_community_id, p_user_id, p_reason, p_expires_at, p_hide_messages_since);
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
