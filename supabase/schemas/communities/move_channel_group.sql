-- move_channel_group: Gate: manage_channels.
create function private.move_channel_group(p_group_id uuid, p_position integer)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_group public.channel_groups;
begin
  perform private.begin_change(v_community_id, 'manage_channels', 'group');
  v_group := private.require_group(v_community_id, p_group_id);
  if p_position is null or p_position < 0 then
    perform private.fail(
      'invalid_argument', 'A place is a number from 0.', 422, pg_catalog.jsonb_build_object('field', 'p_position')
    );
  end if;

  update public.channel_groups g
  set position = placed.position
  from (
    select o.id, pg_catalog.row_number() over (order by o.place, o.id) - 1 as position
    from (
      select
        k.id,
        case
          when k.id = p_group_id then p_position - 0.5
          else pg_catalog.row_number() over (partition by k.id = p_group_id order by k.position, k.id) - 1
        end as place
      from public.channel_groups k
      where k.community_id = v_community_id
    ) o
  ) placed
  where g.id = placed.id and g.position <> placed.position;
  if not found then
    return;
  end if;

  perform private.announce(v_community_id, 'channels_moved');
  perform private.write_audit(
    v_community_id, 'channel_group_moved', p_group_id::text,
    pg_catalog.jsonb_build_object('position', v_group.position),
    (select pg_catalog.jsonb_build_object('position', g.position) from public.channel_groups g where g.id = p_group_id)
  );
end
$$;

revoke all on function private.move_channel_group(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.move_channel_group(uuid, integer) to authenticated;

create function public.move_channel_group(p_group_id uuid, p_position integer)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_channel_group(p_group_id, p_position); $$;

comment on function public.move_channel_group(uuid, integer) is
$$Moves a group of channels to another place; the others make room. Needs `manage_channels`.
@param p_position 0 is the first; past the end: the last
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.move_channel_group(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_channel_group(uuid, integer) to authenticated;
