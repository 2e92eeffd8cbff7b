begin;
select plan(11);
\ir ../shared.psql
\ir ../friends.psql

-- Two worlds that differ in nothing but a block: what the blocked person is answered, refused, shown and told in the one is compared,
-- byte for byte, with the other. Both are run with the same people, and undone; only times and the ids of events differ.
-- The blocked person may have an accomplice, or be the accomplice, too: what that one is answered is compared as well.
select pg_temp.sign_up_as('owner', 'blocked', 'accomplice');
set local session_replication_role = replica;
insert into auth.users (id, email) select md5('crowd ' || n)::uuid, 'crowd' || n || '@example.com' from generate_series(1, 1001) as n;
insert into public.profiles (id, username, display_name) select md5('crowd ' || n)::uuid, 'crowd_' || n, 'Crowd' from generate_series(1, 1001) as n;
set local session_replication_role = origin;

-- All that the one can do about the other, and what is done to bring both to a limit.
create temp table steps (step text primary key, call text, makes_friends boolean not null default false);
insert into steps values
  ('request', 'request_friend(%1$L)', true),
  ('request by name', 'request_friend(p_username => %2$L)', true),
  ('accept', 'accept_friend_request(%1$L)', true),
  ('decline', 'decline_friend_request(%1$L)', false),
  ('cancel', 'cancel_friend_request(%1$L)', false),
  ('remove', 'remove_friend(%1$L)', false),
  ('block', 'block_user(%1$L)', false),
  ('unblock', 'unblock_user(%1$L)', false),
  ('request another', 'request_friend(md5(''crowd 1001'')::uuid)', false),
  ('request accomplice', 'request_friend(md5(''accomplice'')::uuid)', false),
  ('prefer nobody', 'update_my_preferences(''nobody'')', false);
create temp table fillings (step text primary key, command text);
insert into fillings values
  ('owner has 999 friends', $$ insert into private.friendships select md5('owner')::uuid, md5('crowd ' || n)::uuid from generate_series(1, 999) as n $$),
  ('owner has 1000 friends', $$ insert into private.friendships select md5('owner')::uuid, md5('crowd ' || n)::uuid from generate_series(1, 1000) as n $$),
  ('blocked has 999 friends', $$ insert into private.friendships select md5('blocked')::uuid, md5('crowd ' || n)::uuid from generate_series(1, 999) as n $$),
  ('blocked has asked 99', $$ insert into private.friend_requests select md5('blocked')::uuid, md5('crowd ' || n)::uuid, now() - n * interval '1 second' from generate_series(1, 99) as n $$),
  ('owner has asked 99', $$ insert into private.friend_requests select md5('owner')::uuid, md5('crowd ' || n)::uuid, now() - n * interval '1 second' from generate_series(1, 99) as n $$),
  ('one call an hour', $$ update private.rate_limit_catalog set capacity = 1 where key in ('friend_request', 'friend_change', 'block_change') $$);

-- What a statement answers, or how it is refused: every word of it.
create function pg_temp.answer(p_sql text) returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
  v_detail text;
  v_hint text;
begin
  execute p_sql into v_answer;
  return jsonb_build_object('answer', v_answer);
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
  return jsonb_build_object('state', sqlstate, 'message', sqlerrm, 'detail', v_detail, 'hint', v_hint);
end
$$;

-- All that somebody sees without changing anything.
create function pg_temp.view() returns jsonb language sql as $$
  select jsonb_build_object(
    'friends', (select jsonb_agg(f) from list_friends() f), 'requests', (select jsonb_agg(r) from list_friend_requests() r),
    'page', (select jsonb_agg(r) from list_friend_requests('outgoing', now() + interval '1 day', md5('blocked')::uuid, 1) r),
    'blocks', (select jsonb_agg(b) from list_blocks() b), 'preferences', to_jsonb(my_preferences()),
    'profile', to_jsonb(my_profile()), 'profiles', (select jsonb_agg(p order by p.id) from public.profiles p where p.id in (md5('owner')::uuid, md5('blocked')::uuid))
  )
$$;

