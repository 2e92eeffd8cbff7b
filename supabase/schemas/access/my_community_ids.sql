-- my_community_ids, viewable_channel_ids, readable_channel_ids: what the caller may read directly, as arrays.
-- Policies compare a column with `any ((select …))`: the array is computed once per statement and can drive an index,
-- so a denied reader is as fast as an allowed one. Asked row by row, the same rule costs seconds on a large channel.
-- They are plpgsql because they stand before the tables whose policies call them.
create function private.my_community_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.community_id from public.community_members m where m.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.my_community_ids() from public, anon, authenticated, service_role;
grant execute on function private.my_community_ids() to authenticated;
