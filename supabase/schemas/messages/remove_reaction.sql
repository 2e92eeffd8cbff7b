-- remove_reaction: Gate: view_channel. Limits: reaction per user.
create function private.remove_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'view_channel');
  perform private.change_reaction(p_channel_id, p_seq, private.require_emoji(p_emoji), false);
end
$$;

revoke all on function private.remove_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.remove_reaction(uuid, bigint, text) to authenticated;

create function public.remove_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_reaction(p_channel_id, p_seq, p_emoji); $$;

comment on function public.remove_reaction(uuid, bigint, text) is
$$Takes one's own reaction back. What is not there is no error.
@param p_emoji one emoji
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.remove_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.remove_reaction(uuid, bigint, text) to authenticated;