-- Runs the steps ('owner: request', 'blocked: accept', a filling), and with p_is_blocked the block before the one numbered p_block_at.
-- Returns what p_witness has seen after each step since the block. What would make them friends the owner does not do from there on, in neither world:
-- the owner knows of the block. Broadcasts are all those that are not the other's own.
create function pg_temp.world(p_steps text[], p_block_at integer, p_is_blocked boolean, p_witness text default 'blocked') returns text
language plpgsql as $$
declare
  v_seen jsonb := '[]';
  v_who text;
  v_answer jsonb;
  v_step pg_temp.steps;
begin
  begin
    for i in 1..cardinality(p_steps) loop
      if i = p_block_at and p_is_blocked then
        perform pg_temp.become('owner');
        perform block_user(md5('blocked')::uuid);
        reset role;
      end if;
      v_who := split_part(p_steps[i], ': ', 1);
      select * into v_step from pg_temp.steps s where s.step = split_part(p_steps[i], ': ', 2);
      v_answer := null;
      if not found then
        execute (select f.command from pg_temp.fillings f where f.step = p_steps[i]);
      elsif not (v_who = 'owner' and v_step.makes_friends and i >= p_block_at) then
        perform pg_temp.become(v_who);
        v_answer := pg_temp.answer(
          'select to_jsonb(a) from ' || format(
            v_step.call, md5(case v_who when 'owner' then 'blocked' else 'owner' end)::uuid,
            case v_who when 'owner' then 'test_blocked' else 'test_owner' end
          ) || ' as a'
        );
        reset role;
      end if;
      continue when i < p_block_at;
      perform pg_temp.become(p_witness);
      v_seen := v_seen || jsonb_build_object(
        'step', p_steps[i], 'answer', case when (v_who = 'owner') = (p_witness = 'owner') then v_answer end, 'view', pg_temp.answer('select pg_temp.view()')
      );
      reset role;
      v_seen := v_seen || coalesce(
        (select jsonb_agg(jsonb_build_array(m.topic, m.event, m.payload - 'id', m.private, m.extension) order by m.topic, m.event, (m.payload - 'id')::text)
         from broadcasts m
         where m.topic <> 'user:' || md5(case p_witness when 'owner' then 'blocked' else 'owner' end)::uuid),
        '[]'
      );
    end loop;
    raise exception using errcode = 'ZZ000';
  exception when sqlstate 'ZZ000' then null;
  end;
  return regexp_replace(
    regexp_replace(v_seen::text, '\d{4}-\d\d-\d\dT[\d:.]+[+-][\d:]+', 'at some time', 'g'), '(retry_after\\": )[\d.]+', '\1some seconds', 'g'
  );
end
$$;

-- What can stand between the two before; then anything that either does, the owner silently; then anything that the blocked person does.
create temp table stories (story text[], block_at integer);
insert into stories
select b.before || array[o.who || ': ' || o.step, 'blocked: ' || t.step], cardinality(b.before) + 1
from (values (array[]::text[]), ('{owner: request}'), ('{blocked: request}'), ('{blocked: request,owner: accept}')) as b (before),
  (select who, step from steps, unnest(array['owner', 'blocked']) as who where who = 'blocked' or step in ('decline', 'cancel', 'remove')) as o,
  steps t
