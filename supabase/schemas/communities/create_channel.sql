-- create_channel: a channel at the end of its group. Gate: manage_channels. Limits: channel_create per user.
-- The event names the channel by id only: not every member may see it.
create function private.create_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_channel public.channels;
begin
  perform private.change_access(p_community_id);
  perform private.require_in_community(p_community_id, 'manage_channels');

  if p_kind is null or p_kind not in ('text', 'voice') then
    perform private.fail(
      'invalid_argument', 'A channel is of kind ''text'' or ''voice''.', 422,
      pg_catalog.jsonb_build_object('field', 'p_kind')
    );
  end if;
  if p_group_id is not null and not exists (
    select from public.channel_groups g where g.community_id = p_community_id and g.id = p_group_id
  ) then
    perform private.fail(
      'not_found', 'There is no such group in this community.', 404,
      pg_catalog.jsonb_build_object('field', 'p_group_id')
    );
  end if;
  perform private.take_token('channel_create', private.require_user()::text);

  v_channel := private.add_channel(p_community_id, v_name, p_kind, p_group_id);
  perform private.broadcast(
    private.community_topic(p_community_id), 'channel_created',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'channel_id', v_channel.id)
  );
  return v_channel;
end
$$;

revoke all on function private.create_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
grant execute on function private.create_channel(uuid, text, text, uuid) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_channel(
  p_community_id uuid,
  p_name text,
  p_kind text default 'text',
  p_group_id uuid default null
)
returns public.channels
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_channel(p_community_id, p_name, p_kind, p_group_id); $$;

comment on function public.create_channel(uuid, text, text, uuid) is
$$Creates a channel at the end of its group. Needs `manage_channels`.
@param p_name 1 to 100 characters
@param p_kind `text` or `voice`
@param p_group_id a group of the same community; left out: above all groups
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.create_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.create_channel(uuid, text, text, uuid) to authenticated;
