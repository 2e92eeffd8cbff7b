-- call_rates: for the SQL console, the last hour and the last day. See list_call_rates, which has any window.
create view private.call_rates with (security_invoker = true) as
select w.name as period, r.*
from (values ('hour', 1), ('day', 24)) as w (name, hours)
cross join lateral private.list_call_rates(w.hours) r;

revoke all on table private.call_rates from public, anon, authenticated, service_role;
