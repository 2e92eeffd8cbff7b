-- Who may read a profile: oneself, and whoever shares a community. It stands here because identity knows no communities.
create policy profiles_select on public.profiles
for select to authenticated using (
  id = (select auth.uid())
  or exists (
    select from public.community_members m
    where m.user_id = profiles.id and m.community_id = any ((select private.my_community_ids())::uuid[])
  )
);
