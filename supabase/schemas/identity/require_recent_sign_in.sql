-- require_recent_sign_in: the gate of what cannot be undone: a device that was left open, or a token that was taken, is not enough. The
-- session must be there, the caller's, and begun within ten minutes; refreshing a token begins none. 403 and not 401, after which
-- clients refresh their token and try again. A token without a session of the auth service is refused: nobody can say when it began.
create function private.require_recent_sign_in()
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_session_id text := auth.jwt() ->> 'session_id';
begin
  if v_session_id is null or not exists (
    select from auth.sessions s
    where s.id::text = v_session_id
      and s.user_id = (select auth.uid())
      and s.created_at > pg_catalog.now() - interval '10 minutes'
  ) then
    perform private.fail(
      'recent_sign_in_required', 'Sign in again, and do this within ten minutes.', 403,
      pg_catalog.jsonb_build_object('max_age', 600)
    );
  end if;
end
$$;

revoke all on function private.require_recent_sign_in() from public, anon, authenticated, service_role;
