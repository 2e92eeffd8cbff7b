-- claim_link_previews: the next links to look at, for the Edge Function link-previews. Each is its claimer's for a minute,
-- many times what a page is given; three claims without an answer are enough.
create function private.claim_link_previews(p_limit integer)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_claimed jsonb;
begin
  perform private.require_limit(p_limit, 100);

  with due as (
    select r.channel_id, r.seq
    from private.link_preview_requests r
    where r.claimable_at <= pg_catalog.now() and r.tries < 3
    order by r.claimable_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.link_preview_requests r
    set tries = r.tries + 1, claimable_at = pg_catalog.now() + interval '1 minute'
    from due d
    where r.channel_id = d.channel_id and r.seq = d.seq
    returning r.channel_id, r.seq, r.url
  )
  select
    coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'channel_id', c.channel_id, 'seq', c.seq, 'url', c.url,
          'is_known', k.url_hash is not null, 'preview', k.preview - 'url'
        )
      ),
      '[]'
    )
  into v_claimed
  from claimed c
  left join private.link_previews k
    on k.url_hash = pg_catalog.sha256(pg_catalog.convert_to(c.url, 'UTF8')) and private.is_known_link(k);
  return v_claimed;
end
$$;

revoke all on function private.claim_link_previews(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_link_previews(integer) to service_role;

create function public.claim_link_previews(p_limit integer default 20)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.claim_link_previews(p_limit); $$;

comment on function public.claim_link_previews(integer) is
$$Returns links of messages that wait for their preview. They are the caller's for a minute, to be answered with
`store_link_preview`; afterwards they are given out again, three times in all. Where `is_known`, the link was looked at within the
last hour and `preview` is what it showed. Needs the secret key.
@param p_limit 1 to 100 links
@errors invalid_argument
@returns {{ channel_id: string; seq: number; url: string; is_known: boolean; preview: { title: string | null; description: string | null; site_name: string | null; image_url: string | null } | null }[]}$$;

revoke all on function public.claim_link_previews(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_link_previews(integer) to service_role;
