-- mentions_in: whom a text mentions, by id: <@user>, <@&role>, <#channel>, and @everyone. Only what its author may: members, with
-- mention_everyone also roles and everyone, and channels that the author views. What may not be mentioned is text like
-- any other, as in Discord: no refusal tells who or what exists. Null: nobody.
create function private.mentions_in(p_body text, p_channel_id uuid, p_held bigint)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid;
  v_may_all boolean;
  v_everyone boolean;
  v_user_ids uuid[];
  v_role_ids uuid[];
  v_channel_ids uuid[];
begin
  if p_body !~ '<[@#]|@everyone' then
    return null;
  end if;
  select h.community_id into v_community_id from private.channel_heads h where h.channel_id = p_channel_id;
  v_may_all := p_held & private.permission_mask('mention_everyone') <> 0;
  v_everyone := v_may_all and p_body ~ '@everyone\M';

  with named as materialized (
    select distinct f.m [1] as sign, f.m [2]::uuid as id
    from pg_catalog.regexp_matches(
      p_body, '<(@|@&|#)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>', 'g'
    ) as f (m)
  )
  select
    array(
      select n.id from named n
      where n.sign = '@' and (
        exists (select from public.community_members m where m.community_id = v_community_id and m.user_id = n.id)
        or exists (select from private.direct_members d where d.channel_id = p_channel_id and d.user_id = n.id)
      )
      order by n.id
    ),
    array(
      select n.id from named n
      join public.roles r on r.community_id = v_community_id and r.id = n.id
      where n.sign = '@&' and v_may_all and not r.is_default
      order by n.id
    ),
    array(
      select n.id from named n
      join private.channel_heads c on c.community_id = v_community_id and c.channel_id = n.id
      where n.sign = '#' and private.channel_permissions(n.id) & private.permission_mask('view_channel') <> 0
      order by n.id
    )
  into v_user_ids, v_role_ids, v_channel_ids;

  if pg_catalog.cardinality(v_user_ids) + pg_catalog.cardinality(v_role_ids) + pg_catalog.cardinality(v_channel_ids) > 50 then
    perform private.fail(
      'invalid_argument', 'A message mentions at most 50.', 422,
      pg_catalog.jsonb_build_object('field', 'p_body', 'max_mentions', 50)
    );
  end if;
  if v_everyone or pg_catalog.cardinality(v_user_ids || v_role_ids || v_channel_ids) > 0 then
    return pg_catalog.jsonb_build_object(
      'user_ids', v_user_ids, 'role_ids', v_role_ids, 'channel_ids', v_channel_ids, 'everyone', v_everyone
    );
  end if;
  return null;
end
$$;

revoke all on function private.mentions_in(text, uuid, bigint) from public, anon, authenticated, service_role;
