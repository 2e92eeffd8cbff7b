-- Generated from supabase/schemas/messages by npm run generate; do not edit.

-- schemas/messages/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('message_send', 300, '5 minutes', 'Messages sent, per user');

-- schemas/messages/events.sql

insert into private.topic_events (prefix, event, description) values
  ('channel', 'message_created', 'A message came. Payload: revision, kind ''created'', seq, message (its row)');

-- schemas/messages/hidden_author_ids.sql

-- hidden_author_ids: authors of whom a ban has hidden something in one of the caller's communities. Asked once per
-- statement, so that only their messages are looked at any closer (see is_hidden). A set and not an array: a policy looks
-- in it by hash, and an array it would read from end to end for every message, which after a thousand bans is all it does.
create function private.hidden_author_ids()
returns setof uuid
language plpgsql stable security definer set search_path = '' rows 100
as $$
begin
  return query
  select distinct h.author_id
  from public.community_members m
  join private.hidden_messages h on h.community_id = m.community_id
  where m.user_id = (select auth.uid());
end
$$;

revoke all on function private.hidden_author_ids() from public, anon, authenticated, service_role;
grant execute on function private.hidden_author_ids() to authenticated;

-- schemas/messages/is_hidden.sql

-- is_hidden: whether a ban has hidden a message of this author, sent to this channel at this time.
create function private.is_hidden(p_channel_id uuid, p_author_id uuid, p_created_at timestamptz)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from public.channels c
    join private.hidden_messages h on h.community_id = c.community_id and h.author_id = p_author_id
    where c.id = p_channel_id and p_created_at between h.since and h.until
  );
end
$$;

revoke all on function private.is_hidden(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.is_hidden(uuid, uuid, timestamptz) to authenticated;

-- schemas/messages/channel_heads.sql

-- channel_heads: the last numbers of each channel. Whoever changes something in a channel locks its row until the end of
-- the transaction, so numbers have no gaps and follow the order of commits.
-- Messages and the feed hang on the head and not on the channel: when the channel goes nobody reads them any more, at
-- once, and the sweep removes them afterwards in batches. Deleting a channel costs the same however much was written.
create table private.channel_heads (
  channel_id uuid primary key,
  last_seq bigint not null default 0,
  revision bigint not null default 0,
  deleted_at timestamptz
)
-- Room for the new version of the row on the same page: each message updates one row here, and no index.
with (fillfactor = 50);

create index channel_heads_deleted_at on private.channel_heads (deleted_at) where deleted_at is not null;

revoke all on table private.channel_heads from public, anon, authenticated, service_role;

-- Every channel has its head from its first moment on.
create function private.create_channel_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_heads (channel_id) select c.id from new_channels c;
  return null;
end
$$;

revoke all on function private.create_channel_heads() from public, anon, authenticated, service_role;

create trigger messages_create_channel_heads
after insert on public.channels
referencing new table as new_channels
for each statement execute function private.create_channel_heads();

-- And its last moment.
create function private.end_channel_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.channel_heads h
  set deleted_at = pg_catalog.now()
  where h.channel_id in (select c.id from gone_channels c);
  return null;
end
$$;

revoke all on function private.end_channel_heads() from public, anon, authenticated, service_role;

create trigger messages_end_channel_heads
after delete on public.channels
referencing old table as gone_channels
for each statement execute function private.end_channel_heads();

-- schemas/messages/messages.sql

-- messages: numbered per channel without gaps, in commit order. (channel_id, seq) is the message's only id.
create table public.messages (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  seq bigint not null,
  author_id uuid references public.profiles (id) on delete set null,
  body text not null check (pg_catalog.char_length(body) between 1 and 4000),
  reply_to_seq bigint,
  client_nonce text check (pg_catalog.char_length(client_nonce) between 1 and 64),
  revision bigint not null,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq),
  foreign key (channel_id, reply_to_seq) references public.messages (channel_id, seq) on delete set null (reply_to_seq)
);

