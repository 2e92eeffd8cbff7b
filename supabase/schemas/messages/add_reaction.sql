-- add_reaction: Gate: add_reactions. Limits: reaction per user.
create function private.add_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'add_reactions');
  perform private.change_reaction(p_channel_id, p_seq, private.require_emoji(p_emoji), true);
end
$$;

revoke all on function private.add_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.add_reaction(uuid, bigint, text) to authenticated;

create function public.add_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.add_reaction(p_channel_id, p_seq, p_emoji); $$;

comment on function public.add_reaction(uuid, bigint, text) is
$$Reacts to a message. Twice with the same is once. A message has at most 20 different reactions. Needs `add_reactions`.
@param p_emoji one emoji
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.add_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.add_reaction(uuid, bigint, text) to authenticated;
