-- described_message: a message as a row on the screen needs it. The columns of messages, in their order, and what differs from reader
-- to reader or is read from other messages.
create type public.described_message as (
  channel_id uuid,
  seq bigint,
  kind text,
  author_id uuid,
  author_name text,
  body text,
  reply_to_seq bigint,
  mentions jsonb,
  reactions jsonb,
  attachments jsonb,
  preview jsonb,
  pinned_at timestamptz,
  thread jsonb,
  edited_at timestamptz,
  client_nonce text,
  revision bigint,
  created_at timestamptz,
  reply jsonb,
  my_reactions text[]
);

comment on type public.described_message is $$A message with all that is shown of it.
@not_null channel_id, seq, kind, body, reactions, attachments, revision, created_at, my_reactions$$;
comment on column public.described_message.seq is 'Number in the channel: 1, 2, 3 … without gaps, in commit order.';
comment on column public.described_message.kind is $$What it says: a `text` of its author's, or what its author did: joined, renamed the channel or thread (`body` is the new name),
pinned the message `reply_to_seq`, opened a thread (`body` is its name).
@type {'text' | 'member_joined' | 'channel_renamed' | 'message_pinned' | 'thread_created'}$$;
comment on column public.described_message.author_id is 'Who sent it; null when the account is gone.';
comment on column public.described_message.author_name is 'The name its author was shown by when it was sent; null when the account is gone.';
comment on column public.described_message.body is '1 to 4,000 characters; empty where `kind` or the files say it all.';
comment on column public.described_message.reply_to_seq is 'The message of the same channel it answers.';
comment on column public.described_message.mentions is $$Whom it mentions, as far as its author might; null: nobody.
@type {{ user_ids: string[]; role_ids: string[]; channel_ids: string[]; everyone: boolean }}$$;
comment on column public.described_message.reactions is $$How many reacted with what, in the order of the first of each; at most 20.
@type {{ emoji: string; count: number }[]}$$;
comment on column public.described_message.attachments is $$Its files that have not expired, at most 10, in the order of sending. `path` is where each lies in the bucket
`attachments`, `size` in bytes; whoever shows one that expires stops then.
@type {{ id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null }[]}$$;
comment on column public.described_message.preview is $$What the page behind its first link says of itself, where that was fetched; null: nothing. `url` is the link as it stands
in `body`; whoever shows `image_url` loads it from a stranger's server.
@type {{ url: string; title: string | null; description: string | null; site_name: string | null; image_url: string | null }}$$;
comment on column public.described_message.pinned_at is 'Since when it is pinned; null: it is not.';
comment on column public.described_message.thread is $$The thread that hangs on it; null: none. `last_seq`, how many messages were sent there, and `last_message_at` are told every few
seconds.
@type {{ id: string; name: string; is_locked: boolean; archive_after_minutes: number; archived_at: string | null; last_seq: number; last_message_at: string | null }}$$;
comment on column public.described_message.edited_at is 'When its body was last edited; null: never.';
comment on column public.described_message.client_nonce is 'The sender''s own mark.';
comment on column public.described_message.revision is 'The channel''s revision at this message''s last change.';
comment on column public.described_message.reply is $$The beginning of what it answers; null where it answers nothing. `excerpt` is its first 100 characters; of an
answered message that is gone there is only the number.
@type {{ seq: number; author_id: string | null; author_name: string | null; excerpt: string | null; created_at: string | null }}$$;
comment on column public.described_message.my_reactions is 'The reactions that are the reader''s own.';

-- What a message answers, as anybody sees it who reads the channel; of what is gone only the number.
create function private.reply(p_seq bigint, p_answered public.messages)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return pg_catalog.jsonb_build_object(
    'seq', p_seq, 'author_id', p_answered.author_id, 'author_name', p_answered.author_name,
    'excerpt', pg_catalog.left(p_answered.body, 100), 'created_at', p_answered.created_at
  );
end
$$;

revoke all on function private.reply(bigint, public.messages) from public, anon, authenticated, service_role;

-- These messages, in their order, for who asks: one question for all that they answer and one for the reader's own reactions, however
-- many messages they are.
create function private.described_messages(p_messages public.messages[])
returns setof public.described_message
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select
    m.channel_id, m.seq, m.kind, m.author_id, m.author_name, m.body, m.reply_to_seq, m.mentions, m.reactions,
    -- Asked here, too: most files do not expire, and most messages have none.
    case
      when m.attachments @? '$[*].expires_at ? (@ != null)' then private.shown_attachments(m.seq, m.attachments)
      else m.attachments
    end,
    m.preview, m.pinned_at, m.thread, m.edited_at, m.client_nonce, m.revision, m.created_at,
    case when m.reply_to_seq is not null then private.reply(m.reply_to_seq, answered.*) end,
    coalesce(mine.emoji, '{}')
  from pg_catalog.unnest(p_messages) with ordinality as m
  -- By row and not joined as a set, for which the planner would read all reactions there are. In the message's own order.
  left join lateral (
    select pg_catalog.array_agg(r.emoji order by c.place) as emoji
    from private.reactions r
    join pg_catalog.jsonb_array_elements(m.reactions) with ordinality as c (item, place)
      on c.item ->> 'emoji' = r.emoji
    where r.channel_id = m.channel_id and r.user_id = (select auth.uid()) and r.seq = m.seq
  ) mine on m.reactions <> '[]'
  left join lateral (
    select a.*
    from public.messages a
    where a.channel_id = m.channel_id and a.seq = m.reply_to_seq
      -- As in is_hidden, here without a call for each.
      and not exists (
        select
        from private.hidden_messages h
        join private.channel_heads c on c.community_id = h.community_id
        where h.author_id = a.author_id and a.created_at between h.since and h.until and c.channel_id = a.channel_id
      )
  ) answered on true
  order by m.ordinality;
end
$$;

revoke all on function private.described_messages(public.messages[]) from public, anon, authenticated, service_role;

-- One message, for who asks and holds this in its channel: who may not read the history learns nothing of what it answers. Nearly
-- every one that was just written has nothing around it.
create function private.described(p_message public.messages, p_held bigint)
returns public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.described_message;
begin
  if p_message.reply_to_seq is null and p_message.reactions = '[]' then
    if p_message.attachments <> '[]' then
      p_message := private.shown_message(p_message);
    end if;
    select (p_message).*, null::jsonb, array[]::text[] into v_described;
  else
    select d.* into v_described from private.described_messages(array[p_message]) d;
    if v_described.reply is not null and p_held & private.permission_mask('read_history') = 0 then
      v_described.reply := private.reply(p_message.reply_to_seq, null);
    end if;
  end if;
  return v_described;
end
$$;

revoke all on function private.described(public.messages, bigint) from public, anon, authenticated, service_role;
