-- charge_invite_try: every try of a code counts, also a refused one: see refusal. Limits: invite_try per user, and
-- invite_try_address per address, because accounts are easily made.
create function private.charge_invite_try()
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_address text := private.request_address();
begin
  perform private.take_token('invite_try', (select auth.uid())::text);
  if v_address is not null then
    perform private.take_token('invite_try_address', v_address);
  end if;
end
$$;

revoke all on function private.charge_invite_try() from public, anon, authenticated, service_role;
