/**
 * How much of what is stored for a community (`$1`) differs from the rule asked afresh, and how many classes nobody is
 * in, name a role that is gone, or do not fit their members. Members whose temporary grant has just ended are left out:
 * their class is not believed by anybody until the sweep.
 */
export const wrongAnswersSql = `
  select (
    select count(*)::int
    from private.access_classes a
    cross join lateral private.rights_in(a.community_id, a.role_ids, a.member_id) r
    full join (
      select ca.* from private.channel_access ca
      join private.access_classes k on k.id = ca.access_class_id where k.community_id = $1
    ) ca on ca.access_class_id = a.id and ca.channel_id = r.place_id
    where coalesce(a.community_id, $1) = $1 and ca.permissions is distinct from r.permissions
  ) + (
    select count(*)::int
    from private.access_classes a
    where a.community_id = $1 and (
      a.permissions <> private.base_permissions(a.community_id, a.role_ids, a.member_id)
      or not exists (select from public.community_members m where m.access_class_id = a.id)
      or exists (
        select from unnest(a.role_ids) as i (id)
        where not exists (select from public.roles r where r.community_id = $1 and r.id = i.id)
      )
    )
  ) + (
    select count(*)::int
    from public.community_members m
    join private.access_classes a on a.id = m.access_class_id
    join public.communities c on c.id = m.community_id
    where m.community_id = $1
      and (m.access_expires_at is null or m.access_expires_at > now())
      and (
        a.role_ids <> private.granted_role_ids(m.community_id, m.user_id)
        or (a.member_id is null) = (
          c.owner_id = m.user_id
          or exists (select from public.channel_overwrites w where w.community_id = $1 and w.user_id = m.user_id)
        )
      )
  ) as wrong`;
