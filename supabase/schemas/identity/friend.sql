-- friend: a friend of the caller.
create type public.friend as (
  user_id uuid,
  username text,
  display_name text,
  since timestamptz
);

comment on type public.friend is $$A friend of the caller.
@not_null user_id, username, display_name, since$$;

revoke all on type public.friend from public, anon, authenticated, service_role;
grant usage on type public.friend to authenticated;
