-- thread_member: who follows a thread.
create type public.thread_member as (
  user_id uuid,
  username text,
  display_name text,
  joined_at timestamptz
);

comment on type public.thread_member is $$Who follows a thread.
@not_null user_id, username, display_name, joined_at$$;
comment on column public.thread_member.display_name is 'The name in this community.';
comment on column public.thread_member.joined_at is 'Since when they follow it.';
