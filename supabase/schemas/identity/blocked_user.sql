-- blocked_user: whom the caller has blocked.
create type public.blocked_user as (
  user_id uuid,
  username text,
  display_name text,
  created_at timestamptz
);

comment on type public.blocked_user is $$Somebody whom the caller has blocked.
@not_null user_id, username, display_name, created_at$$;
comment on column public.blocked_user.created_at is 'Since when.';

revoke all on type public.blocked_user from public, anon, authenticated, service_role;
grant usage on type public.blocked_user to authenticated;
