-- create_thread: Gate: create_threads in the channel, for one on a message read_history, and for a public
-- one on none send_messages. Limits: thread_create per user, and then the channel's slow mode.
-- A public thread that is on no message of somebody's gets one of the server's to hang on, so that whoever reads the channel
-- finds it in its place.
create function private.create_thread(
  p_channel_id uuid,
  p_name text,
  p_seq bigint,
  p_is_private boolean,
  p_archive_after_minutes integer
)
returns public.thread
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_held bigint;
  v_name text;
  v_channel public.channels;
  v_id uuid := private.uuid_v7();
  v_root public.messages;
  v_thread private.threads;
begin
  perform private.begin_message_change(p_channel_id, 'create_threads');
  v_name := private.require_name(p_name);
  perform private.require_archive_after(p_archive_after_minutes);
  if p_is_private is null or p_is_private and p_seq is not null then
    perform private.fail(
      'invalid_argument', 'A private thread is on no message: who reads the channel would learn of it.', 422,
      pg_catalog.jsonb_build_object('field', 'p_is_private')
    );
  end if;
  select c.* into v_channel from public.channels c where c.id = p_channel_id;
  if v_channel.kind <> 'text' then
    perform private.fail(
      'invalid_argument', 'Only text channels have threads.', 422, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  if p_seq is null and not p_is_private then
    -- Its name stands in the channel as a message does.
    v_held := private.require_in_channel(p_channel_id, 'send_messages');
    perform private.keep_slow_mode(p_channel_id, v_channel.slow_mode_seconds, v_user_id, v_held);
  elsif p_seq is not null then
    perform private.require_in_channel(p_channel_id, 'read_history');
    v_root := private.require_message(p_channel_id, p_seq);
    if v_root.thread is not null then
      perform private.fail(
        'conflict', 'This message has a thread already.', 409,
        pg_catalog.jsonb_build_object('thread_id', v_root.thread -> 'id')
      );
    end if;
  end if;
  perform private.require_room_for_thread(p_channel_id, v_user_id);
  perform private.take_token('thread_create', v_user_id::text);

  insert into private.threads (community_id, channel_id, id, kind, name, owner_id, root_seq, archive_after_minutes, silence_at)
  values (
    v_channel.community_id, p_channel_id, v_id, case when p_is_private then 'private' else 'public' end, v_name, v_user_id,
    p_seq, p_archive_after_minutes, pg_catalog.now() + pg_catalog.make_interval(mins => p_archive_after_minutes)
  )
  returning * into v_thread;
  perform private.follow_thread(v_thread, v_user_id);

  if p_seq is not null then
    perform private.change_root(v_thread);
  elsif not p_is_private then
    v_root := private.write_message(
      p_channel_id, 'thread_created', v_user_id, v_name, p_thread => private.thread_summary(v_thread)
    );
    update private.threads t set root_seq = v_root.seq where t.id = v_id returning t.* into v_thread;
  end if;
  return private.described_thread(v_thread);
end
$$;

revoke all on function private.create_thread(uuid, text, bigint, boolean, integer) from public, anon, authenticated, service_role;
grant execute on function private.create_thread(uuid, text, bigint, boolean, integer) to authenticated;

create function public.create_thread(
  p_channel_id uuid,
  p_name text,
  p_seq bigint default null,
  p_is_private boolean default false,
  p_archive_after_minutes integer default 4320
)
returns public.thread
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_thread(p_channel_id, p_name, p_seq, p_is_private, p_archive_after_minutes); $$;

comment on function public.create_thread(uuid, text, bigint, boolean, integer) is
$$Opens a thread in a text channel and returns it; the caller follows it. Needs `create_threads`; a public one on no
message of somebody's also `send_messages`, and it counts in slow mode.
Its `id` is used as a channel's. It has the rights of its channel, with `send_in_threads` in place of `send_messages`. A public thread
hangs on a message, which shows it in `thread`: the one that is named, or one that the server writes. A private one is
seen by its members (see `add_thread_member`) and by those with `manage_threads`.
@param p_name 1 to 100 characters
@param p_seq the message of this channel that it hangs on; needs `read_history`; a message has one thread at most
@param p_is_private not together with `p_seq`
@param p_archive_after_minutes of silence: 60, 1440, 4320 or 10080; a message opens it again
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, limit_reached, slow_mode, rate_limited$$;

revoke all on function public.create_thread(uuid, text, bigint, boolean, integer) from public, anon, authenticated, service_role;
grant execute on function public.create_thread(uuid, text, bigint, boolean, integer) to authenticated;
