-- change_channel_group_overwrite: see change_channel_overwrite. The channels synced with the group change with it, so every
-- bit whose value changes is held by the group's own overwrites and in each of those channels.
create function private.change_channel_group_overwrite(
  p_group_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow bigint,
  p_deny bigint
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_old public.channel_group_overwrites;
  v_old_allow bigint;
  v_old_deny bigint;
  v_changed bigint;
  v_synced_ids uuid[];
begin
  perform private.begin_change(v_community_id, 'manage_roles', 'group');
  perform private.require_group(v_community_id, p_group_id);
  select w.* into v_old
  from public.channel_group_overwrites w
  where w.group_id = p_group_id and w.subject_id = p_subject_id;
  perform private.require_overwrite_subject(
    v_community_id, p_subject_kind, p_subject_id, v_old.group_id is not null and p_allow | p_deny = 0
  );
  v_old_allow := coalesce(v_old.allow, 0);
  v_old_deny := coalesce(v_old.deny, 0);
  v_changed := (v_old_allow # p_allow) | (v_old_deny # p_deny);
  v_synced_ids := array(
    select c.id from public.channels c
    where c.community_id = v_community_id and c.group_id = p_group_id and c.is_synced
  );
  perform private.require_held(r.permissions, v_changed)
  from private.rights_now(v_community_id, (select auth.uid()), p_group_id) r;
  perform private.require_held(coalesce(private.channel_permissions(c.id), 0), v_changed)
  from pg_catalog.unnest(v_synced_ids) as c (id);
  if v_changed = 0 then
    return;
  end if;

  if p_allow | p_deny = 0 then
    delete from public.channel_group_overwrites w where w.group_id = p_group_id and w.subject_id = p_subject_id;
  else
    if v_old.group_id is null and (
      select pg_catalog.count(*) from public.channel_group_overwrites w where w.group_id = p_group_id
    ) >= 250 then
      perform private.fail('limit_reached', 'A group has at most 250 overwrites.', 409);
    end if;
    insert into public.channel_group_overwrites (community_id, group_id, role_id, user_id, allow, deny)
    values (
      v_community_id, p_group_id,
      case when p_subject_kind = 'role' then p_subject_id end, case when p_subject_kind = 'member' then p_subject_id end,
      p_allow, p_deny
    )
    on conflict (group_id, subject_id) do update set allow = excluded.allow, deny = excluded.deny;
  end if;

  perform private.announce(
    v_community_id, 'overwrites_changed', pg_catalog.jsonb_build_object('group_id', p_group_id),
    private.copy_group_overwrites(v_community_id, v_synced_ids)
  );
  perform private.write_audit(
    v_community_id, 'channel_group_overwrite_changed', p_group_id::text,
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

revoke all on function private.change_channel_group_overwrite(uuid, text, uuid, bigint, bigint)
from public, anon, authenticated, service_role;
