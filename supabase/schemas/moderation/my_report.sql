-- my_report: a report as who made it sees it: that it is there, and what has become of it. Nothing of who works on it and what they say.
create type public.my_report as (
  id uuid,
  subject_kind text,
  community_id uuid,
  channel_id uuid,
  seq bigint,
  user_id uuid,
  reason text,
  state text,
  created_at timestamptz
);

comment on type public.my_report is $$A report that one has made.
@not_null id, subject_kind, reason, state, created_at$$;
comment on column public.my_report.subject_kind is $$What it is about.
@type {'message' | 'user' | 'community'}$$;
comment on column public.my_report.community_id is 'The community, or where the message was sent; null for users, and outside of communities.';
comment on column public.my_report.channel_id is 'The channel or thread of the message; null for users and communities.';
comment on column public.my_report.seq is 'The message''s number there.';
comment on column public.my_report.user_id is 'The user, the message''s author, or the community''s owner; null: an author whose account was gone.';
comment on column public.my_report.reason is $$Why.
@type {'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other'}$$;
comment on column public.my_report.state is $$Where it stands.
@type {'open' | 'in_review' | 'resolved' | 'dismissed'}$$;

create function private.described_my_report(p_report private.reports)
returns public.my_report
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_described public.my_report;
begin
  select
    p_report.id, p_report.subject_kind, p_report.community_id,
    case p_report.subject_kind when 'message' then p_report.subject_id end, p_report.seq, p_report.user_id, p_report.reason,
    p_report.state, p_report.created_at
  into v_described;
  return v_described;
end
$$;

revoke all on function private.described_my_report(private.reports) from public, anon, authenticated, service_role;
