-- delete_channel: one event, however much was written in it. Gate: manage_channels in the channel.
create function private.delete_channel(p_channel_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  delete from public.channels c where c.id = p_channel_id returning c.* into v_channel;
  update public.channels c
  set position = c.position - 1
  where c.community_id = v_channel.community_id
    and c.group_id is not distinct from v_channel.group_id
    and c.position > v_channel.position;

  -- Members whose last personal overwrite stood here belong to the others' classes again.
  perform private.announce(
    v_channel.community_id, 'channel_deleted', pg_catalog.jsonb_build_object('channel_id', p_channel_id),
    private.assign_access_classes(
      v_channel.community_id,
      array(
        select a.member_id from private.access_classes a
        where a.community_id = v_channel.community_id and a.member_id is not null
      )
    )
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_deleted', p_channel_id::text,
    pg_catalog.jsonb_build_object('name', v_channel.name, 'kind', v_channel.kind, 'group_id', v_channel.group_id),
    p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_channel(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_channel(uuid, text) to authenticated;

create function public.delete_channel(p_channel_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_channel(p_channel_id, p_reason); $$;

comment on function public.delete_channel(uuid, text) is
$$Deletes a channel with everything in it. Needs `manage_channels` in it. Nobody reads its messages from then on; they are
removed from the disk in the minutes after.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_channel(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_channel(uuid, text) to authenticated;
