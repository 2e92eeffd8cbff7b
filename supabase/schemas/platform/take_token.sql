-- take_token: charges one call, or as many as it counts for, against a limit, or fails with rate_limited and the seconds to wait.
-- GCRA in one statement: the row lock of the upsert makes racing calls queue, so none of them is counted twice or not at all.
create function private.take_token(p_limit_key text, p_subject text, p_tokens integer default 1)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_period interval;
  v_charge interval;
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_wait interval;
begin
  -- In seconds: a day added to a time is 23 hours long where the session's zone changes its clocks.
  select
    pg_catalog.make_interval(secs => extract(epoch from c.period)::double precision),
    pg_catalog.make_interval(secs => p_tokens * extract(epoch from c.period)::double precision / c.capacity)
  into v_period, v_charge
  from private.rate_limit_catalog c
  where c.key = p_limit_key;

  if not found then
    -- A limit nobody declared would be no limit.
    perform private.fail('internal', 'This operation is not configured.', 500, pg_catalog.jsonb_build_object('limit', p_limit_key));
  end if;

  insert into private.rate_limits as r (limit_key, subject, full_at)
  values (p_limit_key, p_subject, v_now + v_charge)
  on conflict (limit_key, subject) do update
    set full_at = greatest(r.full_at, v_now) + v_charge
    where greatest(r.full_at, v_now) + v_charge <= v_now + v_period;

  if not found then
    select r.full_at + v_charge - v_period - v_now into v_wait
    from private.rate_limits r
    where r.limit_key = p_limit_key and r.subject = p_subject;

    perform private.fail(
      'rate_limited', 'Too many requests: wait a moment.', 429,
      pg_catalog.jsonb_build_object(
        'limit', p_limit_key,
        'retry_after', greatest(pg_catalog.round(extract(epoch from v_wait)::numeric, 3), 0.001)
      )
    );
  end if;
end
$$;

revoke all on function private.take_token(text, text, integer) from public, anon, authenticated, service_role;
