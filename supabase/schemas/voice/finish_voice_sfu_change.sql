-- finish_voice_sfu_change: the SFU has done what was claimed, or has not (p_error). What changed meanwhile has another version: that is
-- neither done nor failed, and is given out at once. Gate: the secret key.
create function private.finish_voice_sfu_change(p_session_id uuid, p_version bigint, p_error text)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_is_done boolean;
begin
  if p_session_id is null or p_version is null then
    perform private.fail(
      'invalid_argument', 'Which change it was is missing.', 422,
      pg_catalog.jsonb_build_object('field', case when p_session_id is null then 'p_session_id' else 'p_version' end)
    );
  end if;

  if p_error is null then
    delete from private.voice_sfu_changes c where c.session_id = p_session_id and c.version = p_version;
    v_is_done := found;
  else
    update private.voice_sfu_changes c
    set claimed_at = null, last_error = pg_catalog.left(p_error, 500),
      -- 15 seconds, 30, a minute, then every two.
      claimable_at = pg_catalog.clock_timestamp() + interval '15 seconds' * (2 ^ least(greatest(c.tries - 1, 0), 3))
    where c.session_id = p_session_id and c.version = p_version;
    v_is_done := false;
  end if;
  if not found then
    update private.voice_sfu_changes c set claimed_at = null
    where c.session_id = p_session_id and c.version <> p_version;
  end if;
  return v_is_done;
end
$$;

revoke all on function private.finish_voice_sfu_change(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.finish_voice_sfu_change(uuid, bigint, text) to service_role;

create function public.finish_voice_sfu_change(p_session_id uuid, p_version bigint, p_error text default null)
returns boolean
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.finish_voice_sfu_change(p_session_id, p_version, p_error); $$;

comment on function public.finish_voice_sfu_change(uuid, bigint, text) is
$$Answers a change that `claim_voice_sfu_changes` gave out, and says whether the SFU is up to date with this session now: not where it failed,
where something changed meanwhile, and where it was answered before. Needs the secret key.
@param p_version as it was given out
@param p_error {string | null} why the SFU has not done it, up to 500 characters, for an operator; null: it has
@errors invalid_argument$$;

revoke all on function public.finish_voice_sfu_change(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.finish_voice_sfu_change(uuid, bigint, text) to service_role;
