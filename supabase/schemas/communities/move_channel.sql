-- move_channel: Gate: manage_channels in the channel, and in the community because the other channels move too.
create function private.move_channel(p_channel_id uuid, p_group_id uuid, p_position integer)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select c.community_id from public.channels c where c.id = p_channel_id);
  v_channel public.channels;
begin
  perform private.require_in_channel(p_channel_id, 'manage_channels');
  perform private.begin_change(v_community_id, 'manage_channels');
  perform private.require_in_channel(p_channel_id, 'manage_channels');
  select c.* into v_channel from public.channels c where c.id = p_channel_id;
  if p_group_id is not null then
    perform private.require_group(v_community_id, p_group_id);
  end if;
  if p_position is null or p_position < 0 then
    perform private.fail(
      'invalid_argument', 'A place is a number from 0.', 422, pg_catalog.jsonb_build_object('field', 'p_position')
    );
  end if;

  -- The places of both groups are counted anew, the channel among them where it shall stand.
  update public.channels c
  set
    group_id = placed.group_id,
    position = placed.position,
    is_synced = c.is_synced and c.group_id is not distinct from placed.group_id
  from (
    select
      o.id,
      o.new_group_id as group_id,
      pg_catalog.row_number() over (partition by o.new_group_id order by o.place, o.id) - 1 as position
    from (
      select
        k.id,
        case when k.id = p_channel_id then p_group_id else k.group_id end as new_group_id,
        case
          -- Before whoever stands at that place once the channel itself is taken out.
          when k.id = p_channel_id then p_position - 0.5
          else pg_catalog.row_number() over (
            partition by k.group_id, k.id = p_channel_id order by k.position, k.id
          ) - 1
        end as place
      from public.channels k
      where k.community_id = v_community_id
    ) o
  ) placed
  where c.id = placed.id
    and (c.position <> placed.position or c.group_id is distinct from placed.group_id);
  if not found then
    return;
  end if;

  perform private.announce(v_community_id, 'channels_moved');
  perform private.write_audit(
    v_community_id, 'channel_moved', p_channel_id::text,
    pg_catalog.jsonb_build_object('group_id', v_channel.group_id, 'position', v_channel.position),
    (
      select pg_catalog.jsonb_build_object('group_id', c.group_id, 'position', c.position)
      from public.channels c where c.id = p_channel_id
    )
  );
end
$$;

revoke all on function private.move_channel(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.move_channel(uuid, uuid, integer) to authenticated;

create function public.move_channel(p_channel_id uuid, p_group_id uuid, p_position integer)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_channel(p_channel_id, p_group_id, p_position); $$;

comment on function public.move_channel(uuid, uuid, integer) is
$$Moves a channel to a place in a group; the others make room. Its overwrites stay as they are, and another group ends the
sync. Needs `manage_channels`, in the channel and in the community.
@param p_group_id {string | null} a group of the same community; null: above all groups
@param p_position 0 is the first; past the end: the last
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.move_channel(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_channel(uuid, uuid, integer) to authenticated;
