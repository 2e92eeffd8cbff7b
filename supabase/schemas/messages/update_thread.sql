-- update_thread: Gate: view_channel; whoever opened it changes it while they may write in it, all else needs manage_threads.
-- Limits: thread_change per user. What managers do is in the log.
create function private.update_thread(
  p_thread_id uuid,
  p_name text,
  p_is_locked boolean,
  p_is_archived boolean,
  p_archive_after_minutes integer,
  p_reason text
)
returns public.thread
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_old private.threads;
  v_thread private.threads;
  v_name text;
begin
  v_old := private.begin_thread_change(p_thread_id, 'view_channel');
  if v_old.owner_id is distinct from v_user_id or p_is_locked is not null then
    perform private.require_in_thread(p_thread_id, 'manage_threads');
  else
    perform private.require_in_thread(p_thread_id, 'send_messages');
  end if;
  if p_name is not null then
    v_name := private.require_name(p_name);
  end if;
  if p_archive_after_minutes is not null then
    perform private.require_archive_after(p_archive_after_minutes);
  end if;

  v_thread := v_old;
  if p_is_archived is false and private.archived_at(v_old) is not null then
    v_thread := private.open_thread(v_old);
  end if;
  update private.threads t
  set
    name = coalesce(v_name, t.name),
    is_locked = coalesce(p_is_locked, t.is_locked),
    archive_after_minutes = coalesce(p_archive_after_minutes, t.archive_after_minutes),
    archived_at = case when p_is_archived then coalesce(t.archived_at, pg_catalog.now()) else t.archived_at end,
    -- Not later than it may be due by the new stretch.
    silence_at = least(t.silence_at, pg_catalog.now() + pg_catalog.make_interval(mins => p_archive_after_minutes))
  where t.id = p_thread_id
  returning t.* into v_thread;
  if (v_thread.name, v_thread.is_locked, v_thread.archive_after_minutes, v_thread.opened_at)
    = (v_old.name, v_old.is_locked, v_old.archive_after_minutes, v_old.opened_at)
    and v_thread.archived_at is not distinct from v_old.archived_at
  then
    return private.described_thread(v_thread);
  end if;

  if v_thread.name <> v_old.name then
    perform private.write_message(p_thread_id, 'channel_renamed', v_user_id, v_thread.name);
  end if;
  perform private.tell_thread(v_thread);
  if v_old.owner_id is distinct from v_user_id or p_is_locked is not null then
    perform private.write_audit(
      v_thread.community_id, 'thread_updated', p_thread_id::text,
      -- What a private thread is called is its members'.
      pg_catalog.jsonb_build_object(
        'name', case when v_old.kind = 'public' then v_old.name end, 'is_locked', v_old.is_locked, 'archived_at', v_old.archived_at,
        'archive_after_minutes', v_old.archive_after_minutes
      ),
      pg_catalog.jsonb_build_object(
        'name', case when v_thread.kind = 'public' then v_thread.name end, 'is_locked', v_thread.is_locked, 'archived_at', v_thread.archived_at,
        'archive_after_minutes', v_thread.archive_after_minutes, 'channel_id', v_thread.channel_id
      ),
      p_reason
    );
  end if;
  return private.described_thread(v_thread);
end
$$;

revoke all on function private.update_thread(uuid, text, boolean, boolean, integer, text) from public, anon, authenticated, service_role;
grant execute on function private.update_thread(uuid, text, boolean, boolean, integer, text) to authenticated;

create function public.update_thread(
  p_thread_id uuid,
  p_name text default null,
  p_is_locked boolean default null,
  p_is_archived boolean default null,
  p_archive_after_minutes integer default null,
  p_reason text default null
)
returns public.thread
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_thread(p_thread_id, p_name, p_is_locked, p_is_archived, p_archive_after_minutes, p_reason); $$;

comment on function public.update_thread(uuid, text, boolean, boolean, integer, text) is
$$Changes a thread and returns it; what is left out stays. Whoever opened it may, as long as they may write in it; others need
`manage_threads`, and so does locking.
@param p_name 1 to 100 characters; a new name is told in the thread
@param p_is_locked true: only those with `manage_threads` write and react in it
@param p_is_archived true: puts it into the archive; false: takes it out
@param p_archive_after_minutes 60, 1440, 4320 or 10080
@param p_reason up to 512 characters, for the audit log, where it is not one's own
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.update_thread(uuid, text, boolean, boolean, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.update_thread(uuid, text, boolean, boolean, integer, text) to authenticated;
