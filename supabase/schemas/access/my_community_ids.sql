-- my_community_ids, my_channel_ids: what the caller may read directly, as arrays.
-- Policies compare a column with `any ((select …))`: the array is computed once per statement and can drive an index,
-- so a denied reader is as fast as an allowed one. Asked row by row, the same rule costs seconds on a large channel.
-- They are plpgsql because they stand before the tables whose policies call them.
-- Without a permission: the communities the caller is a member of; with one: those where the caller also holds it.
create function private.my_community_ids(p_permission text default null)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_needed bigint;
begin
  if p_permission is null then
    return array(
      select m.community_id from public.community_members m where m.user_id = (select auth.uid())
    );
  end if;
  v_needed := private.permission_mask(p_permission);
  return array(
    select m.community_id from public.community_members m
    where m.user_id = (select auth.uid()) and private.community_permissions(m.community_id) & v_needed <> 0
  );
end
$$;

revoke all on function private.my_community_ids(text) from public, anon, authenticated, service_role;
grant execute on function private.my_community_ids(text) to authenticated;
