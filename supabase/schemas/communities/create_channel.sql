-- create_channel: a channel at the end of its group. Gate: manage_channels.
-- The event names the channel by id only: not every member may see it.
create function private.create_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_lost uuid[];
  v_channel public.channels;
begin
  perform private.begin_change(p_community_id, 'manage_channels');

  if p_kind is null or p_kind not in ('text', 'voice') then
    perform private.fail(
      'invalid_argument', 'A channel is of kind ''text'' or ''voice''.', 422,
      pg_catalog.jsonb_build_object('field', 'p_kind')
    );
  end if;
  if p_group_id is not null then
    perform private.require_group(p_community_id, p_group_id);
  end if;
  if (select pg_catalog.count(*) from public.channels c where c.community_id = p_community_id) >= 500 then
    perform private.fail('limit_reached', 'A community has at most 500 channels.', 409);
  end if;

  -- Who gets a class of their own by the group is measured before: a grant of theirs that has just ended is a loss now.
  v_lost := private.assign_access_classes(
    p_community_id,
    array(select g.user_id from public.channel_group_overwrites g where g.group_id = p_group_id and g.user_id is not null)
  );
  v_channel := private.add_channel(p_community_id, v_name, p_kind, p_group_id);
  perform private.announce(
    p_community_id, 'channel_created', pg_catalog.jsonb_build_object('channel_id', v_channel.id),
    v_lost
  );
  perform private.write_audit(
    p_community_id, 'channel_created', v_channel.id::text,
    p_after => pg_catalog.jsonb_build_object('name', v_name, 'kind', p_kind, 'group_id', p_group_id)
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
$$Creates a channel at the end of its group, synced with it: with the group's overwrites. Needs `manage_channels`. A community
has at most 500 channels.
@param p_name 1 to 100 characters
@param p_kind `text` or `voice`
@param p_group_id a group of the same community; left out: above all groups
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.create_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.create_channel(uuid, text, text, uuid) to authenticated;
