-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('private.platform_staff', 'user_id', 'staff_role', '{user_id}', $$jsonb_build_object('role', t.role, 'granted_at', t.granted_at)$$),
  ('private.reports', 'reporter_id', 'reports', '{id}', $$jsonb_build_object('id', t.id, 'subject_kind', t.subject_kind, 'subject_id', t.subject_id, 'seq', t.seq, 'reason', t.reason, 'details', t.details, 'state', t.state, 'created_at', t.created_at)$$);

insert into private.personal_data (relation, user_column, reason) values
  ('private.reports', 'user_id', 'Who is accused is not told, to protect who has reported'),
  ('private.reports', 'assignee_id', 'Work for the platform'),
  ('private.reports', 'concerned_ids', 'Who is concerned is not told, to protect who has reported'),
  ('private.reports', 'subject_id', 'Who is accused is not told, to protect who has reported'),
  ('private.report_events', 'actor_id', 'Work for the platform');
