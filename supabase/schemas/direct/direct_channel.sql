-- direct_channel: a direct channel as one of its members sees it.
create type public.direct_channel as (
  id uuid,
  kind text,
  name text,
  owner_id uuid,
  members jsonb,
  last_seq bigint,
  last_message_at timestamptz,
  unread bigint,
  created_at timestamptz
);

comment on type public.direct_channel is $$A conversation without a community. Its id is used as a channel's: to send, to read, to follow it live.
@not_null id, kind, members, last_seq, unread, created_at$$;
comment on column public.direct_channel.kind is $$Two people, or a group of up to 10.
@type {'pair' | 'group'}$$;
comment on column public.direct_channel.name is 'What a group is called, 1 to 100 characters; null: nothing, and always of two people.';
comment on column public.direct_channel.owner_id is 'Who may take members out of a group; null for two people.';
comment on column public.direct_channel.members is $$Who takes part, the caller included, the longest first. Of two people one is missing when that account is gone.
@type {{ user_id: string; username: string; display_name: string }[]}$$;
comment on column public.direct_channel.last_seq is 'The number of its newest message; 0: none yet.';
comment on column public.direct_channel.last_message_at is 'When that was sent; null: none yet.';
comment on column public.direct_channel.unread is 'How many numbers there are after the last one that the caller has read. Deleted messages keep theirs, so they count.';

-- A direct channel, for who asks. The caller has checked that they may.
create function private.described_direct(p_channel_id uuid)
returns public.direct_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.direct_channel;
begin
  select
    d.id, d.kind, d.name, d.owner_id,
    (
      select pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object('user_id', p.id, 'username', p.username, 'display_name', p.display_name)
        order by m.place
      )
      from private.direct_members m
      join public.profiles p on p.id = m.user_id
      where m.channel_id = d.id
    ),
    h.last_seq, h.last_message_at, h.last_seq - mine.last_read_seq, d.created_at
  into v_described
  from private.direct_channels d
  join private.channel_heads h on h.channel_id = d.id
  join private.direct_members mine on mine.channel_id = d.id and mine.user_id = (select auth.uid())
  where d.id = p_channel_id;
  return v_described;
end
$$;

revoke all on function private.described_direct(uuid) from public, anon, authenticated, service_role;
