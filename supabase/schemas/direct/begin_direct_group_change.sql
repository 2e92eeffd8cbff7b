-- begin_direct_group_change: the way into every change of a group: its lock, the gate, its head. Returns the group.
-- p_is_alone: where somebody's right to hear ends, nobody sends meanwhile (see hold_access).
create function private.begin_direct_group_change(p_channel_id uuid, p_is_alone boolean default false)
returns private.direct_channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_group private.direct_channels;
begin
  if p_is_alone then
    -- Before the wait, too: nobody else's call is held up by who has no right here.
    perform private.require_in_channel(p_channel_id, 'view_channel');
    perform private.change_access(d.id) from private.direct_channels d where d.id = p_channel_id;
  else
    perform private.hold_access(d.id) from private.direct_channels d where d.id = p_channel_id;
  end if;
  perform private.require_in_channel(p_channel_id, 'view_channel');
  perform from private.channel_heads h where h.channel_id = p_channel_id for no key update;
  select d.* into v_group from private.direct_channels d where d.id = p_channel_id for no key update;
  -- A channel of a community is none, and two people are two people.
  if v_group.kind is distinct from 'group' then
    perform private.fail(
      'not_found', 'There is no such group.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return v_group;
end
$$;

revoke all on function private.begin_direct_group_change(uuid, boolean) from public, anon, authenticated, service_role;
