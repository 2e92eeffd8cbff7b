-- latency_bucket: the bucket that a latency is counted in, and bucket_latency: what a bucket stands for. Each is 1.2 times as wide as the
-- one before, so a percentile read from them is within 10 % of the true one: 0 (up to 1 ms) to 73 (10 minutes).
create function private.latency_bucket(p_latency_ms numeric)
returns smallint
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.round(pg_catalog.ln(greatest(p_latency_ms, 1)::double precision) / pg_catalog.ln(1.2::double precision))::smallint;
$$;

revoke all on function private.latency_bucket(numeric) from public, anon, authenticated, service_role;

create function private.bucket_latency(p_bucket smallint)
returns integer
language sql immutable security invoker set search_path = ''
as $$ select pg_catalog.round(pg_catalog.power(1.2::double precision, p_bucket::double precision))::integer; $$;

revoke all on function private.bucket_latency(smallint) from public, anon, authenticated, service_role;
