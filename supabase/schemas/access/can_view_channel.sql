-- can_view_channel: about the caller only. False also where there is no such channel.
create function private.can_view_channel(p_channel_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_user();
  return coalesce(private.channel_permissions(p_channel_id) & private.permission_mask('view_channel') <> 0, false);
end
$$;

revoke all on function private.can_view_channel(uuid) from public, anon, authenticated, service_role;
grant execute on function private.can_view_channel(uuid) to authenticated;

create function public.can_view_channel(p_channel_id uuid)
returns boolean
language sql stable security invoker set search_path = ''
as $$ select private.can_view_channel(p_channel_id); $$;

comment on function public.can_view_channel(uuid) is
$$Says whether the caller may view a channel at this moment. False also where there is no such channel.
@errors session_required$$;

revoke all on function public.can_view_channel(uuid) from public, anon, authenticated, service_role;
grant execute on function public.can_view_channel(uuid) to authenticated;