comment on table public.messages is 'A message, known by its channel and its number there.';
comment on column public.messages.seq is 'Number in the channel: 1, 2, 3 … without gaps, in commit order.';
comment on column public.messages.author_id is 'Who sent it; null when the account is gone.';
comment on column public.messages.body is '1 to 4,000 characters.';
comment on column public.messages.reply_to_seq is 'The message of the same channel it answers.';
comment on column public.messages.client_nonce is 'The sender''s own mark, by which a retry is known: up to 64 characters.';
comment on column public.messages.revision is 'The channel''s revision at this message''s last change.';

-- What makes a send idempotent for ever.
create unique index messages_client_nonce on public.messages (channel_id, author_id, client_nonce)
where client_nonce is not null;
create index messages_author_id on public.messages (author_id);
create index messages_reply_to_seq on public.messages (channel_id, reply_to_seq) where reply_to_seq is not null;

alter table public.messages enable row level security;

create policy messages_select on public.messages
for select to authenticated using (
  channel_id = any ((select private.my_channel_ids('view_channel', 'read_history'))::uuid[])
  and (
    author_id is null
    or author_id not in (select private.hidden_author_ids())
    or not private.is_hidden(channel_id, author_id, created_at)
  )
);

revoke all on table public.messages from public, anon, authenticated, service_role;
grant select on table public.messages to authenticated;

-- schemas/messages/channel_events.sql

-- channel_events: the change feed. One row per revision, kept for at least 72 hours.
create table private.channel_events (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  revision bigint not null,
  kind text not null check (kind in ('created')),
  seq bigint not null,
  at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (channel_id, revision)
);

-- For the sweep; rows arrive in the order of time, so a block-range index is enough and costs a send next to nothing.
create index channel_events_at on private.channel_events using brin (at);

revoke all on table private.channel_events from public, anon, authenticated, service_role;

-- schemas/messages/send_message.sql

-- send_message: the one way a message enters a channel.
-- Gate: send_messages. Limits: message_send per user.
-- Locks the channel's head, so seq and revision are gap-free and in commit order.
-- In UTC, because the broadcast writes times out as text, and a caller may have chosen any zone.
create function private.send_message(
  p_channel_id uuid,
  p_body text,
  p_client_nonce text,
  p_reply_to_seq bigint
)
returns public.messages
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_user_id uuid := private.require_user();
  v_head private.channel_heads;
  v_message public.messages;
begin
  -- Before the gate: see hold_access. An unknown channel is the gate's to refuse.
  perform private.hold_access(c.community_id) from public.channels c where c.id = p_channel_id;
  perform private.require_in_channel(p_channel_id, 'send_messages');

  if pg_catalog.char_length(p_body) > 4000 then
    perform private.fail(
      'body_too_long', 'A message has at most 4,000 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_body', 'max', 4000)
    );
  end if;
  -- Nearly every text has a printable ASCII character, and is then not looked at any closer.
  if p_body is null or p_body !~ '[!-~]' and private.is_blank(p_body) then
    perform private.fail(
      'invalid_argument', 'A message needs a text.', 422, pg_catalog.jsonb_build_object('field', 'p_body')
    );
  end if;
  if pg_catalog.char_length(p_client_nonce) not between 1 and 64 then
    perform private.fail(
      'invalid_argument', 'A nonce has 1 to 64 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_client_nonce')
    );
  end if;

  select h.* into v_head from private.channel_heads h where h.channel_id = p_channel_id for no key update;

  -- Behind the head's lock, so that of two racing retries the second finds what the first has sent.
  select m.* into v_message
  from public.messages m
  where m.channel_id = p_channel_id and m.author_id = v_user_id and m.client_nonce = p_client_nonce;
  if found then
    return v_message;
  end if;

  if p_reply_to_seq is not null and not exists (
    select from public.messages m
    where m.channel_id = p_channel_id
      and m.seq = p_reply_to_seq
      and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
  ) then
    perform private.fail(
      'not_found', 'The message to answer does not exist.', 404, pg_catalog.jsonb_build_object('field', 'p_reply_to_seq')
    );
  end if;
  perform private.take_token('message_send', v_user_id::text);

  update private.channel_heads h
  set last_seq = h.last_seq + 1, revision = h.revision + 1
  where h.channel_id = p_channel_id
  returning h.* into v_head;

  insert into public.messages (channel_id, seq, author_id, body, reply_to_seq, client_nonce, revision, created_at)
  values (
    p_channel_id, v_head.last_seq, v_user_id, p_body, p_reply_to_seq, p_client_nonce, v_head.revision,
    -- Taken behind the lock, so that times do not run against numbers.
    pg_catalog.clock_timestamp()
  )
  returning * into v_message;

  insert into private.channel_events (channel_id, revision, kind, seq)
  values (p_channel_id, v_head.revision, 'created', v_head.last_seq);

  perform private.broadcast(
    private.channel_topic(p_channel_id), 'message_created',
    pg_catalog.jsonb_build_object(
      'revision', v_head.revision, 'kind', 'created', 'seq', v_head.last_seq, 'message', pg_catalog.to_jsonb(v_message)
    )
  );
  return v_message;
