begin;
select plan(9);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'outsider');

create function pg_temp.refused_in_full(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  return 'none';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return concat_ws(' ', sqlstate, sqlerrm, nullif(v_detail, ''));
end
$$;

-- bob sees the channel general of one community and is in no other; the channel hidden is for the owner.
select pg_temp.become('ann');
select create_community(name) from unnest(array['Rust', 'Go']) as name;
select create_channel(pg_temp.community(), 'hidden');
select set_channel_overwrite(
  pg_temp.channel('hidden'), 'role', (select id from roles where community_id = pg_temp.community() and is_default), '{}', '{view_channel}'
);
select set_channel_overwrite(
  pg_temp.channel('general'), 'role', (select id from roles where community_id = pg_temp.community() and is_default), '{pin_messages}', '{add_reactions}'
);
select set_config('test.invite', (select code from create_invite(pg_temp.community())), true);
select pg_temp.become('bob');
select redeem_invite(current_setting('test.invite'));

select is(
  my_permissions(pg_temp.community(), pg_temp.channel('general')) @> '{view_channel,pin_messages}', true,
  'in a channel that one sees the answer counts its overwrites in'
);
select is(
  my_permissions(pg_temp.community(), pg_temp.channel('general')) && '{add_reactions}', false, 'also what they take'
);
select is(
  my_permissions(pg_temp.community()) @> '{add_reactions}' and not my_permissions(pg_temp.community()) && '{pin_messages}', true,
  'in the community as a whole it does not'
);
select is(
  pg_temp.refused_in_full(format('select my_permissions(%L, %L)', pg_temp.community(), pg_temp.channel('hidden'))),
  'PT404 There is no such channel. {"code": "not_found", "field": "p_channel_id"}', 'a channel that one does not see is not found'
);
select is(
  pg_temp.refused_in_full(format('select my_permissions(%L, %L)', pg_temp.community(), pg_temp.channel('hidden'))),
  pg_temp.refused_in_full(format('select my_permissions(%L, %L)', pg_temp.community(), gen_random_uuid())),
  'in the same words as one that does not exist'
);
select is(
  pg_temp.refused_in_full(format('select my_permissions(%L, %L)', pg_temp.community('Go'), pg_temp.channel('general'))),
  'PT404 There is no such channel. {"code": "not_found", "field": "p_channel_id"}', 'a channel is not one of another community, also when one sees it'
);
select pg_temp.become('ann');
select is(
  my_permissions(pg_temp.community(), pg_temp.channel('hidden')) @> '{view_channel}', true, 'the owner sees the hidden one'
);
select pg_temp.become('outsider');
select is(
  pg_temp.refused_in_full(format('select my_permissions(%L, %L)', pg_temp.community(), pg_temp.channel('general'))),
  'PT404 There is no such channel. {"code": "not_found", "field": "p_channel_id"}', 'an outsider sees none'
);
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty(
  $$ select r from unnest(array[null, pg_temp.channel('general'), pg_temp.channel('hidden'), gen_random_uuid()]) as c (id),
       pg_temp.refused_in_full(format('select my_permissions(%L, %L)', pg_temp.community(), c.id)) r
     where r not like 'PT401 %{"code": "session_required"}' $$,
  'without a session the answer is the same for all of them'
);

select * from finish();
rollback;
