-- overwrite: an overwrite of a channel or a group as clients see it: with permissions as names.
create type public.overwrite as (
  channel_id uuid,
  group_id uuid,
  subject_kind text,
  subject_id uuid,
  allow text[],
  deny text[]
);

comment on type public.overwrite is $$What a channel or a group allows or denies a role or a member.
@not_null subject_kind, subject_id, allow, deny$$;
comment on column public.overwrite.channel_id is 'Null for a group''s.';
comment on column public.overwrite.group_id is 'Null for a channel''s.';
comment on column public.overwrite.subject_kind is $$Whom it is about.
@type {'role' | 'member'}$$;
comment on column public.overwrite.subject_id is 'A role''s or a user''s id.';

revoke all on type public.overwrite from public, anon, authenticated, service_role;
grant usage on type public.overwrite to authenticated;
