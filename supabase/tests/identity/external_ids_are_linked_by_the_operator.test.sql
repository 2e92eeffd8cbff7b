begin;
select plan(37);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');

-- As the secret key calls.
create function pg_temp.operate() returns void language sql as $$
  select set_config('role', 'service_role', true), set_config('request.jwt.claim.sub', '', true),
    set_config('request.jwt.claims', '{"role": "service_role"}', true);
$$;
create function pg_temp.links() returns text[] language sql security definer as $$
  select array(
    select e.provider || ':' || e.external_id || '=' || n
    from private.external_identities e join unnest(array['ann', 'bob', 'cleo']) as n on md5(n)::uuid = e.user_id
    order by 1
  )
$$;
create function pg_temp.link(p_name text, p_external_id text, p_provider text default 'mongo') returns text language sql as
$$ select pg_temp.refused_field(format('select link_external_identity(%L, %L, %L)', md5(p_name)::uuid, p_provider, p_external_id)) $$;

select pg_temp.operate();
select is(pg_temp.link('ann', '66f0c0ffee0000000000000a'), 'none', 'the operator links a user to an id');
select is(pg_temp.link('ann', '66f0c0ffee0000000000000a'), 'none', 'the same again changes nothing');
select is(pg_temp.links(), '{mongo:66f0c0ffee0000000000000a=ann}', 'it is linked once');
select is(pg_temp.link('bob', '66f0c0ffee0000000000000a'), 'PT409 conflict p_external_id', 'an id is one user''s');
select is(pg_temp.link('ann', 'another'), 'PT409 conflict p_user_id', 'a user has one');
select is(pg_temp.link('ann', '66f0c0ffee0000000000000a', 'crm'), 'none', 'in each system');
select is(pg_temp.link('bob', 'another', 'crm'), 'none', 'the other in another');
select is(pg_temp.link('bob', '66F0C0FFEE0000000000000A'), 'none', 'capitals are other letters');
select is(pg_temp.links(), '{crm:66f0c0ffee0000000000000a=ann,crm:another=bob,mongo:66F0C0FFEE0000000000000A=bob,mongo:66f0c0ffee0000000000000a=ann}', 'what was refused is not linked');
select is(pg_temp.link('nobody', 'x'), 'PT404 not_found p_user_id', 'nobody is not linked');
select is(pg_temp.refused_field($$ select link_external_identity(null, 'mongo', 'x') $$), 'PT404 not_found p_user_id', 'nor null');
select is_empty(
  $$ select id, pg_temp.link('cleo', id) as got
     from unnest(array[null, '', 'a_b', 'a b', 'ä', repeat('a', 65), e'a\n', 'a/b', '%', '''']) as id
     where pg_temp.link('cleo', id) <> 'PT422 invalid_argument p_external_id' $$,
  'an id has 1 to 64 letters, digits and hyphens, and no underscore'
);
select is_empty(
  $$ select provider, pg_temp.link('cleo', 'x', provider) as got
     from unnest(array[null, '', 'Mongo', '1st', '_m', 'a-b', repeat('a', 33), e'a\n']) as provider
     where pg_temp.link('cleo', 'x', provider) <> 'PT422 invalid_argument p_provider' $$,
  'a system has a name in small letters'
);
select is(pg_temp.link('cleo', repeat('Z', 64), repeat('a', 32)), 'none', 'at their longest they are taken');
reset role;
select throws_ok($$ insert into private.external_identities (provider, external_id, user_id) values ('mongo', 'a_b', md5('cleo')::uuid) $$, '23514', null, 'the table keeps them so, too');
select throws_ok($$ insert into private.external_identities (provider, external_id, user_id) values ('Mongo', 'ab', md5('cleo')::uuid) $$, '23514', null, 'both');

-- Nobody else.
select pg_temp.become('cleo');
select throws_ok($$ select link_external_identity(md5('cleo')::uuid, 'mongo', 'mine') $$, '42501', null, 'nobody links themselves');
select throws_ok($$ select unlink_external_identity(md5('ann')::uuid, 'mongo') $$, '42501', null, 'or unlinks others');
select throws_ok($$ select private.link_external_identity(md5('cleo')::uuid, 'mongo', 'mine') $$, '42501', null, 'nor behind the API');
select throws_ok($$ select private.unlink_external_identity(md5('cleo')::uuid, 'mongo') $$, '42501', null, 'nor that');
select throws_ok($$ select * from private.external_identities $$, '42501', null, 'who is who is not read');
select throws_ok($$ select * from private.former_external_identities $$, '42501', null, 'nor who was');
select throws_ok($$ select private.user_of_external_id('mongo', 'another') $$, '42501', null, 'nor asked');
select throws_ok($$ select private.external_id_of('mongo', md5('ann')::uuid) $$, '42501', null, 'by either');
set local role anon;
select throws_ok($$ select link_external_identity(md5('cleo')::uuid, 'mongo', 'mine') $$, '42501', null, 'without a session it is the same');
select throws_ok($$ select unlink_external_identity(md5('cleo')::uuid, 'mongo') $$, '42501', null, 'both');

-- A wrong link is put right.
select pg_temp.operate();
select lives_ok($$ select unlink_external_identity(md5('ann')::uuid, 'mongo') $$, 'a link is taken away');
select lives_ok($$ select unlink_external_identity(md5('ann')::uuid, 'mongo') $$, 'once is enough');
select is(pg_temp.refused_field($$ select unlink_external_identity(md5('ann')::uuid, 'MONGO') $$), 'PT422 invalid_argument p_provider', 'by the name of a system');
select is(pg_temp.link('cleo', '66f0c0ffee0000000000000a'), 'none', 'then the id is free for another');
select is(pg_temp.links() && '{crm:66f0c0ffee0000000000000a=ann}', true, 'in other systems nothing has changed');

-- With the account it goes; who had it is remembered for a while.
reset role;
delete from auth.users where id = md5('bob')::uuid;
select is_empty($$ select * from private.external_identities where user_id = md5('bob')::uuid $$, 'a link goes with the account');
select set_eq(
  $$ select provider, external_id, user_id from private.former_external_identities where user_id in (md5('ann')::uuid, md5('bob')::uuid, md5('cleo')::uuid) $$,
  $$ values ('mongo', '66f0c0ffee0000000000000a', md5('ann')::uuid), ('mongo', '66F0C0FFEE0000000000000A', md5('bob')::uuid), ('crm', 'another', md5('bob')::uuid) $$,
  'who had an id is remembered, however it ended'
);
select is(private.was_external_id_of_another('mongo', '66f0c0ffee0000000000000a', md5('cleo')::uuid, md5('x')::uuid), true, 'that it was another''s');
select is(private.was_external_id_of_another('mongo', '66f0c0ffee0000000000000a', md5('cleo')::uuid, md5('ann')::uuid), false, 'and not theirs');
update private.former_external_identities set ended_at = ended_at - interval '4 days 1 second' where user_id = md5('ann')::uuid;
select is(private.was_external_id_of_another('mongo', '66f0c0ffee0000000000000a', md5('cleo')::uuid, md5('x')::uuid), false, 'for 4 days');
select private.sweep_identity();
select set_eq(
  $$ select distinct user_id from private.former_external_identities where user_id in (md5('ann')::uuid, md5('bob')::uuid, md5('cleo')::uuid) $$, $$ values (md5('bob')::uuid) $$, 'and is forgotten then'
);

select * from finish();
rollback;
