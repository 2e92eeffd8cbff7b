-- claim_voice_sfu_rooms: the rooms of the SFU to look into now, for the Edge Function voice-sfu. Each is given out again after a minute, or
-- 15 seconds after it was compared. Gate: the secret key.
create function private.claim_voice_sfu_rooms(p_limit integer)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_claimed text[];
begin
  perform private.require_limit(p_limit, 100);

  with due as (
    select r.room
    from private.due_voice_sfu_rooms r
    order by r.look_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.voice_sfu_rooms r
    set look_at = pg_catalog.clock_timestamp() + interval '1 minute'
    from due d
    where r.room = d.room
    returning r.room
  )
  select coalesce(pg_catalog.array_agg(c.room::text), '{}') into v_claimed from claimed c;
  return v_claimed;
end
$$;

revoke all on function private.claim_voice_sfu_rooms(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_voice_sfu_rooms(integer) to service_role;

create function public.claim_voice_sfu_rooms(p_limit integer default 100)
returns text[]
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.claim_voice_sfu_rooms(p_limit); $$;

comment on function public.claim_voice_sfu_rooms(integer) is
$$Returns rooms of the SFU whose participants are to be compared with the sessions: answer each with `compare_voice_sfu_room`. What is not
answered is given out again after a minute. Needs the secret key.
@param p_limit 1 to 100 rooms
@errors invalid_argument$$;

revoke all on function public.claim_voice_sfu_rooms(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_voice_sfu_rooms(integer) to service_role;
