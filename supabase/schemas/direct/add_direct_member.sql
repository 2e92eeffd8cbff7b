-- add_direct_member: Gate: membership, and whom the caller may write to. Limits: direct_open per user.
create function private.add_direct_member(p_channel_id uuid, p_user_id uuid)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_direct_group_change(p_channel_id);
  if not exists (select from private.direct_members m where m.channel_id = p_channel_id and m.user_id = p_user_id) then
    perform private.require_direct_recipient(p_user_id, 'p_user_id');
    if (select pg_catalog.count(*) from private.direct_members m where m.channel_id = p_channel_id) >= 10 then
      perform private.fail('limit_reached', 'A group has at most 10 members.', 409);
    end if;
    perform private.take_token('direct_open', (select auth.uid())::text);
    perform private.add_to_direct_group(p_channel_id, p_user_id);
    perform private.write_message(p_channel_id, 'member_joined', p_user_id, '');
    perform private.tell_direct_changed(p_channel_id);
  end if;
  return private.described_direct(p_channel_id);
end
$$;

revoke all on function private.add_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.add_direct_member(uuid, uuid) to authenticated;

create function public.add_direct_member(p_channel_id uuid, p_user_id uuid)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.add_direct_member(p_channel_id, p_user_id); $$;

comment on function public.add_direct_member(uuid, uuid) is
$$Takes somebody into a group and returns it. Any member may, with whom they may write to; a group has at most 10 members
(`limit_reached`). Whoever comes may read what was said before.
@errors session_required, not_found, missing_permission, blocked, invalid_argument, limit_reached, rate_limited
@idempotent
@sdk addMember$$;

revoke all on function public.add_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.add_direct_member(uuid, uuid) to authenticated;
