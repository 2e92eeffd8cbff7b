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
  pinned_at timestamptz,
  edited_at timestamptz,
  client_nonce text,
  revision bigint,
  created_at timestamptz,
  reply jsonb,
  my_reactions text[]
);

comment on type public.described_message is $$A message with all that is shown of it.
@not_null channel_id, seq, kind, body, reactions, revision, created_at, my_reactions$$;
comment on column public.described_message.seq is 'Number in the channel: 1, 2, 3 … without gaps, in commit order.';
comment on column public.described_message.kind is $$What it says: a `text` of its author's, or what its author did: joined, renamed the channel (`body` is the new name), pinned
the message `reply_to_seq`.
@type {'text' | 'member_joined' | 'channel_renamed' | 'message_pinned'}$$;
comment on column public.described_message.author_id is 'Who sent it; null when the account is gone.';
comment on column public.described_message.author_name is 'The name its author was shown by when it was sent; null when the account is gone.';
comment on column public.described_message.body is '1 to 4,000 characters; empty where `kind` says it all.';
comment on column public.described_message.reply_to_seq is 'The message of the same channel it answers.';
comment on column public.described_message.mentions is $$Whom it mentions, as far as its author might; null: nobody.
@type {{ user_ids: string[]; role_ids: string[]; channel_ids: string[]; everyone: boolean }}$$;
comment on column public.described_message.reactions is $$How many reacted with what, in the order of the first of each; at most 20.
@type {{ emoji: string; count: number }[]}$$;
comment on column public.described_message.pinned_at is 'Since when it is pinned; null: it is not.';
comment on column public.described_message.edited_at is 'When its body was last edited; null: never.';
comment on column public.described_message.client_nonce is 'The sender''s own mark.';
comment on column public.described_message.revision is 'The channel''s revision at this message''s last change.';
comment on column public.described_message.reply is $$The beginning of what it answers; null where it answers nothing. `excerpt` is its first 100 characters; of an
answered message that is gone there is only the number.
@type {{ seq: number; author_id: string | null; author_name: string | null; excerpt: string | null; created_at: string | null }}$$;
comment on column public.described_message.my_reactions is 'The reactions that are the reader''s own.';

-- What it answers, as anybody sees it who reads the channel.
create function private.reply_to(p_channel_id uuid, p_seq bigint)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_answered public.messages;
begin
  select m.* into v_answered
  from public.messages m
  where m.channel_id = p_channel_id and m.seq = p_seq
    and not private.is_hidden(m.channel_id, m.author_id, m.created_at);
  return pg_catalog.jsonb_build_object(
    'seq', p_seq, 'author_id', v_answered.author_id, 'author_name', v_answered.author_name,
    'excerpt', pg_catalog.left(v_answered.body, 100), 'created_at', v_answered.created_at
  );
end
$$;

revoke all on function private.reply_to(uuid, bigint) from public, anon, authenticated, service_role;

create function private.my_reactions(p_message public.messages)
returns text[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select r.emoji
    from pg_catalog.jsonb_to_recordset(p_message.reactions) as c (emoji text)
    join private.reactions r
      on r.channel_id = p_message.channel_id and r.seq = p_message.seq and r.emoji = c.emoji
      and r.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.my_reactions(public.messages) from public, anon, authenticated, service_role;

-- For who asks.
create function private.described(p_message public.messages)
returns public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.described_message;
begin
  select
    (p_message).*,
    case when p_message.reply_to_seq is not null then private.reply_to(p_message.channel_id, p_message.reply_to_seq) end,
    case when p_message.reactions <> '[]' then private.my_reactions(p_message) else '{}' end
  into v_described;
  return v_described;
end
$$;

revoke all on function private.described(public.messages) from public, anon, authenticated, service_role;
