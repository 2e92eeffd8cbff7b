-- Generated from supabase/schemas/direct by npm run generate; do not edit.

-- schemas/direct/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('direct_open', 30, '10 minutes', 'Direct channels begun and people added to groups, per user: each shows up at somebody else''s'),
  ('direct_change', 60, '10 minutes', 'Direct groups renamed, left or made smaller, per user');

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
create function private.open_direct(p_user_id uuid)
returns public.direct_channel
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
      return private.described_direct(v_channel_id);
    end if;
  end if;
  perform private.require_direct_recipient(p_user_id, 'p_user_id');
  perform private.take_token('direct_open', v_caller_id::text);

  insert into private.direct_channels (kind, low_id, high_id, opener_id)
  values ('pair', v_low_id, v_high_id, v_caller_id)
  on conflict (low_id, high_id) do nothing
  returning id into v_channel_id;
  if not found then
    select d.id into v_channel_id from private.direct_channels d where d.low_id = v_low_id and d.high_id = v_high_id;
    return private.described_direct(v_channel_id);
  end if;
  insert into private.direct_members (channel_id, user_id, added_by)
  select v_channel_id, m.id, v_caller_id from pg_catalog.unnest(array[v_caller_id, p_user_id]) as m (id);
  -- The other hears of it with the first message.
  perform private.broadcast(
    'user:' || v_caller_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', v_channel_id)
  );
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
-- owned by who has been there longest, and a channel in which nobody is left goes.
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
    elsif v_channel.kind = 'group' then
      perform private.broadcast(
        private.channel_topic(v_channel.id), 'moved', pg_catalog.jsonb_build_object('channel_id', v_channel.id)
      );
      update private.direct_channels d
      set
        topic_epoch = d.topic_epoch + 1,
        owner_id = case
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
