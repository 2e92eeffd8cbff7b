-- get_report: Gate: staff whom it is not about.
create function private.get_report(p_report_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_report private.reports := private.require_report(p_report_id);
  v_role text := private.require_staff();
begin
  return pg_catalog.jsonb_build_object(
    'report', private.described_report(v_report, v_role),
    'evidence', v_report.evidence,
    'events', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object(
            'at', e.at,
            'actor_id', case when e.kind <> 'reported' or v_role = 'admin' then e.actor_id end,
            'kind', e.kind, 'note', e.note, 'details', e.details
          )
          order by e.id
        ),
        '[]'
      )
      from private.report_events e
      where e.report_id = p_report_id
    )
  );
end
$$;

revoke all on function private.get_report(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_report(uuid) to authenticated;

create function public.get_report(p_report_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.get_report(p_report_id); $$;

comment on function public.get_report(uuid) is
$$Returns a report with its evidence, which is what there was to be seen when it was made, whatever has become of it, and with every step that was
done. For platform staff; what is about oneself, or about a community that one manages, is `not_found`.
Of a message there are `message` and `edits` (what it said before, at most the last 20), `author`, `channel`, `thread`, `community`, and
`around`, up to 5 messages before and 5 after it. Of a user: `user` and the `communities` shared with who made the report. Of a community:
`community`, `owner`, `members` (counted up to 1,000) and the `channels` that who made the report saw. `etag` is what Storage calls a
file's content, often its MD5; the file itself is not kept. `actor_id` of a step is null where the server did it, and for reviewers also where
it tells who made the report.
@errors session_required, not_found
@returns {{ report: Report; evidence: { taken_at: string; community?: { id: string; name: string } | null; channel?: { id: string; name: string | null }; thread?: { id: string; name: string } | null; author?: { id: string; username: string; display_name: string } | null; message?: Omit<Message, 'client_nonce' | 'attachments'> & { attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null; etag: string | null }[] }; edits?: { revision: number; body: string; edited_at: string }[]; around?: (Omit<Message, 'client_nonce' | 'attachments'> & { attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null; etag: string | null }[] })[]; user?: { id: string; username: string; display_name: string }; communities?: { id: string; name: string; nickname: string | null }[]; owner?: { id: string; username: string; display_name: string }; members?: number; channels?: { id: string; name: string }[] }; events: { at: string; actor_id: string | null; kind: 'reported' | 'assigned' | 'released' | 'noted' | 'acted' | 'resolved' | 'dismissed' | 'reopened'; note: string | null; details: Record<string, string> | null }[] }}$$;

revoke all on function public.get_report(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_report(uuid) to authenticated;