where o.step not in ('request by name', 'request another', 'request accomplice') and t.step in ('request', 'accept', 'decline', 'cancel', 'remove');
-- Longer ones, with the block before each of their steps.
insert into stories
select l.story, place
from (values
  (array['owner: request', 'blocked: accept', 'blocked: remove', 'blocked: request', 'owner: decline', 'blocked: request by name', 'blocked: cancel']),
  (array['blocked: request', 'blocked: cancel', 'owner: request', 'blocked: decline', 'blocked: request', 'owner: accept', 'owner: remove', 'blocked: accept']),
  -- Each has blocked the other.
  (array['owner: request', 'blocked: block', 'blocked: request', 'blocked: accept', 'blocked: decline', 'blocked: unblock', 'blocked: accept', 'blocked: request']),
  (array['blocked: request', 'owner: accept', 'blocked: block', 'owner: remove', 'blocked: unblock', 'blocked: remove', 'blocked: request by name']),
  -- The block ends, and what has become of it meanwhile is as it would have become.
  (array['blocked: request', 'owner: unblock', 'blocked: cancel', 'blocked: request', 'blocked: prefer nobody']),
  (array['owner: request', 'blocked: accept', 'owner: unblock', 'blocked: remove', 'owner: decline', 'blocked: request']),
  -- At the limits: what is stored counts, whoever is shown it.
  (array['owner: request', 'owner has 1000 friends', 'blocked: accept', 'blocked: request', 'blocked: decline', 'blocked: request']),
  (array['owner: request', 'owner has 999 friends', 'blocked: accept', 'blocked: remove', 'blocked: request']),
  (array['blocked has asked 99', 'blocked: request', 'blocked: request another', 'owner: decline', 'blocked: request another']),
  (array['blocked has 999 friends', 'owner: request', 'blocked: accept', 'blocked: request another', 'owner: remove', 'blocked: request another']),
  (array['owner has asked 99', 'owner: request', 'blocked: accept', 'blocked: remove']),
  (array['blocked: request', 'owner: accept', 'owner has 999 friends', 'owner: request accomplice', 'accomplice: accept', 'blocked: remove', 'accomplice: accept']),
  (array['owner: request', 'owner has asked 99', 'owner: request accomplice', 'accomplice: accept', 'blocked: decline']),
  (array['one call an hour', 'blocked: request', 'blocked: request by name', 'blocked: cancel', 'blocked: remove', 'blocked: block', 'blocked: unblock'])
) as l (story), generate_series(1, cardinality(l.story)) as place;

select cmp_ok((select count(*) from stories), '>', 250::bigint, 'there are many stories to tell');
create temp table told as
select story, block_at, pg_temp.world(story, block_at, true) as with_block, pg_temp.world(story, block_at, false) as without
from stories;

select is_empty(
  'select story, block_at from told where with_block is distinct from without', 'in none of them the blocked person can tell that there is a block'
);

-- The comparison sees what there is to be seen: answers, refusals, lists and broadcasts of every kind.
select is_empty(
  $$ select word from unnest(array[
       '"answer": "requested"', '"answer": "friends"', 'limit_reached', 'rate_limited', 'blocked', 'not_found', '"outgoing"', '"incoming"', 'test_owner',
       '"since": "at some time"', '"requested"', '"accepted"', '"declined"', '"cancelled"', '"removed"', 'friends_changed', 'blocks_changed',
       'preferences_changed', 'retry_after'
     ]) as word where not exists (select from told where strpos(without, word) > 0) $$,
  'all that can be answered and told has been'
);
select is_empty(
  $$ select s.step from steps s where s.step <> 'request accomplice' and not exists (select from told where strpos(without, '"step": "blocked: ' || s.step || '"') > 0) $$, 'all that can be done has been done by the blocked person'
);
-- What the owner sees is another thing in most of them: so worlds that differ are seen to.
select cmp_ok(
  (select count(*) from stories where block_at = 1 and pg_temp.world(story, 1, true, 'owner') <> pg_temp.world(story, 1, false, 'owner')), '>', 50::bigint,
  'the owner is shown the difference'
);
select isnt(
  pg_temp.world('{blocked: request,owner: remove}', 1, false), pg_temp.world('{blocked: request,owner: decline}', 1, false), 'and the blocked person one in what the owner does'
);
select is(
  pg_temp.world('{blocked: request,blocked: cancel}', 1, false), pg_temp.world('{blocked: request,blocked: cancel}', 1, false), 'one world is told in the same words twice'
);
-- What helps the server to tell is closed to the blocked person.
select pg_temp.become('owner');
select block_user(md5('blocked')::uuid);
select pg_temp.become('blocked');
select is(pg_temp.refusal('select private.has_blocked(md5(''owner'')::uuid, md5(''blocked'')::uuid)'), '42501', 'whoever is blocked cannot ask for it');
select is(pg_temp.refusal('select from private.blocks'), '42501', 'nor read it');
select is(pg_temp.blocks(), 'nobody', 'nor is it listed');
select is(
  (select string_agg(relname, ' ') from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname ~ 'block|friend'), null,
  'and there is no table of it to be read'
);

select * from finish();
rollback;
