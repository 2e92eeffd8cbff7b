-- refresh_voice_sessions: keeps sessions to what their users may now: who may connect no longer is out, and who may speak or stream, or
-- may not any more, is shown so. The caller holds change_access for the community.
create function private.refresh_voice_sessions(p_session_ids uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_connect bigint := private.permission_mask('connect');
  v_speak bigint := private.permission_mask('speak');
  v_stream bigint := private.permission_mask('stream');
  v_room record;
  v_changed uuid[];
begin
  delete from private.voice_sessions s
  where s.id = any (p_session_ids)
    and coalesce(private.channel_permissions(s.channel_id, p_user_id => s.user_id), 0) & v_connect = 0;

  with changed as (
    update private.voice_sessions s
    set is_muted = n.is_muted, can_speak = n.can_speak, can_stream = n.can_stream
    from (
      select
        h.id, h.is_muted,
        h.permissions & v_speak <> 0 and not h.is_muted as can_speak,
        h.permissions & v_stream <> 0 as can_stream
      from (
        select
          o.id, private.channel_permissions(o.channel_id, p_user_id => o.user_id) as permissions,
          exists (select from private.voice_mutes u where u.channel_id = o.channel_id and u.user_id = o.user_id) as is_muted
        from private.voice_sessions o
        where o.id = any (p_session_ids)
      ) h
    ) n
    where s.id = n.id and (s.is_muted, s.can_speak, s.can_stream) <> (n.is_muted, n.can_speak, n.can_stream)
    returning s.channel_id, s.id
  )
  select pg_catalog.array_agg(c.id) into v_changed from changed c;

  for v_room in
    select s.channel_id, pg_catalog.array_agg(s.id) as ids
    from private.voice_sessions s
    where s.id = any (v_changed)
    group by s.channel_id
    order by s.channel_id
  loop
    perform private.tell_roster(v_room.channel_id, p_present => v_room.ids);
  end loop;
end
$$;

revoke all on function private.refresh_voice_sessions(uuid[]) from public, anon, authenticated, service_role;

-- What has changed is found by `except` and not by joining old to new: a plan is kept from one change to the next, and one made for a
-- single row would compare each of 10,000 with each. And it is the sessions whose members are looked up (`limit 1` keeps the planner to it):
-- nearly everybody may be of one class, and to go through them for each answer that changed took seconds.
-- A role, an overwrite or the owner changed, and with it what whole classes may in some channels.
create function private.refresh_voice_after_resolution()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_voice bigint := private.permission_mask('connect', 'speak', 'stream');
begin
  perform private.refresh_voice_sessions(array(
    with changed as materialized (
      select n.access_class_id, n.channel_id, n.permissions & v_voice from new_access n
      except
      select o.access_class_id, o.channel_id, o.permissions & v_voice from old_access o
    ),
    seated as materialized (
      select s.id, s.channel_id, m.access_class_id, m.has_ended
      from private.voice_sessions s
      cross join lateral (
        select b.access_class_id, b.access_expires_at <= pg_catalog.now() as has_ended
        from public.community_members b
        where b.community_id = s.community_id and b.user_id = s.user_id
        limit 1
      ) m
      where s.channel_id in (select c.channel_id from changed c)
    )
    select t.id from seated t
    -- Whose grants have ended is asked of the rule: the stored answer of their class may not show what changed for them.
    where t.has_ended or exists (
      select from changed c where c.access_class_id = t.access_class_id and c.channel_id = t.channel_id
    )
  ));
  return null;
end
$$;

revoke all on function private.refresh_voice_after_resolution() from public, anon, authenticated, service_role;

create trigger voice_refresh_after_resolution
after update on private.channel_access
referencing old table as old_access new table as new_access
for each statement execute function private.refresh_voice_after_resolution();

-- Administrators are exempt from timeouts: with `administrator` may go what no stored answer shows (see left_by_timeout).
create function private.refresh_voice_after_administration()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_administrator bigint := private.permission_mask('administrator');
begin
  perform private.refresh_voice_sessions(array(
    with changed as materialized (
      select n.community_id, n.id, n.permissions & v_administrator from new_classes n
      except
      select o.community_id, o.id, o.permissions & v_administrator from old_classes o
    ),
    seated as materialized (
      select s.id, s.community_id, m.access_class_id
      from private.voice_sessions s
      cross join lateral (
        select b.access_class_id
        from public.community_members b
        where b.community_id = s.community_id and b.user_id = s.user_id and b.timed_out_until is not null
        limit 1
      ) m
      where s.community_id in (select c.community_id from changed c)
    )
    select t.id from seated t
    where exists (select from changed c where c.id = t.access_class_id and c.community_id = t.community_id)
  ));
  return null;
end
$$;

revoke all on function private.refresh_voice_after_administration() from public, anon, authenticated, service_role;

create trigger voice_refresh_after_administration
after update on private.access_classes
referencing old table as old_classes new table as new_classes
for each statement execute function private.refresh_voice_after_administration();

-- Members got another class or a timeout.
create function private.refresh_voice_of_members()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.refresh_voice_sessions(array(
    select s.id
    from (
      select n.community_id, n.user_id, n.access_class_id, n.timed_out_until, n.access_expires_at from new_members n
      except
      select o.community_id, o.user_id, o.access_class_id, o.timed_out_until, o.access_expires_at from old_members o
    ) c
    join private.voice_sessions s on s.user_id = c.user_id and s.community_id = c.community_id
  ));
  return null;
end
$$;

revoke all on function private.refresh_voice_of_members() from public, anon, authenticated, service_role;

create trigger voice_refresh_of_members
after update on public.community_members
referencing old table as old_members new table as new_members
for each statement execute function private.refresh_voice_of_members();

-- Members are none any more, by whatever way.
create function private.end_voice_of_departed()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.voice_sessions s
  using gone_members g
  where s.user_id = g.user_id and s.community_id = g.community_id;
  return null;
end
$$;

revoke all on function private.end_voice_of_departed() from public, anon, authenticated, service_role;

create trigger voice_end_of_departed
after delete on public.community_members
referencing old table as gone_members
for each statement execute function private.end_voice_of_departed();
