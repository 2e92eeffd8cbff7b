begin;
select plan(5);
\ir ../shared.psql

-- bob holds two roles in a community with one channel for each way in which the default role, both roles and the member
-- can be overwritten on one permission: nothing said, allowed or denied, 3 × 3 × 3 × 3 channels.
select pg_temp.sign_up('ann', 'bob');

insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, private.permission_mask('view_channel')),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 'low', 1, 0),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000002', 'high', 2, 0),
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000003', 'not bob''s', 3, 0);
select private.add_member('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid);
insert into public.member_roles (community_id, user_id, role_id) values
  ('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000001'),
  ('c0000000-0000-4000-8000-000000000001', md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000002');

create temp table cases as
select gen_random_uuid() as channel_id, default_says, low_says, high_says, member_says
from unnest(array['nothing', 'allow', 'deny']) as default_says, unnest(array['nothing', 'allow', 'deny']) as low_says,
  unnest(array['nothing', 'allow', 'deny']) as high_says, unnest(array['nothing', 'allow', 'deny']) as member_says;
insert into public.channels (community_id, id, kind, name, position)
select 'c0000000-0000-4000-8000-000000000001', channel_id, 'text', 'one case', 0 from cases;
insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
select 'c0000000-0000-4000-8000-000000000001', c.channel_id, t.role_id, t.user_id,
  case t.says when 'allow' then private.permission_mask('add_reactions') else 0 end,
  case t.says when 'deny' then private.permission_mask('add_reactions') else 0 end
from cases c, lateral (values
  ('d0000000-0000-4000-8000-000000000000'::uuid, null::uuid, c.default_says),
  ('d0000000-0000-4000-8000-000000000001', null, c.low_says),
  ('d0000000-0000-4000-8000-000000000002', null, c.high_says),
  (null, md5('bob')::uuid, c.member_says),
  -- What is said to others has no part in it.
  ('d0000000-0000-4000-8000-000000000003', null, case c.member_says when 'allow' then 'deny' else 'allow' end)
) as t (role_id, user_id, says)
where t.says <> 'nothing';
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.community_id = 'c0000000-0000-4000-8000-000000000001' group by m.community_id;

-- The rule as it is written down, one tier after the other.
create function pg_temp.expected(p_base boolean, c cases) returns boolean language plpgsql as $$
declare
  v_may boolean := p_base;
begin
  if c.default_says = 'deny' then v_may := false; end if;
  if c.default_says = 'allow' then v_may := true; end if;
  if 'deny' in (c.low_says, c.high_says) then v_may := false; end if;
  if 'allow' in (c.low_says, c.high_says) then v_may := true; end if;
  if c.member_says = 'deny' then v_may := false; end if;
  if c.member_says = 'allow' then v_may := true; end if;
  return v_may;
end
$$;
create function pg_temp.differing(p_base boolean) returns setof cases language sql as $$
  select c.*
  from cases c
  join public.community_members m on m.user_id = md5('bob')::uuid
  join private.channel_access a on a.access_class_id = m.access_class_id and a.channel_id = c.channel_id
  where (a.permissions & private.permission_mask('add_reactions') <> 0) is distinct from pg_temp.expected(p_base, c)
$$;

select is(
  (select count(*) from private.channel_access a join public.community_members m on m.access_class_id = a.access_class_id
   where m.user_id = md5('bob')::uuid), 81::bigint, 'every channel has an answer'
);

select private.resolve_access('c0000000-0000-4000-8000-000000000001');
select is_empty('select * from pg_temp.differing(false)', 'where no role gives the permission, each tier decides after the one before it');

update public.roles set permissions = private.permission_mask('view_channel', 'add_reactions') where id = 'd0000000-0000-4000-8000-000000000000';
select private.resolve_access('c0000000-0000-4000-8000-000000000001');
select is_empty('select * from pg_temp.differing(true)', 'also where the default role gives it');

update public.roles set permissions = private.permission_mask('view_channel') where id = 'd0000000-0000-4000-8000-000000000000';
update public.roles set permissions = private.permission_mask('add_reactions') where id = 'd0000000-0000-4000-8000-000000000001';
select private.resolve_access('c0000000-0000-4000-8000-000000000001');
select is_empty('select * from pg_temp.differing(true)', 'also where a granted role gives it');

update public.roles set permissions = private.permission_mask('view_channel', 'add_reactions') where id = 'd0000000-0000-4000-8000-000000000003';
update public.roles set permissions = 0 where id = 'd0000000-0000-4000-8000-000000000001';
select private.resolve_access('c0000000-0000-4000-8000-000000000001');
select is_empty('select * from pg_temp.differing(false)', 'a role that was not granted gives nothing');

select * from finish();
rollback;
