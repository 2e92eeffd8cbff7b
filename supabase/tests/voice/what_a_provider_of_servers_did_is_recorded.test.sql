begin;
select plan(5);

-- Of a kind that is counted often, single failures are not kept. Nobody else counts meanwhile.
lock table private.call_counts in exclusive mode;
delete from private.call_counts where true;

set local role service_role;
select lives_ok(
  $$ select record_calls('b0000000-0000-4000-8000-00000000ce01', '[
       {"function": "voice_ice.issue", "code": null, "latency_ms": 40, "request_id": "c0000000-0000-4000-8000-00000000ce01"},
       {"function": "voice_ice.provider", "code": "timeout", "latency_ms": 3001, "request_id": "c0000000-0000-4000-8000-00000000ce01"},
       {"function": "voice_ice.provider", "code": "provider_unavailable", "latency_ms": 12, "request_id": "c0000000-0000-4000-8000-00000000ce02"},
       {"function": "voice_ice.other", "code": null, "latency_ms": 12}]') $$,
  'the function tells how requests and its provider did'
);
reset role;
select results_eq(
  $$ select f.source, f.function, f.code, f.latency_ms from private.call_failures f
     where f.request_id in ('c0000000-0000-4000-8000-00000000ce01', 'c0000000-0000-4000-8000-00000000ce02') order by f.code $$,
  $$ values ('server', 'voice_ice.provider', 'provider_unavailable', 12), ('server', 'voice_ice.provider', 'timeout', 3001) $$,
  'each failure of a provider is found by its request'
);
select ok(
  (select array_agg(distinct c.function || ' ' || c.code) @> '{"voice_ice.issue ","voice_ice.provider timeout","voice_ice.provider provider_unavailable"}'
   from private.call_counts c where c.source = 'server'),
  'and counted'
);
select ok(
  (select bool_and(k.is_fault) from private.error_codes k where k.code in ('timeout', 'provider_unavailable')), 'as a fault, which costs of the budget'
);
select is_empty($$ select from private.call_counts where function = 'voice_ice.other' $$, 'what the function does not do is not taken');

select * from finish();
rollback;
