-- The topic user:<user id>: what concerns one user. Only that user receives; only the server sends.
create function private.may_receive_user_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select p_topic = 'user:' || (select auth.uid())::text;
$$;

revoke all on function private.may_receive_user_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_user_topic(text) to authenticated;

select private.register_topic(
  'user',
  'user:<user id>: notifications and access changes of one user',
  p_receive => 'may_receive_user_topic'
);
