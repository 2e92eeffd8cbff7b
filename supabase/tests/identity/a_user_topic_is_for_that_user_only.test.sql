begin;
select plan(7);

insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-00000000000a', 'ann@example.com'), ('a0000000-0000-4000-8000-00000000000b', 'bob@example.com');
insert into realtime.messages (topic, extension)
select topic, extension
from unnest(array[
  'user:a0000000-0000-4000-8000-00000000000a', 'user:a0000000-0000-4000-8000-00000000000b', 'user:', 'user',
  'user:A0000000-0000-4000-8000-00000000000A', 'user:a0000000-0000-4000-8000-00000000000a:1'
]) as topic, unnest(array['broadcast', 'presence']) as extension;

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
set local request.jwt.claim.sub = 'a0000000-0000-4000-8000-00000000000a';
set local request.jwt.claims = '{"sub": "a0000000-0000-4000-8000-00000000000a", "role": "authenticated"}';

select ok(pg_temp.may_receive('user:a0000000-0000-4000-8000-00000000000a'), 'a user receives what concerns the user');
select ok(not pg_temp.may_send('user:a0000000-0000-4000-8000-00000000000a'), 'but does not send it: only the server does');
select ok(
  not pg_temp.may_receive('user:a0000000-0000-4000-8000-00000000000a', 'presence')
  and not pg_temp.may_send('user:a0000000-0000-4000-8000-00000000000a', 'presence'), 'nobody is present there'
);
select ok(not pg_temp.may_receive('user:a0000000-0000-4000-8000-00000000000b'), 'another user''s topic is closed');
select ok(not pg_temp.may_send('user:a0000000-0000-4000-8000-00000000000b'), 'in both directions');
select ok(
  not pg_temp.may_receive('user:') and not pg_temp.may_receive('user')
  and not pg_temp.may_receive('user:A0000000-0000-4000-8000-00000000000A')
  and not pg_temp.may_receive('user:a0000000-0000-4000-8000-00000000000a:1'),
  'names that only resemble the topic are closed'
);

set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select ok(not pg_temp.may_receive('user:') and not pg_temp.may_receive('user'), 'a token without a user opens nothing');

select * from finish();
rollback;