end
$$;

revoke all on function private.send_message(uuid, text, text, bigint) from public, anon, authenticated, service_role;
grant execute on function private.send_message(uuid, text, text, bigint) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.send_message(
  p_channel_id uuid,
  p_body text,
  p_client_nonce text default null,
  p_reply_to_seq bigint default null
)
returns public.messages
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.send_message(p_channel_id, p_body, p_client_nonce, p_reply_to_seq); $$;

comment on function public.send_message(uuid, text, text, bigint) is
$$Sends a message to a channel and returns it, with its `seq` and `revision`. Needs `send_messages`.
The same author and nonce give the same message back, for ever, and nothing is sent twice.
@param p_body 1 to 4,000 characters, kept byte for byte
@param p_client_nonce the sender's own mark, 1 to 64 characters; choose a new one for each message
@param p_reply_to_seq the message of this channel it answers
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, body_too_long, rate_limited
@idempotent by p_client_nonce$$;

revoke all on function public.send_message(uuid, text, text, bigint) from public, anon, authenticated, service_role;
grant execute on function public.send_message(uuid, text, text, bigint) to authenticated;

-- schemas/messages/list_messages.sql

-- list_messages: a page by number, newest page first, each page ascending. Gate: read_history.
-- What a ban has hidden is passed over (see is_hidden), so a page is full all the same: each message is asked about by one
-- look into the index, however many bans there are. That its author may be gone keeps the planner from joining instead,
-- for which it would read the whole channel. Each branch is one range of the primary key, read from one end.
create function private.list_messages(
  p_channel_id uuid,
  p_limit integer,
  p_before_seq bigint,
  p_after_seq bigint,
  p_around_seq bigint
)
returns setof public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select c.community_id from public.channels c where c.id = p_channel_id);
begin
  perform private.require_in_channel(p_channel_id, 'read_history');
  perform private.require_limit(p_limit, 100);

  if pg_catalog.num_nonnulls(p_before_seq, p_after_seq, p_around_seq) > 1 then
    perform private.fail('invalid_argument', 'Ask for before, after or around, not for two of them.', 422);
  end if;

  if p_after_seq is not null then
    return query
    select m.* from public.messages m
    where m.channel_id = p_channel_id and m.seq > p_after_seq
      and (m.author_id is null or not exists (
        select from private.hidden_messages h
        where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
      ))
    order by m.seq
    limit p_limit;
  elsif p_around_seq is not null then
    return query
    select * from (
      (select m.* from public.messages m
       where m.channel_id = p_channel_id and m.seq <= p_around_seq
         and (m.author_id is null or not exists (
           select from private.hidden_messages h
           where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
         ))
       order by m.seq desc
       limit (p_limit + 1) / 2)
      union all
      (select m.* from public.messages m
       where m.channel_id = p_channel_id and m.seq > p_around_seq
         and (m.author_id is null or not exists (
           select from private.hidden_messages h
           where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
         ))
       order by m.seq
       limit p_limit / 2)
    ) page
    order by page.seq;
  else
    return query
    select * from (
      select m.* from public.messages m
      where m.channel_id = p_channel_id and m.seq < coalesce(p_before_seq, 9223372036854775807)
        and (m.author_id is null or not exists (
          select from private.hidden_messages h
          where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
        ))
      order by m.seq desc
      limit p_limit
    ) page
    order by page.seq;
  end if;
