-- refuse_voice_device: a device of the caller's has no live session where it says. The refusal tells whether it has one elsewhere: whoever
-- comes back then would end what the same person began meanwhile.
create function private.refuse_voice_device(p_device_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.fail(
    'expired', 'You are not in this voice channel, or no longer: join it.', 410,
    pg_catalog.jsonb_build_object('elsewhere', exists (
      select from private.live_voice_sessions s where s.user_id = (select auth.uid()) and s.device_id = p_device_id
    ))
  );
end
$$;

revoke all on function private.refuse_voice_device(uuid) from public, anon, authenticated, service_role;
