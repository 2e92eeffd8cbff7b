-- Generated from supabase/schemas/direct by npm run generate; do not edit.

-- schemas/direct/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('direct_open', 30, '10 minutes', 'Direct channels begun and people added to groups, per user: each shows up at somebody else''s'),
  ('direct_change', 60, '10 minutes', 'Direct groups renamed, left or made smaller, per user: each is told to all their members');

-- schemas/direct/events.sql

insert into private.topic_events (prefix, event, description) values
  ('user', 'direct_message', 'Somebody wrote in a direct channel of yours. Payload: channel_id, seq, author_id'),
  ('user', 'direct_changed', 'A direct channel of yours is new, is named otherwise, has other members, or is yours no longer. Payload: channel_id');

-- schemas/direct/direct_channel.sql

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

-- schemas/direct/tell_direct_changed.sql

-- tell_direct_changed: the members of a direct channel hear that it is not what it was, as far as they are shown it.
create function private.tell_direct_changed(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'user:' || m.user_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
  )
  from private.direct_members m
  where m.channel_id = p_channel_id and not private.hides_direct_channel(m);
end
$$;

revoke all on function private.tell_direct_changed(uuid) from public, anon, authenticated, service_role;

-- schemas/direct/require_direct_recipient.sql

-- require_direct_recipient: the one rule for whom the caller may begin to write to. Whoever shares nothing with the caller is told
-- apart from nobody; whoever has blocked the caller is treated as if they had not.
create function private.require_direct_recipient(p_user_id uuid, p_field text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := (select auth.uid());
begin
  if p_user_id = v_caller_id then
    perform private.fail(
      'invalid_argument', 'Name somebody else.', 422, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  if private.has_blocked(v_caller_id, p_user_id) then
    perform private.fail(
      'blocked', 'You have blocked this person: unblock them first.', 403, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  if not (private.are_friends(v_caller_id, p_user_id) or private.shares_community(v_caller_id, p_user_id)) then
    perform private.fail('not_found', 'There is no such person.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
  if not private.may_write_directly(v_caller_id, p_user_id) then
    perform private.fail(
      'missing_permission', 'This person does not take direct messages of you.', 403,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  -- Both accounts stay until the commit, or one has ended while the other's change was waited for.
  perform from public.profiles p where p.id in (v_caller_id, p_user_id) order by p.id for key share;
  perform private.require_account();
  if not exists (select from public.profiles p where p.id = p_user_id) then
    perform private.fail('not_found', 'There is no such person.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
end
$$;

revoke all on function private.require_direct_recipient(uuid, text) from public, anon, authenticated, service_role;

-- schemas/direct/open_direct.sql

-- open_direct: the one channel of two people, which is begun where there is none. Limits: direct_open per user, for a new one.
-- However many calls race, on either side, the index over the pair lets one of them make it, and the others wait and find it.
-- ensure_direct: what it does, for whatever the caller is asked by: p_field is the name of their argument in what is refused.
create function private.ensure_direct(p_user_id uuid, p_field text)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := private.require_account();
  v_low_id uuid := least(v_caller_id, p_user_id);
  v_high_id uuid := greatest(v_caller_id, p_user_id);
  v_channel_id uuid;
begin
  if not private.has_blocked(v_caller_id, p_user_id) then
    select d.id into v_channel_id from private.direct_channels d where d.low_id = v_low_id and d.high_id = v_high_id;
    if found then
      return v_channel_id;
    end if;
  end if;
  perform private.require_direct_recipient(p_user_id, p_field);
  perform private.take_token('direct_open', v_caller_id::text);

  insert into private.direct_channels (kind, low_id, high_id, opener_id)
  values ('pair', v_low_id, v_high_id, v_caller_id)
  on conflict (low_id, high_id) do nothing
  returning id into v_channel_id;
  if not found then
    return (select d.id from private.direct_channels d where d.low_id = v_low_id and d.high_id = v_high_id);
  end if;
  insert into private.direct_members (channel_id, user_id, added_by)
  select v_channel_id, m.id, v_caller_id from pg_catalog.unnest(array[v_caller_id, p_user_id]) as m (id);
  -- The other hears of it with the first message.
  perform private.broadcast(
    'user:' || v_caller_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', v_channel_id)
  );
  return v_channel_id;
end
$$;

revoke all on function private.ensure_direct(uuid, text) from public, anon, authenticated, service_role;

create function private.open_direct(p_user_id uuid)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
declare
  -- In a statement of its own: described_direct sees what was there when its statement began.
  v_channel_id uuid := private.ensure_direct(p_user_id, 'p_user_id');
begin
  return private.described_direct(v_channel_id);
end
$$;

revoke all on function private.open_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function private.open_direct(uuid) to authenticated;

create function public.open_direct(p_user_id uuid)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.open_direct(p_user_id); $$;

comment on function public.open_direct(uuid) is
$$Returns the direct channel of the caller and somebody else, and begins it where there is none: with a friend, or somebody of the
same community, as far as they take direct messages (`missing_permission`). What was begun once is always found again.
@param p_user_id the other
@errors session_required, not_found, missing_permission, blocked, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.open_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function public.open_direct(uuid) to authenticated;

-- schemas/direct/add_to_direct_group.sql

-- add_to_direct_group: somebody takes part from now on. What was said before they may read, and have not missed. The caller holds the
-- group's lock and has checked that they may be added.
create function private.add_to_direct_group(p_channel_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.direct_members (channel_id, user_id, added_by, last_read_seq)
  select h.channel_id, p_user_id, (select auth.uid()), h.last_seq
  from private.channel_heads h
  where h.channel_id = p_channel_id;
end
$$;

revoke all on function private.add_to_direct_group(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/direct/open_group.sql

-- open_group: Limits: direct_open per user, once for each who is added.
create function private.open_group(p_user_ids uuid[], p_name text)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := private.require_account();
  v_name text := case when p_name is not null then private.require_name(p_name) end;
  v_channel_id uuid;
  v_user_id uuid;
begin
  perform private.require_ids(p_user_ids, 'p_user_ids');
  if pg_catalog.cardinality(p_user_ids) not between 1 and 9 then
    perform private.fail(
      'invalid_argument', 'A group begins with 1 to 9 others.', 422, pg_catalog.jsonb_build_object('field', 'p_user_ids')
    );
  end if;
  foreach v_user_id in array p_user_ids loop
    perform private.require_direct_recipient(v_user_id, 'p_user_ids');
    perform private.take_token('direct_open', v_caller_id::text);
  end loop;

  insert into private.direct_channels (kind, opener_id, owner_id, name)
  values ('group', v_caller_id, v_caller_id, v_name)
  returning id into v_channel_id;
  foreach v_user_id in array v_caller_id || p_user_ids loop
    perform private.add_to_direct_group(v_channel_id, v_user_id);
  end loop;
  perform private.tell_direct_changed(v_channel_id);
  return private.described_direct(v_channel_id);
end
$$;

revoke all on function private.open_group(uuid[], text) from public, anon, authenticated, service_role;
grant execute on function private.open_group(uuid[], text) to authenticated;

create function public.open_group(p_user_ids uuid[], p_name text default null)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.open_group(p_user_ids, p_name); $$;

comment on function public.open_group(uuid[], text) is
$$Begins a new group with 1 to 9 others and returns it; the caller owns it. Each must be somebody to whom `open_direct` may write.
@param p_name 1 to 100 characters; left out: none
@errors session_required, not_found, missing_permission, blocked, invalid_argument, rate_limited$$;

revoke all on function public.open_group(uuid[], text) from public, anon, authenticated, service_role;
grant execute on function public.open_group(uuid[], text) to authenticated;

-- schemas/direct/begin_direct_group_change.sql

-- begin_direct_group_change: the way into every change of a group: its lock, the gate, its head. Returns the group.
-- p_is_alone: where somebody's right to hear ends, nobody sends meanwhile (see hold_access).
create function private.begin_direct_group_change(p_channel_id uuid, p_is_alone boolean default false)
returns private.direct_channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_group private.direct_channels;
begin
  if p_is_alone then
    -- Before the wait, too: nobody else's call is held up by who has no right here.
    perform private.require_in_channel(p_channel_id, 'view_channel');
    perform private.change_access(d.id) from private.direct_channels d where d.id = p_channel_id;
  else
    perform private.hold_access(d.id) from private.direct_channels d where d.id = p_channel_id;
  end if;
  perform private.require_in_channel(p_channel_id, 'view_channel');
  perform from private.channel_heads h where h.channel_id = p_channel_id for no key update;
  select d.* into v_group from private.direct_channels d where d.id = p_channel_id for no key update;
  -- A channel of a community is none, and two people are two people.
  if v_group.kind is distinct from 'group' then
    perform private.fail(
      'not_found', 'There is no such group.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return v_group;
end
$$;

revoke all on function private.begin_direct_group_change(uuid, boolean) from public, anon, authenticated, service_role;

-- schemas/direct/rename_direct_group.sql

-- rename_direct_group: Gate: membership. Limits: direct_change per user.
create function private.rename_direct_group(p_channel_id uuid, p_name text)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_group private.direct_channels := private.begin_direct_group_change(p_channel_id);
  v_name text := case when p_name is not null then private.require_name(p_name) end;
begin
  if v_name is distinct from v_group.name then
    perform private.take_token('direct_change', (select auth.uid())::text);
    update private.direct_channels d set name = v_name where d.id = p_channel_id;
    if v_name is not null then
      perform private.write_message(p_channel_id, 'channel_renamed', (select auth.uid()), v_name);
    end if;
    perform private.tell_direct_changed(p_channel_id);
  end if;
  return private.described_direct(p_channel_id);
end
$$;

revoke all on function private.rename_direct_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.rename_direct_group(uuid, text) to authenticated;

create function public.rename_direct_group(p_channel_id uuid, p_name text)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.rename_direct_group(p_channel_id, p_name); $$;

comment on function public.rename_direct_group(uuid, text) is
$$Gives a group another name and returns it. Any member may.
@param p_name {string | null} 1 to 100 characters; null: none
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent
@sdk renameGroup$$;

revoke all on function public.rename_direct_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.rename_direct_group(uuid, text) to authenticated;

-- schemas/direct/add_direct_member.sql

-- add_direct_member: Gate: membership, and whom the caller may write to. Limits: direct_open per user.
create function private.add_direct_member(p_channel_id uuid, p_user_id uuid)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_direct_group_change(p_channel_id);
  if not exists (select from private.direct_members m where m.channel_id = p_channel_id and m.user_id = p_user_id) then
    perform private.require_direct_recipient(p_user_id, 'p_user_id');
    if (select pg_catalog.count(*) from private.direct_members m where m.channel_id = p_channel_id) >= 10 then
      perform private.fail('limit_reached', 'A group has at most 10 members.', 409);
    end if;
    perform private.take_token('direct_open', (select auth.uid())::text);
    perform private.add_to_direct_group(p_channel_id, p_user_id);
    perform private.write_message(p_channel_id, 'member_joined', p_user_id, '');
    perform private.tell_direct_changed(p_channel_id);
  end if;
  return private.described_direct(p_channel_id);
end
$$;

revoke all on function private.add_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.add_direct_member(uuid, uuid) to authenticated;

create function public.add_direct_member(p_channel_id uuid, p_user_id uuid)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.add_direct_member(p_channel_id, p_user_id); $$;

comment on function public.add_direct_member(uuid, uuid) is
$$Takes somebody into a group and returns it. Any member may, with whom they may write to; a group has at most 10 members
(`limit_reached`). Whoever comes may read what was said before.
@errors session_required, not_found, missing_permission, blocked, invalid_argument, limit_reached, rate_limited
@idempotent
@sdk addMember$$;

revoke all on function public.add_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.add_direct_member(uuid, uuid) to authenticated;

-- schemas/direct/end_direct_memberships.sql

-- Whoever is no member of a group any more hears nothing that is sent afterwards, by whatever way the membership went: leaving, being
-- taken out, or the account's end. The lock is the caller's (see change_access_before_account_ends). A group whose owner is gone is
-- owned by who has been there longest, and a channel in which nobody is left goes. A pair loses one only with the account: its topic
-- moves, too, so that what was said there is not repeated to whoever joins.
create function private.end_direct_memberships()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel record;
begin
  for v_channel in
    select d.*, g.user_ids
    from (
      select o.channel_id, pg_catalog.array_agg(o.user_id order by o.user_id) as user_ids
      from gone_members o
      group by o.channel_id
    ) g
    join private.direct_channels d on d.id = g.channel_id
    order by d.id
  loop
    if not exists (select from private.direct_members m where m.channel_id = v_channel.id) then
      delete from private.direct_channels d where d.id = v_channel.id;
    else
      perform private.broadcast(
        private.channel_topic(v_channel.id), 'moved', pg_catalog.jsonb_build_object('channel_id', v_channel.id)
      );
      update private.direct_channels d
      set
        topic_epoch = d.topic_epoch + 1,
        owner_id = case
          when d.kind = 'pair' then null
          when exists (select from private.direct_members m where m.channel_id = d.id and m.user_id = d.owner_id) then d.owner_id
          else (
            select m.user_id from private.direct_members m
            where m.channel_id = d.id
            -- Also who is not shown the group: whom they have blocked would notice the difference.
            order by m.place
            limit 1
          )
        end
      where d.id = v_channel.id;
      perform private.tell_direct_changed(v_channel.id);
    end if;
    perform private.broadcast(
      'user:' || o.user_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', v_channel.id)
    )
    from gone_members o
    where o.channel_id = v_channel.id and not private.hides_direct_channel(row(o.*)::private.direct_members);
  end loop;
  return null;
end
$$;

revoke all on function private.end_direct_memberships() from public, anon, authenticated, service_role;

create trigger direct_end_memberships
after delete on private.direct_members
referencing old table as gone_members
for each statement execute function private.end_direct_memberships();

-- schemas/direct/remove_direct_member.sql

-- remove_direct_member: Gate: membership, and the group's owner. Limits: direct_change per user. What follows from it: see
-- end_direct_memberships.
create function private.remove_direct_member(p_channel_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_group private.direct_channels := private.begin_direct_group_change(p_channel_id, p_is_alone => true);
begin
  if v_group.owner_id is distinct from (select auth.uid()) then
    perform private.fail('role_hierarchy', 'Only its owner takes members out of a group.', 403);
  end if;
  if p_user_id = (select auth.uid()) then
    perform private.fail(
      'invalid_argument', 'To go yourself, leave the group.', 422, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  perform private.take_token('direct_change', (select auth.uid())::text);
  delete from private.direct_members m where m.channel_id = p_channel_id and m.user_id = p_user_id;
end
$$;

revoke all on function private.remove_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.remove_direct_member(uuid, uuid) to authenticated;

create function public.remove_direct_member(p_channel_id uuid, p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_direct_member(p_channel_id, p_user_id); $$;

comment on function public.remove_direct_member(uuid, uuid) is
$$Takes somebody out of a group, who sees nothing of it any more. Only its owner may.
@errors session_required, not_found, role_hierarchy, invalid_argument, rate_limited
@idempotent
@sdk removeMember$$;

revoke all on function public.remove_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_direct_member(uuid, uuid) to authenticated;

-- schemas/direct/leave_direct_group.sql

-- leave_direct_group: Gate: membership. Limits: direct_change per user. What follows from it: see end_direct_memberships.
create function private.leave_direct_group(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_direct_group_change(p_channel_id, p_is_alone => true);
  perform private.take_token('direct_change', (select auth.uid())::text);
  delete from private.direct_members m where m.channel_id = p_channel_id and m.user_id = (select auth.uid());
end
$$;

revoke all on function private.leave_direct_group(uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_direct_group(uuid) to authenticated;

create function public.leave_direct_group(p_channel_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_direct_group(p_channel_id); $$;

comment on function public.leave_direct_group(uuid) is
$$Leaves a group. When its owner leaves, who has been there longest owns it; the last one takes it along.
@errors session_required, not_found, rate_limited
@sdk leaveGroup$$;

revoke all on function public.leave_direct_group(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_direct_group(uuid) to authenticated;

-- schemas/direct/read_what_was_hidden.sql

-- read_what_was_hidden: what was said in direct channels that somebody was not shown counts as read when they are shown them again (see
-- hides_direct_channel).
create function private.read_what_was_hidden(p_block private.blocks)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.direct_members m
  set last_read_seq = h.last_seq
  from private.direct_channels d
  join private.channel_heads h on h.channel_id = d.id
  where m.channel_id = d.id
    and m.user_id = p_block.blocker_id
    and m.last_read_seq < h.last_seq
    and case d.kind
      when 'pair' then p_block.blocked_id in (d.low_id, d.high_id)
      else m.added_by = p_block.blocked_id and p_block.created_at <= m.joined_at
    end;
end
$$;

revoke all on function private.read_what_was_hidden(private.blocks) from public, anon, authenticated, service_role;

create function private.read_after_unblock()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.read_what_was_hidden(old);
  return null;
end
$$;

revoke all on function private.read_after_unblock() from public, anon, authenticated, service_role;

create trigger direct_read_after_unblock
after delete on private.blocks
for each row execute function private.read_after_unblock();

-- A block ends with the blocked person's account, too. Before that, while the channels still say whose they were.
create function private.read_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.read_what_was_hidden(b) from private.blocks b where b.blocked_id = old.id;
  return old;
end
$$;

revoke all on function private.read_before_account_ends() from public, anon, authenticated, service_role;

create trigger direct_read_before_account_ends
before delete on public.profiles
for each row execute function private.read_before_account_ends();

-- schemas/direct/get_direct.sql

-- get_direct: Gate: membership.
create function private.get_direct(p_channel_id uuid)
returns public.direct_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.direct_channel;
begin
  perform private.require_in_channel(p_channel_id, 'view_channel');
  v_described := private.described_direct(p_channel_id);
  -- A channel of a community is none.
  if v_described.id is null then
    perform private.fail(
      'not_found', 'There is no such channel.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return v_described;
end
$$;

revoke all on function private.get_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_direct(uuid) to authenticated;

create function public.get_direct(p_channel_id uuid)
returns public.direct_channel
language sql stable security invoker set search_path = ''
as $$ select private.get_direct(p_channel_id); $$;

comment on function public.get_direct(uuid) is
$$Returns one of the caller's direct channels.
@errors session_required, not_found$$;

revoke all on function public.get_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_direct(uuid) to authenticated;

-- schemas/direct/list_direct.sql

-- list_direct: the caller's own. The page goes on by values and not by a row, which may be gone by then. What somebody else has begun
-- and not written in yet is not shown, nor is it told (see open_direct).
create function private.list_direct(p_before_at timestamptz, p_before_id uuid, p_limit integer)
returns setof public.direct_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  perform private.require_limit(p_limit, 100);
  if (p_before_at is null) <> (p_before_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a channel, give both its time and its id.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_id')
    );
  end if;

  return query
  select k.*
  from (
    select d.id, coalesce(h.last_message_at, d.created_at) as at
    from private.shown_direct_channels(v_user_id) m
    join private.direct_channels d on d.id = m.channel_id
    join private.channel_heads h on h.channel_id = d.id
    where (d.kind = 'group' or h.last_seq > 0 or d.opener_id = v_user_id)
      and (p_before_id is null or (coalesce(h.last_message_at, d.created_at), d.id) < (p_before_at, p_before_id))
    order by coalesce(h.last_message_at, d.created_at) desc, d.id desc
    limit p_limit
  ) page
  cross join lateral private.described_direct(page.id) k
  order by page.at desc, page.id desc;
end
$$;

revoke all on function private.list_direct(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_direct(timestamptz, uuid, integer) to authenticated;

create function public.list_direct(
  p_before_at timestamptz default null,
  p_before_id uuid default null,
  p_limit integer default 50
)
returns setof public.direct_channel
language sql stable security invoker set search_path = ''
as $$ select * from private.list_direct(p_before_at, p_before_id, p_limit); $$;

comment on function public.list_direct(timestamptz, uuid, integer) is
$$Returns a page of the caller's direct channels, those first in which something was said last. A page with fewer than `p_limit` is
the last.
@param p_before_at go on with older ones: the `last_message_at` of the last of the page before, where that is null its `created_at`
@param p_before_id and its `id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_direct(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_direct(timestamptz, uuid, integer) to authenticated;

-- schemas/direct/chat_provider.sql

-- chat_provider: the system whose ids the chat surface speaks of (its columns are called …_mongo_id). Here and nowhere else.
create function private.chat_provider()
returns text
language sql immutable security invoker set search_path = ''
as $$ select 'mongo'; $$;

revoke all on function private.chat_provider() from public, anon, authenticated, service_role;

-- schemas/direct/chat_thread_id.sql

-- chat_thread_id: what two people's chat is called: both external ids, in the order of their bytes, joined by `_`, which is in neither.
create function private.chat_thread_id(p_one_mongo_id text, p_other_mongo_id text)
returns text
language plpgsql immutable security definer set search_path = ''
as $$
begin
  if p_one_mongo_id collate "C" < p_other_mongo_id collate "C" then
    return p_one_mongo_id || '_' || p_other_mongo_id;
  end if;
  return p_other_mongo_id || '_' || p_one_mongo_id;
end
$$;

revoke all on function private.chat_thread_id(text, text) from public, anon, authenticated, service_role;

-- schemas/direct/chat_pair.sql

-- chat_pair: a direct channel of two who both have an external id. In no order: which of them is the one says nothing.
create type private.chat_pair as (
  channel_id uuid,
  thread_id text,
  one_id uuid,
  one_mongo_id text,
  other_id uuid,
  other_mongo_id text
);

-- Of a channel; null where it is no such one.
create function private.chat_pair(p_channel_id uuid)
returns private.chat_pair
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair;
begin
  select d.id, private.chat_thread_id(l.external_id, h.external_id), l.user_id, l.external_id, h.user_id, h.external_id
  into v_pair
  from private.direct_channels d
  join private.external_identities l on l.user_id = d.low_id and l.provider = private.chat_provider()
  join private.external_identities h on h.user_id = d.high_id and h.provider = private.chat_provider()
  where d.id = p_channel_id;
  return v_pair;
end
$$;

revoke all on function private.chat_pair(uuid) from public, anon, authenticated, service_role;

-- By its thread id, whoever asks: the caller checks that it is theirs, and that it is not called otherwise, like both ids the other way
-- round. Null where there is none.
create function private.find_chat_pair(p_thread_id text)
returns private.chat_pair
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_one_id uuid := private.user_of_external_id(private.chat_provider(), pg_catalog.split_part(p_thread_id, '_', 1));
  v_other_id uuid := private.user_of_external_id(private.chat_provider(), pg_catalog.split_part(p_thread_id, '_', 2));
begin
  return private.chat_pair((
    select d.id from private.direct_channels d
    where d.low_id = least(v_one_id, v_other_id) and d.high_id = greatest(v_one_id, v_other_id)
  ));
end
$$;

revoke all on function private.find_chat_pair(text) from public, anon, authenticated, service_role;

-- schemas/direct/chat_topic.sql

-- The topic chat:<thread id>: what two people who have external ids write to each other. Only these two receive, as far as they are
-- shown the channel; only the server sends. Like a direct channel's own topic it keeps its name whoever blocks whom, or the other
-- would notice: whoever blocks somebody leaves it (see decision 0014).
-- It has no epoch in its name, so while one of the ids was somebody else's a moment ago there is none (see former_external_identities).
create function private.chat_topic(p_pair private.chat_pair)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.was_external_id_of_another(private.chat_provider(), p_pair.one_mongo_id, p_pair.one_id, p_pair.other_id)
    or private.was_external_id_of_another(private.chat_provider(), p_pair.other_mongo_id, p_pair.one_id, p_pair.other_id)
  then
    return null;
  end if;
  return 'chat:' || p_pair.thread_id;
end
$$;

revoke all on function private.chat_topic(private.chat_pair) from public, anon, authenticated, service_role;

create function private.may_receive_chat_topic(p_topic text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair := private.find_chat_pair(pg_catalog.substr(p_topic, 6));
begin
  return coalesce(
    private.direct_permissions(v_pair.channel_id) & private.permission_mask('read_history') <> 0
      and p_topic = private.chat_topic(v_pair),
    false
  );
end
$$;

revoke all on function private.may_receive_chat_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_chat_topic(text) to authenticated;

select private.register_topic(
  'chat',
  'chat:<thread id>: what two people who have external ids write to each other, for these two',
  p_receive => 'may_receive_chat_topic'
);

-- Payload as of realtime.broadcast_changes: schema, table, operation, record (a row of chat_messages or null), old_record.
insert into private.topic_events (prefix, event, description) values
  ('chat', 'INSERT', 'A message came: record is its row of chat_messages'),
  ('chat', 'UPDATE', 'A message says something else: record is its row of chat_messages'),
  ('chat', 'DELETE', 'A message is gone: record is null, old_record has id, thread_id, channel_id and seq');

-- schemas/direct/chat_threads.sql

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

-- schemas/direct/chat_messages.sql

-- chat_messages: what two people wrote to each other, under the names of the chat surface. Which of messages it shows is messages' own
-- policy, and which chats there are my_chat_threads: the view asks both as its reader.
-- A page by channel_id and seq is one range of the primary key of messages, read from one end. By thread_id it is the thread's range,
-- read as far as the planner bounds it by seq, or whole, and then sorted: PostgreSQL keeps no order through a join, even with one row. fetch_chat_history finds
-- the channel first.
create view public.chat_messages with (security_invoker = true) as
select
  m.channel_id::text || ':' || m.seq::text as id,
  t.thread_id,
  m.channel_id,
  m.seq,
  case m.author_id when t.my_id then t.my_mongo_id else t.other_mongo_id end as sender_mongo_id,
  case m.author_id when t.my_id then t.other_mongo_id else t.my_mongo_id end as recipient_mongo_id,
  m.author_id as sender_supabase_id,
  case m.author_id when t.my_id then t.other_id else t.my_id end as recipient_supabase_id,
  m.body,
  m.client_nonce as client_id,
  m.created_at,
  m.edited_at
from private.my_chat_threads() t
join public.messages m on m.channel_id = t.channel_id
where m.kind = 'text';

comment on view public.chat_messages is $$A message between two people who are known by their ids in another system.
@not_null id, thread_id, channel_id, seq, sender_mongo_id, recipient_mongo_id, sender_supabase_id, recipient_supabase_id, body, created_at$$;
comment on column public.chat_messages.id is '`<channel_id>:<seq>`, the same for ever. Filter by `channel_id` and `seq`, which have an index.';
comment on column public.chat_messages.thread_id is 'Both external ids in the order of their bytes, joined by `_`.';
comment on column public.chat_messages.seq is 'Number in the chat: rising in commit order, with gaps where messages are deleted or not of people.';
comment on column public.chat_messages.body is '1 to 4,000 characters; empty where there are only files.';
comment on column public.chat_messages.client_id is 'The sender''s own mark, by which a retry is known: up to 64 characters.';
comment on column public.chat_messages.edited_at is 'When its body was last edited; null: never.';

revoke all on table public.chat_messages from public, anon, authenticated, service_role;
grant select on table public.chat_messages to authenticated;

-- schemas/direct/chat_message.sql

-- chat_message: a message of a pair as a row of chat_messages.
create function private.chat_message(p_message public.messages, p_pair private.chat_pair)
returns public.chat_messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_is_ones boolean := p_message.author_id = p_pair.one_id;
  v_row public.chat_messages;
begin
  v_row.id := p_message.channel_id || ':' || p_message.seq;
  v_row.thread_id := p_pair.thread_id;
  v_row.channel_id := p_message.channel_id;
  v_row.seq := p_message.seq;
  v_row.sender_mongo_id := case when v_is_ones then p_pair.one_mongo_id else p_pair.other_mongo_id end;
  v_row.recipient_mongo_id := case when v_is_ones then p_pair.other_mongo_id else p_pair.one_mongo_id end;
  v_row.sender_supabase_id := p_message.author_id;
  v_row.recipient_supabase_id := case when v_is_ones then p_pair.other_id else p_pair.one_id end;
  v_row.body := p_message.body;
  v_row.client_id := p_message.client_nonce;
  v_row.created_at := p_message.created_at;
  v_row.edited_at := p_message.edited_at;
  return v_row;
end
$$;

revoke all on function private.chat_message(public.messages, private.chat_pair) from public, anon, authenticated, service_role;

-- schemas/direct/require_chat_id.sql

-- require_chat_id: the caller's account and its external id, without which there is no chat by such ids.
create function private.require_chat_id()
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_mongo_id text := private.external_id_of(private.chat_provider(), private.require_account());
begin
  if v_mongo_id is null then
    perform private.fail('not_linked', 'This account is not linked to an id of the other system.', 403);
  end if;
  return v_mongo_id;
end
$$;

revoke all on function private.require_chat_id() from public, anon, authenticated, service_role;

-- schemas/direct/require_chat_thread.sql

-- require_chat_thread: the gate of what is asked by thread id. Whoever is not one of the two, or is not shown the channel, is told the
-- same as of a thread that does not exist.
create function private.require_chat_thread(p_thread_id text)
returns private.chat_pair
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair;
begin
  perform private.require_account();
  if p_thread_id is null or p_thread_id !~ '^[A-Za-z0-9-]{1,64}_[A-Za-z0-9-]{1,64}$'
    or p_thread_id is distinct from private.chat_thread_id(
      pg_catalog.split_part(p_thread_id, '_', 1), pg_catalog.split_part(p_thread_id, '_', 2)
    )
  then
    perform private.fail(
      'invalid_argument', 'A thread id is two external ids in the order of their bytes, joined by an underscore.', 422,
      pg_catalog.jsonb_build_object('field', '_thread_id')
    );
  end if;
  v_pair := private.find_chat_pair(p_thread_id);
  if private.direct_permissions(v_pair.channel_id) is null then
    perform private.fail('not_found', 'There is no such thread.', 404, pg_catalog.jsonb_build_object('field', '_thread_id'));
  end if;
  return v_pair;
end
$$;

revoke all on function private.require_chat_thread(text) from public, anon, authenticated, service_role;

-- schemas/direct/ensure_chat_thread.sql

-- ensure_chat_thread: open_direct by external ids, with all its gates and limits.
create function private.ensure_chat_thread(_other_mongo_id text)
returns public.chat_threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel_id uuid;
  v_thread public.chat_threads;
begin
  perform private.require_chat_id();
  v_channel_id := private.ensure_direct(
    private.user_of_external_id(private.chat_provider(), _other_mongo_id), '_other_mongo_id'
  );
  select t.thread_id, t.channel_id, t.other_mongo_id, t.other_id, t.last_seq, t.last_message_at, t.unread, t.created_at
  into v_thread
  from private.my_chat_threads() t
  where t.channel_id = v_channel_id;
  -- Unlinked in this moment.
  if not found then
    perform private.fail(
      'not_found', 'There is no such person.', 404, pg_catalog.jsonb_build_object('field', '_other_mongo_id')
    );
  end if;
  return v_thread;
end
$$;

revoke all on function private.ensure_chat_thread(text) from public, anon, authenticated, service_role;
grant execute on function private.ensure_chat_thread(text) to authenticated;

create function public.ensure_chat_thread(_other_mongo_id text)
returns public.chat_threads
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.ensure_chat_thread(_other_mongo_id); $$;

comment on function public.ensure_chat_thread(text) is
$$Returns the chat of the caller and somebody else, and begins it where there is none, as `open_direct` does, by its rules. Both need an
external id: `not_linked` where the caller has none, `not_found` where nobody has the other.
@param _other_mongo_id the other's external id
@errors session_required, not_linked, not_found, missing_permission, blocked, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.ensure_chat_thread(text) from public, anon, authenticated, service_role;
grant execute on function public.ensure_chat_thread(text) to authenticated;

-- schemas/direct/insert_chat_message.sql

-- insert_chat_message: ensure_chat_thread and send_message in one, by external ids. What the caller says of who writes to whom and where
-- is compared with what is known here, and used for nothing else. Gates, limits and idempotency are those of the two.
create function private.insert_chat_message(
  _thread_id text,
  _sender_mongo_id text,
  _recipient_mongo_id text,
  _body text,
  _client_id text
)
returns public.chat_messages
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_mongo_id text := private.require_chat_id();
  v_pair private.chat_pair;
  v_sent public.described_message;
  v_message public.messages;
begin
  if _sender_mongo_id is distinct from v_mongo_id then
    perform private.fail(
      'missing_permission', 'This is not your id: nobody writes in somebody else''s name.', 403,
      pg_catalog.jsonb_build_object('field', '_sender_mongo_id')
    );
  end if;
  v_pair.one_id := (select auth.uid());
  v_pair.one_mongo_id := v_mongo_id;
  v_pair.other_mongo_id := _recipient_mongo_id;
  v_pair.other_id := private.user_of_external_id(private.chat_provider(), _recipient_mongo_id);
  v_pair.channel_id := private.ensure_direct(v_pair.other_id, '_recipient_mongo_id');
  v_pair.thread_id := private.chat_thread_id(v_mongo_id, _recipient_mongo_id);
  if _thread_id is distinct from v_pair.thread_id then
    perform private.fail(
      'invalid_argument', 'This is not the thread of these two.', 422, pg_catalog.jsonb_build_object('field', '_thread_id')
    );
  end if;

  -- send_message refuses these, too, by names that are no arguments here. Whoever may not send is told that first.
  perform private.require_in_channel(v_pair.channel_id, 'send_messages');
  if pg_catalog.char_length(_client_id) not between 1 and 64 then
    perform private.fail(
      'invalid_argument', 'A client id has 1 to 64 characters.', 422, pg_catalog.jsonb_build_object('field', '_client_id')
    );
  end if;
  perform private.require_body(_body, false, '_body');

  v_sent := private.send_message(v_pair.channel_id, _body, _client_id, null::bigint, null::jsonb);
  select m.* into v_message
  from public.messages m
  where m.channel_id = v_sent.channel_id and m.seq = v_sent.seq;
  return private.chat_message(v_message, v_pair);
end
$$;

revoke all on function private.insert_chat_message(text, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function private.insert_chat_message(text, text, text, text, text) to authenticated;

-- The timeout: see send_message.
create function public.insert_chat_message(
  _thread_id text,
  _sender_mongo_id text,
  _recipient_mongo_id text,
  _body text,
  _client_id text default null
)
returns public.chat_messages
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.insert_chat_message(_thread_id, _sender_mongo_id, _recipient_mongo_id, _body, _client_id); $$;

comment on function public.insert_chat_message(text, text, text, text, text) is
$$Sends a message to somebody by external ids and returns it. The chat is begun where there is none, by the rules of `open_direct`, and
the message sent by those of `send_message`. The same sender and client id give the same message back, for ever, and nothing is sent
twice; when it has been deleted meanwhile: `expired`.
@param _thread_id both ids in the order of their bytes, joined by `_`; another is refused
@param _sender_mongo_id the caller's own external id; another is refused (`missing_permission`)
@param _recipient_mongo_id the other's
@param _body 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C
@param _client_id the sender's own mark, 1 to 64 characters; choose a new one for each message
@errors session_required, not_linked, not_found, missing_permission, blocked, invalid_argument, body_too_long, expired, rate_limited
@idempotent by _client_id$$;

revoke all on function public.insert_chat_message(text, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.insert_chat_message(text, text, text, text, text) to authenticated;

-- schemas/direct/fetch_chat_history.sql

-- fetch_chat_history: one range of the primary key of messages, read from one end. Gate: see require_chat_thread. In direct channels no
-- ban hides anything.
create function private.fetch_chat_history(
  _thread_id text,
  _before_seq bigint,
  _after_seq bigint,
  _before timestamptz,
  _limit integer
)
returns setof public.chat_messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair := private.require_chat_thread(_thread_id);
  v_limit integer := least(greatest(coalesce(_limit, 50), 1), 100);
  v_before_seq bigint := coalesce(_before_seq, 9223372036854775807);
begin
  if pg_catalog.num_nonnulls(_before_seq, _after_seq, _before) > 1 then
    perform private.fail('invalid_argument', 'Ask for before or after, by number or by time, not for two of them.', 422);
  end if;
  if _after_seq is not null then
    return query
    select c.*
    from (
      select m from public.messages m
      where m.channel_id = v_pair.channel_id and m.seq > _after_seq and m.kind = 'text'
      order by m.seq
      limit v_limit
    ) page
    cross join lateral private.chat_message(page.m, v_pair) c
    order by c.seq;
    return;
  end if;

  if _before is not null then
    -- Times rise with numbers, so one look into the index by time says where to begin.
    v_before_seq := coalesce((
      select m.seq + 1 from public.messages m
      where m.channel_id = v_pair.channel_id and m.created_at < _before and m.kind = 'text'
      order by m.created_at desc, m.seq desc
      limit 1
    ), 0);
  end if;
  return query
  select c.*
  from (
    select m from public.messages m
    where m.channel_id = v_pair.channel_id and m.seq < v_before_seq and m.kind = 'text'
    order by m.seq desc
    limit v_limit
  ) page
  cross join lateral private.chat_message(page.m, v_pair) c
  order by c.seq desc;
end
$$;

revoke all on function private.fetch_chat_history(text, bigint, bigint, timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function private.fetch_chat_history(text, bigint, bigint, timestamptz, integer) to authenticated;

create function public.fetch_chat_history(
  _thread_id text,
  _before_seq bigint default null,
  _after_seq bigint default null,
  _before timestamptz default null,
  _limit integer default 50
)
returns setof public.chat_messages
language sql stable security invoker set search_path = ''
as $$ select * from private.fetch_chat_history(_thread_id, _before_seq, _after_seq, _before, _limit); $$;

comment on function public.fetch_chat_history(text, bigint, bigint, timestamptz, integer) is
$$Returns a page of a chat: the newest, or those before a number or a time, the newest first; or those after a number, the oldest first. At
most one bound may be given. Another's thread is not told from one that does not exist.
@param _thread_id both ids in the order of their bytes, joined by `_`
@param _before_seq the newest below this number
@param _after_seq the oldest above this number
@param _before the newest that were sent strictly before this time
@param _limit {number | null} 1 to 100; what is below or above is taken as the nearest of them, null as 50
@errors session_required, not_found, invalid_argument$$;

revoke all on function public.fetch_chat_history(text, bigint, bigint, timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.fetch_chat_history(text, bigint, bigint, timestamptz, integer) to authenticated;

-- schemas/direct/tell_chat.sql

-- tell_chat: what changes in the direct channel of two who have external ids is also told on their topic chat:<thread id>. It follows the
-- change feed, in which every way of sending, editing and deleting ends, and so does a channel that goes with everything in it.
-- For the channels of communities that is one look into an index, which their sends pay for.
create function private.tell_chat()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if exists (select from private.direct_channels d where d.id = new.channel_id) then
    perform private.tell_chat_change(private.chat_pair(new.channel_id), new);
  end if;
  return null;
end
$$;

revoke all on function private.tell_chat() from public, anon, authenticated, service_role;

-- In UTC, because the broadcast writes times out as text, and a caller may have chosen any zone.
create function private.tell_chat_change(p_pair private.chat_pair, p_event private.channel_events)
returns void
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_topic text := private.chat_topic(p_pair);
  v_payload jsonb := pg_catalog.jsonb_build_object('schema', 'public', 'table', 'chat_messages', 'record', null, 'old_record', null);
  v_message public.messages;
begin
  if v_topic is null then
    return;
  end if;
  if p_event.kind = 'deleted' then
    perform private.broadcast(
      v_topic, 'DELETE',
      v_payload || pg_catalog.jsonb_build_object(
        'operation', 'DELETE',
        'old_record', pg_catalog.jsonb_build_object(
          'id', p_pair.channel_id || ':' || s.seq, 'thread_id', p_pair.thread_id, 'channel_id', p_pair.channel_id, 'seq', s.seq
        )
      )
    )
    from pg_catalog.unnest(p_event.seqs) as s (seq);
    return;
  end if;
  select m.* into v_message
  from public.messages m
  where m.channel_id = p_event.channel_id and m.seq = p_event.seq and m.kind = 'text';
  if found then
    perform private.broadcast(
      v_topic, o.operation,
      v_payload || pg_catalog.jsonb_build_object(
        'operation', o.operation, 'record', pg_catalog.to_jsonb(private.chat_message(v_message, p_pair))
      )
    )
    from (select case p_event.kind when 'created' then 'INSERT' else 'UPDATE' end) as o (operation);
  end if;
end
$$;

revoke all on function private.tell_chat_change(private.chat_pair, private.channel_events) from public, anon, authenticated, service_role;

create trigger direct_tell_chat
after insert on private.channel_events
for each row
when (new.kind in ('created', 'edited', 'deleted'))
execute function private.tell_chat();
