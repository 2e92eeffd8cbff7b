-- claim_voice_sfu_changes: what the SFU has yet to be told, what waits longest first, for the Edge Function voice-sfu. Gate: the secret key.
create function private.claim_voice_sfu_changes(p_limit integer)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_claimed jsonb;
begin
  perform private.require_limit(p_limit, 100);

  with due as (
    select c.session_id
    from private.due_voice_sfu_changes c
    order by c.claimable_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.voice_sfu_changes c
    set claimed_at = pg_catalog.clock_timestamp(), tries = c.tries + 1, last_tried_at = pg_catalog.clock_timestamp()
    from due d
    where c.session_id = d.session_id
    returning c.*
  )
  select
    coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'session_id', c.session_id, 'room', c.room, 'is_removal', c.is_removal,
          'can_speak', c.can_speak, 'can_stream', c.can_stream, 'version', c.version
        )
        order by c.claimable_at
      ),
      '[]'
    )
  into v_claimed
  from claimed c;
  return v_claimed;
end
$$;

revoke all on function private.claim_voice_sfu_changes(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_voice_sfu_changes(integer) to service_role;

create function public.claim_voice_sfu_changes(p_limit integer default 100)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.claim_voice_sfu_changes(p_limit); $$;

comment on function public.claim_voice_sfu_changes(integer) is
$$Returns what the SFU has yet to be told of sessions: who is to be removed (`is_removal`), and what others may do now. They are the caller's for
a minute, to be answered with `finish_voice_sfu_change`; afterwards they are given out again. Needs the secret key.
@param p_limit 1 to 100 changes
@errors invalid_argument
@returns {{ session_id: string; room: string; is_removal: boolean; can_speak: boolean; can_stream: boolean; version: number }[]}$$;

revoke all on function public.claim_voice_sfu_changes(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_voice_sfu_changes(integer) to service_role;
