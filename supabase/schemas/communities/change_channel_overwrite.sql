-- change_channel_overwrite: setting and clearing an overwrite. An overwrite that says nothing is none. Gate: manage_roles in
-- the channel; the subject is below the caller; every bit whose value changes is held in the channel. Ends the sync.
create function private.change_channel_overwrite(
  p_channel_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow bigint,
  p_deny bigint
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint := private.begin_change_in_channel(p_channel_id, 'manage_roles');
  v_channel public.channels := (select c from public.channels c where c.id = p_channel_id);
  v_old public.channel_overwrites;
  v_old_allow bigint;
  v_old_deny bigint;
  v_lost uuid[] := array[]::uuid[];
begin
  select w.* into v_old
  from public.channel_overwrites w
  where w.channel_id = p_channel_id and w.subject_id = p_subject_id;
  perform private.require_overwrite_subject(
    v_channel.community_id, p_subject_kind, p_subject_id, v_old.channel_id is not null and p_allow | p_deny = 0
  );
  v_old_allow := coalesce(v_old.allow, 0);
  v_old_deny := coalesce(v_old.deny, 0);
  perform private.require_held(v_held, (v_old_allow # p_allow) | (v_old_deny # p_deny));
  if v_old_allow = p_allow and v_old_deny = p_deny then
    return;
  end if;

  if p_allow | p_deny = 0 then
    delete from public.channel_overwrites w where w.channel_id = p_channel_id and w.subject_id = p_subject_id;
  else
    if v_old.channel_id is null and (
      select pg_catalog.count(*) from public.channel_overwrites w where w.channel_id = p_channel_id
    ) >= 250 then
      perform private.fail('limit_reached', 'A channel has at most 250 overwrites.', 409);
    end if;
    insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
    values (
      v_channel.community_id, p_channel_id,
      case when p_subject_kind = 'role' then p_subject_id end, case when p_subject_kind = 'member' then p_subject_id end,
      p_allow, p_deny
    )
    on conflict (channel_id, subject_id) do update set allow = excluded.allow, deny = excluded.deny;
  end if;
  update public.channels c set is_synced = false where c.id = p_channel_id and c.is_synced;

  if p_subject_kind = 'member' then
    v_lost := private.assign_access_classes(v_channel.community_id, array[p_subject_id]);
  end if;
  v_lost := v_lost || private.resolve_access(v_channel.community_id, p_channel_id => p_channel_id);
  perform private.announce(
    v_channel.community_id, 'overwrites_changed', pg_catalog.jsonb_build_object('channel_id', p_channel_id), v_lost
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_overwrite_changed', p_channel_id::text,
    pg_catalog.jsonb_build_object(
      'subject_kind', p_subject_kind, 'subject_id', p_subject_id,
      'allow', private.permission_keys(v_old_allow), 'deny', private.permission_keys(v_old_deny)
    ),
    pg_catalog.jsonb_build_object(
      'subject_kind', p_subject_kind, 'subject_id', p_subject_id,
      'allow', private.permission_keys(p_allow), 'deny', private.permission_keys(p_deny)
    )
  );
end
$$;

revoke all on function private.change_channel_overwrite(uuid, text, uuid, bigint, bigint)
from public, anon, authenticated, service_role;
