-- report: a report as staff see it. Who made it only admins see.
create type public.report as (
  id uuid,
  subject_kind text,
  community_id uuid,
  channel_id uuid,
  seq bigint,
  user_id uuid,
  reason text,
  details text,
  state text,
  assignee_id uuid,
  reporter_id uuid,
  created_at timestamptz,
  changed_at timestamptz
);

comment on type public.report is $$A report, for platform staff.
@not_null id, subject_kind, reason, state, created_at, changed_at$$;
comment on column public.report.subject_kind is $$What it is about.
@type {'message' | 'user' | 'community'}$$;
comment on column public.report.community_id is 'The community, or where the message was sent; null for users, and outside of communities.';
comment on column public.report.channel_id is 'The channel or thread of the message; null for users and communities.';
comment on column public.report.seq is 'The message''s number there.';
comment on column public.report.user_id is 'The accused: the user, the message''s author, or the community''s owner then; null: an author whose account was gone.';
comment on column public.report.reason is $$Why.
@type {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}$$;
comment on column public.report.details is 'What who made it has to say: up to 2,000 characters.';
comment on column public.report.state is $$Where it stands: `open`, until somebody takes it on.
@type {'open' | 'in_review' | 'resolved' | 'dismissed'}$$;
comment on column public.report.assignee_id is 'Who has it in hand; null: nobody.';
comment on column public.report.reporter_id is 'Who made it; null for reviewers, who are not told.';
comment on column public.report.changed_at is 'When it was last made, taken on, ended or opened again.';

create function private.described_report(p_report private.reports, p_role text)
returns public.report
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_described public.report;
begin
  select
    p_report.id, p_report.subject_kind, p_report.community_id,
    case p_report.subject_kind when 'message' then p_report.subject_id end, p_report.seq, p_report.user_id, p_report.reason,
    p_report.details, p_report.state, p_report.assignee_id, case p_role when 'admin' then p_report.reporter_id end,
    p_report.created_at, p_report.changed_at
  into v_described;
  return v_described;
end
$$;

revoke all on function private.described_report(private.reports, text) from public, anon, authenticated, service_role;
