-- friend_request: a request from or to the caller.
create type public.friend_request as (
  user_id uuid,
  username text,
  display_name text,
  direction text,
  created_at timestamptz
);

comment on type public.friend_request is $$A friend request that waits, from or to the caller.
@not_null user_id, username, display_name, direction, created_at$$;
comment on column public.friend_request.user_id is 'The other one.';
comment on column public.friend_request.direction is $$Incoming: they have asked the caller.
@type {'incoming' | 'outgoing'}$$;

revoke all on type public.friend_request from public, anon, authenticated, service_role;
grant usage on type public.friend_request to authenticated;
