-- Who may read an audit log. It stands here because platform knows no communities.
create policy audit_log_select on public.audit_log
for select to authenticated using (community_id = any ((select private.my_community_ids('view_audit_log'))::uuid[]));