end
$$;

revoke all on function private.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function private.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;

create function public.list_messages(
  p_channel_id uuid,
  p_limit integer default 50,
  p_before_seq bigint default null,
  p_after_seq bigint default null,
  p_around_seq bigint default null
)
returns setof public.messages
language sql stable security invoker set search_path = ''
as $$ select * from private.list_messages(p_channel_id, p_limit, p_before_seq, p_after_seq, p_around_seq); $$;

comment on function public.list_messages(uuid, integer, bigint, bigint, bigint) is
$$Returns a page of a channel's messages, always ascending by `seq`. Needs `read_history`.
Without a bound: the newest. At most one bound may be given.
@param p_limit 1 to 100
@param p_before_seq the newest messages below this number
@param p_after_seq the oldest messages above this number
@param p_around_seq the message of this number with as many before as after it
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function public.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;

-- schemas/messages/sync_channel.sql

-- sync_channel: what changed since a revision, in order, without a gap; or `resync` when the feed no longer reaches back.
-- Gate: view_channel. Who may not read the history gets the changes without the messages.
-- Head and feed are read in one snapshot: what commits later is above the head and comes with the next call.
create function private.sync_channel(p_channel_id uuid, p_after_revision bigint, p_limit integer)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select c.community_id from public.channels c where c.id = p_channel_id);
  v_permissions bigint := private.require_in_channel(p_channel_id, 'view_channel');
  v_may_read boolean := v_permissions & private.permission_mask('read_history') <> 0;
  v_head private.channel_heads;
  v_changes jsonb;
  v_last bigint;
  v_is_gap_free boolean;
begin
  perform private.require_limit(p_limit, 500);

  select h.* into v_head from private.channel_heads h where h.channel_id = p_channel_id;

  if p_after_revision < v_head.revision then
    select
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'revision', e.revision, 'kind', e.kind, 'seq', e.seq, 'at', e.at,
          'message', case
            when v_may_read and not private.is_hidden(m.channel_id, m.author_id, m.created_at) then pg_catalog.to_jsonb(m)
          end
        )
        order by e.revision
      ),
      pg_catalog.max(e.revision),
      -- No row missing before the first nor between them. (Never p_after_revision + 1: that may be past the greatest bigint.)
      pg_catalog.min(e.revision) - 1 = p_after_revision
        and pg_catalog.max(e.revision) - pg_catalog.min(e.revision) + 1 = pg_catalog.count(*)
    into v_changes, v_last, v_is_gap_free
    from (
      select f.* from private.channel_events f
      where f.channel_id = p_channel_id and f.revision > p_after_revision and f.revision <= v_head.revision
      order by f.revision
      limit p_limit
    ) e
    left join public.messages m on m.channel_id = e.channel_id and m.seq = e.seq;
  end if;

  return pg_catalog.jsonb_build_object(
    'topic', private.channel_topic(p_channel_id),
    'community_topic', private.community_topic(v_community_id),
    'revision', v_head.revision,
    'last_seq', v_head.last_seq,
    -- A revision from the future, or a feed that has not all of what came since.
    'resync', coalesce(
      p_after_revision > v_head.revision
      or (p_after_revision < v_head.revision and v_is_gap_free is not true),
      false
    ),
    'has_more', coalesce(v_is_gap_free and v_last < v_head.revision, false),
    'changes', case when v_is_gap_free then v_changes else '[]'::jsonb end,
    -- For as long as the feed reaches back: who comes later reads a fresh page.
    'hidden', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('author_id', h.author_id, 'since', h.since, 'until', h.until) order by h.until
        ),
        '[]'
      )
      from private.hidden_messages h
      where h.community_id = v_community_id and h.until > pg_catalog.now() - interval '72 hours'
    )
  );
