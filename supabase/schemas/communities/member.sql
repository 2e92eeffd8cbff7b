-- member: a member as other members see them.
create type public.member as (
  community_id uuid,
  user_id uuid,
  username text,
  display_name text,
  nickname text,
  sort_name text,
  role_ids uuid[],
  timed_out_until timestamptz,
  joined_at timestamptz,
  invited_by uuid,
  invite_code text
);

comment on type public.member is $$A member of a community with their names and roles.
@not_null community_id, user_id, username, display_name, sort_name, role_ids, joined_at$$;
comment on column public.member.nickname is 'Shown name in this community; null: the display_name.';
comment on column public.member.sort_name is 'What lists are sorted by: the shown name in lower case.';
comment on column public.member.role_ids is 'The roles held beside the default role.';
comment on column public.member.timed_out_until is 'Null: not timed out.';
comment on column public.member.invited_by is 'Whose invite it was; null also for callers without manage_invites.';
comment on column public.member.invite_code is 'By which invite; null also for callers without manage_invites.';

revoke all on type public.member from public, anon, authenticated, service_role;
grant usage on type public.member to authenticated;
