begin;
select plan(28);
\ir ../shared.psql
\ir ../friends.psql

select pg_temp.sign_up_as('ann', 'bob', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6');

-- ann has five friends, three of whom at one moment; is asked by three and has asked two; and has blocked five.
insert into private.friendships (user_id, friend_id, created_at)
select md5('ann')::uuid, md5('u' || n)::uuid, now() - interval '1 hour' * greatest(n, 3) from generate_series(1, 5) as n;
insert into private.friendships (user_id, friend_id) values (md5('bob')::uuid, md5('u6')::uuid);
create function pg_temp.requested() returns void language sql as $$
  insert into private.friend_requests (from_id, to_id, created_at)
  select md5('u' || n)::uuid, md5('ann')::uuid, now() - interval '1 hour' * n from generate_series(1, 5, 2) as n
  union all select md5('ann')::uuid, md5('u' || n)::uuid, now() - interval '1 hour' * n from generate_series(2, 4, 2) as n
  union all select md5('u6')::uuid, md5('bob')::uuid, now()
  union all select md5('bob')::uuid, md5('u6')::uuid, now();
$$;
select pg_temp.requested();

-- All pages of a list, one after the other: the names on each, and how many pages.
create function pg_temp.pages(p_list text, p_time text, p_arguments text default '') returns text language plpgsql as $$
declare
  v_time timestamptz;
  v_user_id uuid;
  v_names text[];
  v_pages text := '';
  v_page record;
begin
  loop
    v_names := '{}';
    for v_page in execute format(
      'select username, %1$I as at, user_id from %2$s(%3$s %4$s => $1, p_before_user_id => $2, p_limit => 2)',
      p_time, p_list, p_arguments, 'p_before_' || p_time
    ) using v_time, v_user_id loop
      v_names := v_names || replace(v_page.username, 'test_', '');
      v_time := v_page.at;
      v_user_id := v_page.user_id;
    end loop;
    exit when v_names = '{}' or length(v_pages) > 1000;
    v_pages := v_pages || array_to_string(v_names, ' ') || '|';
  end loop;
  return v_pages;
end
$$;
-- Those of one moment are in the order of their ids.
create function pg_temp.by_id(variadic p_names text[]) returns text[] language sql as
$$ select array_agg(n order by md5(n)::uuid desc) from unnest(p_names) as n $$;

select pg_temp.become('ann');
select is(
  pg_temp.pages('list_friends', 'since'), (select format('%s %s|%s u4|u5|', o[1], o[2], o[3]) from pg_temp.by_id('u1', 'u2', 'u3') o),
  'friends are listed page by page, the newest first, also those of one moment'
);
select is(pg_temp.pages('list_friend_requests', 'created_at'), 'u1 u2|u3 u4|u5|', 'so are requests, whichever way they go');
select is(pg_temp.pages('list_friend_requests', 'created_at', 'p_direction => ''incoming'','), 'u1 u3|u5|', 'or only those one was asked');
select is(pg_temp.pages('list_friend_requests', 'created_at', 'p_direction => ''outgoing'','), 'u2 u4|', 'or only those one has asked');
select is(pg_temp.requests(), 'incoming test_u1, outgoing test_u2, incoming test_u3, outgoing test_u4, incoming test_u5', 'each says which it is');
select is((select count(*) from list_friends()), 5::bigint, 'a page is long enough for most');
select is((select count(*) from list_friends(p_limit => 1)), 1::bigint, 'and as short as one likes');

-- A block leaves out who is blocked; pages stay as long.
select block_user(md5('u1')::uuid), block_user(md5('u2')::uuid), block_user(md5('u4')::uuid);
select is(pg_temp.pages('list_friends', 'since'), 'u3 u5|', 'friends whom one has blocked are left out');
select is(pg_temp.pages('list_friend_requests', 'created_at'), 'u3 u5|', 'so are their requests, and one''s own to them');
reset role;
update private.blocks b set created_at = now() - interval '1 hour' * n
from generate_series(1, 5) as n where b.blocker_id = md5('ann')::uuid and b.blocked_id = md5('u' || n)::uuid;
select pg_temp.become('ann');
select is(pg_temp.pages('list_blocks', 'created_at'), 'u1 u2|u4|', 'blocks are listed page by page, the newest first');
select results_eq(
  'select user_id, username, display_name from list_blocks(p_limit => 1)', $$ select md5('u1')::uuid, 'test_u1', 'U1' $$, 'with names'
);

-- What goes on after who is gone by then.
select is(
  (select string_agg(username, ' ' order by since desc, user_id desc) from list_friends(now() - interval '4 hours', md5('u4')::uuid)), 'test_u5', 'a page goes on after a friend who is none any more'
);

-- Each sees only their own.
select pg_temp.become('bob');
select is(pg_temp.pages('list_friends', 'since'), 'u6|', 'another one''s friends are others');
select is(pg_temp.pages('list_friend_requests', 'created_at'), 'u6 u6|', 'so are requests');
select is(pg_temp.pages('list_blocks', 'created_at'), '', 'and blocks');
select pg_temp.become('u1');
select is(pg_temp.blocks(), 'nobody', 'nobody is told who has blocked them');

-- Bounds.
select pg_temp.become('ann');
select is(pg_temp.refused_field(format('select %s(p_limit => 0)', list)), 'PT422 invalid_argument p_limit', 'no page is empty: ' || list)
from unnest(array['list_friends', 'list_friend_requests', 'list_blocks']) as list;
select is(pg_temp.refused_field(format('select %s(p_limit => 101)', list)), 'PT422 invalid_argument p_limit', 'nor longer than 100: ' || list)
from unnest(array['list_friends', 'list_friend_requests', 'list_blocks']) as list;
select is(
  pg_temp.refused_field(format('select %s(p_before_user_id => md5(''u1'')::uuid)', list)), 'PT422 invalid_argument p_before_user_id', 'a user alone is no place to go on from: ' || list
)
from unnest(array['list_friends', 'list_friend_requests', 'list_blocks']) as list;
select is(pg_temp.refused_field('select list_friends(p_before_since => now())'), 'PT422 invalid_argument p_before_user_id', 'nor is a time alone');
select is(pg_temp.refused_field('select list_friend_requests(p_direction => ''both'')'), 'PT422 invalid_argument p_direction', 'a direction is one of the two');

-- No more than names.
reset role;
select is(
  (select string_agg(format('%s.%s', c.relname, a.attname), ' ' order by c.relname, a.attnum)
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'c' and c.relname in ('friend', 'friend_request', 'blocked_user')),
  'blocked_user.user_id blocked_user.username blocked_user.display_name blocked_user.created_at friend.user_id friend.username friend.display_name friend.since '
  || 'friend_request.user_id friend_request.username friend_request.display_name friend_request.direction friend_request.created_at',
  'of others nothing is shown but how they are called'
);

select * from finish();
rollback;
