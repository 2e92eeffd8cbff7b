-- update_channel: Gate: manage_channels in the channel. What is left out stays.
create function private.update_channel(
  p_channel_id uuid,
  p_name text,
  p_slow_mode_seconds integer,
  p_announces_joins boolean
)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := case when p_name is not null then private.require_name(p_name) end;
  v_old public.channels;
  v_channel public.channels;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  select c.* into v_old from public.channels c where c.id = p_channel_id;
  if p_slow_mode_seconds not between 0 and 21600 then
    perform private.fail(
      'invalid_argument', 'Slow mode is 0 to 21,600 seconds.', 422,
      pg_catalog.jsonb_build_object('field', 'p_slow_mode_seconds', 'max', 21600)
    );
  end if;
  if v_old.kind <> 'text' and (p_slow_mode_seconds > 0 or p_announces_joins) then
    perform private.fail(
      'invalid_argument', 'Only text channels have slow mode or announce joins.', 422,
      pg_catalog.jsonb_build_object(
        'field', case when p_slow_mode_seconds > 0 then 'p_slow_mode_seconds' else 'p_announces_joins' end
      )
    );
  end if;

  if p_announces_joins then
    -- The channel that told them before changes, too: the right in this one alone is not enough.
    perform private.require_in_community(v_old.community_id, 'manage_channels');
    update public.channels c set announces_joins = false
    where c.community_id = v_old.community_id and c.announces_joins and c.id <> p_channel_id;
  end if;
  update public.channels c
  set
    name = coalesce(v_name, c.name),
    slow_mode_seconds = coalesce(p_slow_mode_seconds, c.slow_mode_seconds),
    announces_joins = coalesce(p_announces_joins, c.announces_joins)
  where c.id = p_channel_id
  returning c.* into v_channel;
  if v_channel = v_old then
    return v_channel;
  end if;

  perform private.announce(
    v_channel.community_id, 'channel_updated', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_updated', p_channel_id::text,
    pg_catalog.jsonb_build_object(
      'name', v_old.name, 'slow_mode_seconds', v_old.slow_mode_seconds, 'announces_joins', v_old.announces_joins
    ),
    pg_catalog.jsonb_build_object(
      'name', v_channel.name, 'slow_mode_seconds', v_channel.slow_mode_seconds,
      'announces_joins', v_channel.announces_joins
    )
  );
  return v_channel;
end
$$;

revoke all on function private.update_channel(uuid, text, integer, boolean) from public, anon, authenticated, service_role;
grant execute on function private.update_channel(uuid, text, integer, boolean) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_channel(
  p_channel_id uuid,
  p_name text default null,
  p_slow_mode_seconds integer default null,
  p_announces_joins boolean default null
)
returns public.channels
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_channel(p_channel_id, p_name, p_slow_mode_seconds, p_announces_joins); $$;

comment on function public.update_channel(uuid, text, integer, boolean) is
$$Changes a channel; what is left out stays. A new name is told in the channel. Needs `manage_channels` in it.
@param p_name 1 to 100 characters
@param p_slow_mode_seconds how long everybody waits between two messages, up to 21,600 seconds; 0: no slow mode
@param p_announces_joins whether joins are told in it, in place of the channel that told them before; to begin with it needs
`manage_channels` in the community, too
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_channel(uuid, text, integer, boolean) from public, anon, authenticated, service_role;
grant execute on function public.update_channel(uuid, text, integer, boolean) to authenticated;
