-- rate_limit_catalog: every limit by name. capacity is how many calls may come at once; they come back evenly over period.
-- An operator may change a row; the next call follows it, and check:contract names it as a difference.
create table private.rate_limit_catalog (
  key text primary key,
  capacity integer not null check (capacity > 0),
  period interval not null check (period > interval '0'),
  description text not null
);

revoke all on table private.rate_limit_catalog from public, anon, authenticated, service_role;
