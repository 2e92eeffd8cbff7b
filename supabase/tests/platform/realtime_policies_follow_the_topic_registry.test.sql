begin;
select plan(16);

select set_eq(
  $$ select policyname::text, cmd::text, roles::text from pg_policies
     where schemaname = 'realtime' and tablename = 'messages' and policyname like 'guildhall%' $$,
  $$ values ('guildhall_receive', 'SELECT', '{authenticated}'), ('guildhall_send', 'INSERT', '{authenticated}') $$,
  'there is one policy to receive and one to send, for signed-in users only'
);
select is_empty(
  $$ select t.prefix from private.topics t
     where not exists (
       select from pg_policies p
       where p.policyname = 'guildhall_receive' and p.qual like '%''' || t.prefix || '''%'
         and (t.receive is null or p.qual like '%private.' || t.receive || '(%')
         and (t.presence is null or p.qual like '%private.' || t.presence || '(%')
     ) $$,
  'the policy to receive asks the functions of every registered topic'
);
select is_empty(
  $$ select t.prefix from private.topics t
     where not exists (
       select from pg_policies p
       where p.policyname = 'guildhall_send' and p.with_check like '%''' || t.prefix || '''%'
         and (t.send is null or p.with_check like '%private.' || t.send || '(%')
     ) $$,
  'the policy to send asks the functions of every registered topic'
);
select is_empty(
  $$ select t.prefix, f.name
     from private.topics t, unnest(array[t.receive, t.send, t.presence]) as f (name)
     where f.name is not null
       and not coalesce(has_function_privilege('authenticated', to_regprocedure('private.' || f.name || '(text)')::oid, 'execute'), false) $$,
  'every registered function exists and may be called by whom the policies ask about'
);
select is_empty(
  $$ select e.prefix from private.topic_events e left join private.topics t on t.prefix = e.prefix where t.prefix is null $$,
  'every declared event belongs to a registered topic'
);

-- Three topics: one whose function says yes, one whose function says no, one that nobody registered.
create function private.test_yes(p_topic text) returns boolean language sql stable as 'select true';
create function private.test_no(p_topic text) returns boolean language sql stable as 'select false';
grant execute on function private.test_yes(text), private.test_no(text) to authenticated;
select private.register_topic('test_open', 'For this test', 'test_yes', 'test_yes', 'test_yes');
select private.register_topic('test_receive', 'For this test', p_receive => 'test_yes');
select private.register_topic('test_shut', 'For this test', 'test_no', 'test_no', 'test_no');

-- What Realtime does at a join: a probe row for each right, then the question as the user.
insert into realtime.messages (topic, extension)
select topic, extension
from unnest(array['test_open:1', 'test_receive:1', 'test_shut:1', 'test_other:1', 'test_open', 'x:test_open:1']) as topic,
  unnest(array['broadcast', 'presence']) as extension;

create function pg_temp.may_receive(p_topic text, p_extension text default 'broadcast') returns boolean
language plpgsql as $$
begin
  perform set_config('realtime.topic', p_topic, true);
  return exists (select from realtime.messages m where m.topic = p_topic and m.extension = p_extension);
end
$$;
create function pg_temp.may_send(p_topic text, p_extension text default 'broadcast') returns boolean
language plpgsql as $$
begin
  perform set_config('realtime.topic', p_topic, true);
  insert into realtime.messages (topic, extension) values (p_topic, p_extension);
  return true;
exception when insufficient_privilege then
  return false;
end
$$;

set local role authenticated;
set local request.jwt.claim.sub = 'a0000000-0000-4000-8000-000000000001';
set local request.jwt.claims = '{"sub": "a0000000-0000-4000-8000-000000000001", "role": "authenticated"}';

select ok(pg_temp.may_receive('test_open:1'), 'what the function allows may be received');
select ok(pg_temp.may_send('test_open:1'), 'what the function allows may be sent');
select ok(pg_temp.may_receive('test_open:1', 'presence') and pg_temp.may_send('test_open:1', 'presence'), 'presence is asked by its own function');
select ok(not pg_temp.may_receive('test_shut:1') and not pg_temp.may_receive('test_shut:1', 'presence'), 'what the function denies is not received');
select ok(not pg_temp.may_send('test_shut:1') and not pg_temp.may_send('test_shut:1', 'presence'), 'what the function denies is not sent');
select ok(pg_temp.may_receive('test_receive:1') and not pg_temp.may_send('test_receive:1'), 'a right without a function is denied');
select ok(not pg_temp.may_receive('test_receive:1', 'presence') and not pg_temp.may_send('test_receive:1', 'presence'), 'presence without a function is denied');
select ok(not pg_temp.may_receive('test_other:1') and not pg_temp.may_send('test_other:1'), 'a prefix nobody registered is denied');
select ok(not pg_temp.may_receive('x:test_open:1') and not pg_temp.may_send('x:test_open:1'), 'a registered prefix counts at the start of the name only');
select ok(not pg_temp.may_send('test_open:1', 'postgres_changes'), 'an extension other than broadcast and presence is denied');

set local role anon;
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "anon"}';
select ok(not pg_temp.may_receive('test_open:1') and not pg_temp.may_send('test_open:1'), 'without a session nothing is allowed');

select * from finish();
rollback;
