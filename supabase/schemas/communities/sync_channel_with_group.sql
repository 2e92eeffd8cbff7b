-- sync_channel_with_group: each overwrite that comes, goes or changes is asked about as if it were set by itself.
create function private.sync_channel_with_group(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint := private.begin_change_in_channel(p_channel_id, 'manage_roles');
  v_channel public.channels := (select c from public.channels c where c.id = p_channel_id);
  v_change record;
begin
  if v_channel.group_id is null then
    perform private.fail('conflict', 'This channel stands in no group.', 409);
  end if;

  for v_change in
    select
      coalesce(o.subject_id, n.subject_id) as subject_id,
      case when coalesce(o.role_id, n.role_id) is null then 'member' else 'role' end as subject_kind,
      (coalesce(o.allow, 0) # coalesce(n.allow, 0)) | (coalesce(o.deny, 0) # coalesce(n.deny, 0)) as changed
    from (select * from public.channel_overwrites w where w.channel_id = p_channel_id) o
    full join (select * from public.channel_group_overwrites w where w.group_id = v_channel.group_id) n
      on n.subject_id = o.subject_id
    where (o.allow, o.deny) is distinct from (n.allow, n.deny)
  loop
    perform private.require_overwrite_subject(
      v_channel.community_id, v_change.subject_kind, v_change.subject_id, p_may_be_gone => true
    );
    perform private.require_held(v_held, v_change.changed);
  end loop;
  if v_channel.is_synced then
    return;
  end if;

  update public.channels c set is_synced = true where c.id = p_channel_id;
  perform private.announce(
    v_channel.community_id, 'overwrites_changed', pg_catalog.jsonb_build_object('channel_id', p_channel_id),
    private.copy_group_overwrites(v_channel.community_id, array[p_channel_id])
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_synced', p_channel_id::text,
    p_after => pg_catalog.jsonb_build_object('group_id', v_channel.group_id)
  );
end
$$;

revoke all on function private.sync_channel_with_group(uuid) from public, anon, authenticated, service_role;
grant execute on function private.sync_channel_with_group(uuid) to authenticated;

create function public.sync_channel_with_group(p_channel_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.sync_channel_with_group(p_channel_id); $$;

comment on function public.sync_channel_with_group(uuid) is
$$Replaces a channel's overwrites by those of its group, and has it follow the group from now on. Needs `manage_roles` in the
channel, and there each permission whose value changes; every role and member concerned is below the caller.
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, conflict, rate_limited$$;

revoke all on function public.sync_channel_with_group(uuid) from public, anon, authenticated, service_role;
grant execute on function public.sync_channel_with_group(uuid) to authenticated;
