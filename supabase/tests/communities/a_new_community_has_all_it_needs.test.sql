begin;
select plan(23);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');


select pg_temp.become('ann');
select is((create_community('  Rust ')).name, 'Rust', 'create_community returns the community, its name without the spaces around it');
select is((select owner_id from my_communities()), md5('ann')::uuid, 'the caller owns it');
select is((select id from my_communities()), pg_temp.community(), 'and is a member of it');
select results_eq(
  $$ select kind, name from list_channels(pg_temp.community()) $$, $$ values ('text', 'general') $$, 'it has a first channel to talk in'
);
select results_eq(
  $$ select name, position from public.channel_groups where community_id = pg_temp.community() $$, $$ values ('Text channels', 0) $$, 'in a group'
);
select is(
  (select group_id from list_channels(pg_temp.community())), (select id from public.channel_groups where community_id = pg_temp.community()), 'which the channel is in'
);
select results_eq(
  $$ select name, is_default from public.roles where community_id = pg_temp.community() $$, $$ values ('everyone', true) $$, 'it has its default role'
);
select is(
  pg_temp.refused_field($$ select send_message((select id from list_channels(pg_temp.community())), 'first') $$), 'none', 'the owner may talk at once'
);

reset role;
select is(
  (select array_agg(c.key::text order by c.bit) from public.roles r join public.permissions_catalog c on r.permissions & (1::bigint << c.bit) <> 0
   where r.community_id = pg_temp.community()),
  '{view_channel,read_history,send_messages,send_in_threads,create_threads,attach_files,embed_links,add_reactions,create_invite,connect,speak,stream}',
  'everyone may talk, read, listen and invite, and administer nothing'
);
select is(
  (select count(*) from public.community_members where community_id = pg_temp.community()), 1::bigint, 'nobody else is a member'
);
select is(
  (select array[last_seq, revision] from private.channel_heads h join public.channels c on c.id = h.channel_id where c.community_id = pg_temp.community()),
  '{1,1}', 'the channel counts from one'
);
select results_eq(
  $$ select event, payload - 'id' from broadcasts where topic = 'user:' || md5('ann')::uuid $$,
  $$ select 'access_changed', jsonb_build_object('community_id', pg_temp.community(), 'kind', 'joined') $$,
  'the owner''s other devices hear of it'
);

-- Names.
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select create_community('') $$), 'PT422 invalid_argument p_name', 'an empty name is refused');
select is(pg_temp.refused_field($$ select create_community('   ') $$), 'PT422 invalid_argument p_name', 'a name of spaces is refused');
select is(pg_temp.refused_field($$ select create_community(null) $$), 'PT422 invalid_argument p_name', 'null is refused');
select is(pg_temp.refused_field($$ select create_community(repeat('é', 101)) $$), 'PT422 invalid_argument p_name', 'a name of 101 characters is refused');
select is((create_community(repeat('é', 100))).name, repeat('é', 100), 'one of 100 is taken');
select is((create_community('''; drop table communities; -- $1 %s \')).name, '''; drop table communities; -- $1 %s \', 'SQL in a name is a name');
select is((create_community('🦀 Zoë')).name, '🦀 Zoë', 'so are letters and emoji of the world');
select is((create_community('🦀 Zoë')).name, '🦀 Zoë', 'two communities may have the same name');
select is(
  (select count(*) from my_communities()), 4::bigint, 'my_communities lists them, and not another''s'
);
select ok(
  not exists (select from my_communities() where id = pg_temp.community()) and not exists (select from public.communities where id = pg_temp.community()),
  'a community of others is neither listed nor readable'
);

-- Every call that bob's bucket holds is taken.
reset role;
insert into private.rate_limits (limit_key, subject, full_at) values ('community_create', md5('bob')::uuid::text, now() + interval '1 day')
on conflict (limit_key, subject) do update set full_at = excluded.full_at;
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select create_community('One too many') $$), 'PT429 rate_limited', 'who creates too many has to wait');

select * from finish();
rollback;
