-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('public.communities', 'owner_id', 'communities_owned', '{id}', $$jsonb_build_object('id', t.id, 'name', t.name, 'created_at', t.created_at)$$),
  ('public.community_members', 'user_id', 'memberships', '{community_id}', $$jsonb_build_object(
    'community_id', t.community_id, 'community', (select c.name from public.communities c where c.id = t.community_id),
    'nickname', t.nickname, 'invited_by', t.invited_by, 'invite_code', t.invite_code, 'timed_out_until', t.timed_out_until, 'joined_at', t.joined_at,
    'roles', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'expires_at', g.expires_at) order by r.id), '[]')
      from public.member_roles g join public.roles r on r.community_id = g.community_id and r.id = g.role_id
      where g.community_id = t.community_id and g.user_id = t.user_id))$$),
  ('private.departed_timeouts', 'user_id', 'timeouts_kept', '{community_id}', $$to_jsonb(t) - 'user_id'$$),
  ('private.threads', 'owner_id', 'threads_opened', '{id}', $$jsonb_build_object('id', t.id, 'community_id', t.community_id, 'channel_id', t.channel_id, 'name', t.name, 'created_at', t.created_at)$$),
  ('private.thread_members', 'user_id', 'threads_followed', '{thread_id}', $$to_jsonb(t) - 'user_id'$$),
  ('private.direct_members', 'user_id', 'direct_channels', '{channel_id}', $$(select jsonb_build_object(
    'channel_id', t.channel_id, 'kind', d.kind, 'name', d.name, 'is_owner', coalesce(d.owner_id = t.user_id, false), 'added_by', t.added_by,
    'last_read_seq', t.last_read_seq, 'joined_at', t.joined_at) from private.direct_channels d where d.id = t.channel_id)$$);

insert into private.personal_data (relation, user_column, reason) values
  ('public.community_members', 'invited_by', 'Somebody else''s membership'),
  ('public.member_roles', 'user_id', 'With the memberships'),
  ('public.channel_overwrites', 'user_id', 'A decision about a channel whose existence they may not know'),
  ('public.channel_group_overwrites', 'user_id', 'A decision about a group whose existence they may not know'),
  ('private.access_classes', 'member_id', 'Follows from roles and overwrites'),
  ('private.direct_members', 'added_by', 'Somebody else''s membership'),
  ('private.direct_channels', 'low_id', 'With the direct channels'),
  ('private.direct_channels', 'high_id', 'With the direct channels'),
  ('private.direct_channels', 'opener_id', 'Who writes there first is seen from the messages'),
  ('private.direct_channels', 'owner_id', 'With the direct channels');