end
$$;

revoke all on function private.sync_channel(uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.sync_channel(uuid, bigint, integer) to authenticated;

create function public.sync_channel(
  p_channel_id uuid,
  p_after_revision bigint default null,
  p_limit integer default 100
)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.sync_channel(p_channel_id, p_after_revision, p_limit); $$;

comment on function public.sync_channel(uuid, bigint, integer) is
$$Returns where a channel stands, and what changed in it since a revision: ascending, without a gap. Needs `view_channel`.
`resync` true means that the feed (at least 72 hours) no longer reaches back to that revision: read a fresh page with
`list_messages` and go on from `revision`. `hidden` are the messages that bans have hidden meanwhile: those of an author
between two times, both included; whoever shows them stops. A change's `message` is null without `read_history`, and where
it is hidden.
@param p_after_revision the last revision the caller knows; left out: only where the channel stands
@param p_limit 1 to 500 changes
@errors session_required, not_found, invalid_argument
@returns {{ topic: string; community_topic: string; revision: number; last_seq: number; resync: boolean; has_more: boolean; changes: { revision: number; kind: 'created'; seq: number; at: string; message: Message | null }[]; hidden: { author_id: string; since: string; until: string }[] }}$$;

revoke all on function public.sync_channel(uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.sync_channel(uuid, bigint, integer) to authenticated;

-- schemas/messages/sweep_messages.sql

-- sweep_messages: cuts the change feed behind 72 hours, in bounded batches. A batch every 30 seconds keeps up with 1,600
-- changes a second, which is more than Realtime delivers on most plans. Then removes what deleted channels have left: of each
-- the newest messages first, because a message that is answered looks for its answers when it goes.
-- Rows are named by their place on the disk, within one statement: a join by key would read the whole table for each batch.
create function private.sweep_messages(p_batch integer default 50000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.channel_events e
  where e.ctid = any (array(
    select s.ctid from private.channel_events s
    where s.at < pg_catalog.now() - interval '72 hours'
    -- The oldest first, so that the feed ends earlier and never has a hole.
    order by s.at, s.revision
    limit p_batch
  ));

  delete from public.messages m
  where m.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from public.messages k where k.channel_id = h.channel_id order by k.seq desc limit p_batch / 10
    ) s
    limit p_batch / 10
  ));

  delete from private.channel_events e
  where e.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from private.channel_events k where k.channel_id = h.channel_id limit p_batch
    ) s
    limit p_batch
  ));

  delete from private.channel_heads h
  where h.deleted_at is not null
    and not exists (select from public.messages m where m.channel_id = h.channel_id)
    and not exists (select from private.channel_events e where e.channel_id = h.channel_id);
$$;

revoke all on function private.sweep_messages(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_messages', '30 seconds', 'select private.sweep_messages()');

-- schemas/messages/remove_hidden_before_account_ends.sql

-- What bans have hidden of somebody is known by the author. When the account ends, its messages stay without one, and those
-- would be shown again: so a spammer's last act would be to bring all of it back. They go with the account instead.
create function private.remove_hidden_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.messages m
  using private.hidden_messages h
  join public.channels c on c.community_id = h.community_id
  where h.author_id = old.id
    and m.author_id = old.id
    and m.channel_id = c.id
    and m.created_at between h.since and h.until;
  return old;
end
$$;

revoke all on function private.remove_hidden_before_account_ends() from public, anon, authenticated, service_role;

create trigger messages_remove_hidden_before_account_ends
before delete on public.profiles
for each row execute function private.remove_hidden_before_account_ends();
