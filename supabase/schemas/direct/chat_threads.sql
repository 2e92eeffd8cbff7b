-- chat_threads: the caller's direct channels of two in which both have an external id, under the names of the chat surface.
-- A function answers who is in them and by which ids, and not tables under row-level security: then no client role needs to see any
-- row of who is who, and the rule of what somebody is shown stays shown_direct_channels.
create type private.my_chat_thread as (
  thread_id text,
  channel_id uuid,
  my_id uuid,
  my_mongo_id text,
  other_id uuid,
  other_mongo_id text,
  last_seq bigint,
  last_message_at timestamptz,
  unread bigint,
  is_listed boolean,
  created_at timestamptz
);

-- is_listed: see list_direct: what somebody else has begun and not written in yet is not shown by itself.
create function private.my_chat_threads()
returns setof private.my_chat_thread
language plpgsql stable security definer set search_path = '' rows 100
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_mongo_id text := private.external_id_of(private.chat_provider(), v_user_id);
begin
  if v_mongo_id is null then
    return;
  end if;
  return query
  select
    private.chat_thread_id(v_mongo_id, e.external_id), d.id, v_user_id, v_mongo_id, e.user_id, e.external_id,
    h.last_seq, h.last_message_at, h.last_seq - m.last_read_seq, h.last_seq > 0 or d.opener_id is not distinct from v_user_id, d.created_at
  from private.shown_direct_channels(v_user_id) m
  join private.direct_channels d on d.id = m.channel_id and d.kind = 'pair'
  join private.external_identities e
    on e.user_id = case when d.low_id = v_user_id then d.high_id else d.low_id end and e.provider = private.chat_provider()
  join private.channel_heads h on h.channel_id = d.id;
end
$$;

revoke all on function private.my_chat_threads() from public, anon, authenticated, service_role;
grant execute on function private.my_chat_threads() to authenticated;

create view public.chat_threads with (security_invoker = true) as
select
  t.thread_id, t.channel_id, t.other_mongo_id, t.other_id as other_supabase_id, t.last_seq, t.last_message_at, t.unread, t.created_at
from private.my_chat_threads() t
where t.is_listed;

comment on view public.chat_threads is $$A chat of the caller's with somebody else, both known by their ids in another system.
@not_null thread_id, channel_id, other_mongo_id, other_supabase_id, last_seq, unread, created_at$$;
comment on column public.chat_threads.thread_id is 'Both external ids in the order of their bytes, joined by `_`.';
comment on column public.chat_threads.channel_id is 'The direct channel that it is.';
comment on column public.chat_threads.last_seq is 'The number of its newest message; 0: none yet.';
comment on column public.chat_threads.last_message_at is 'When that was sent; null: none yet.';
comment on column public.chat_threads.unread is 'How many numbers there are after the last one that the caller has read.';

revoke all on table public.chat_threads from public, anon, authenticated, service_role;
grant select on table public.chat_threads to authenticated;
