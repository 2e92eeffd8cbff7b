-- thread: a thread as its reader sees it.
create type public.thread as (
  channel_id uuid,
  id uuid,
  kind text,
  name text,
  owner_id uuid,
  root_seq bigint,
  is_locked boolean,
  archive_after_minutes integer,
  archived_at timestamptz,
  created_at timestamptz,
  last_seq bigint,
  last_message_at timestamptz,
  is_member boolean
);

comment on type public.thread is $$A thread of a channel. Its id is used as a channel's: to send, to read, to follow it live.
@not_null channel_id, id, kind, name, is_locked, archive_after_minutes, created_at, last_seq, is_member$$;
comment on column public.thread.channel_id is 'The channel it belongs to.';
comment on column public.thread.kind is $$Who sees it: whoever reads the channel, or its members and those who manage threads.
@type {'public' | 'private'}$$;
comment on column public.thread.name is '1 to 100 characters.';
comment on column public.thread.owner_id is 'Who opened it; null when the account is gone.';
comment on column public.thread.root_seq is 'The message of the channel that it hangs on, which may be gone; null for private ones.';
comment on column public.thread.is_locked is 'Whether only those who manage threads write in it.';
comment on column public.thread.archive_after_minutes is 'After how many minutes of silence it is archived: 60, 1440, 4320 or 10080.';
comment on column public.thread.archived_at is 'Since when it is archived; null: it is open.';
comment on column public.thread.last_seq is 'The number of its newest message; 0: none yet.';
comment on column public.thread.last_message_at is 'When that was sent; null: none yet.';
comment on column public.thread.is_member is 'Whether the caller follows it.';

-- A thread, for who asks. The caller has checked that they may.
create function private.described_thread(p_thread private.threads)
returns public.thread
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_thread public.thread;
begin
  select
    p_thread.channel_id, p_thread.id, p_thread.kind, p_thread.name, p_thread.owner_id, p_thread.root_seq,
    p_thread.is_locked, p_thread.archive_after_minutes, private.archived_at(p_thread), p_thread.created_at, h.last_seq,
    h.last_message_at,
    exists (
      select from private.thread_members m where m.thread_id = p_thread.id and m.user_id = (select auth.uid())
    )
  into v_thread
  from private.channel_heads h
  where h.channel_id = p_thread.id;
  return v_thread;
end
$$;

revoke all on function private.described_thread(private.threads) from public, anon, authenticated, service_role;
