-- require_emoji: one emoji: the ranges that Unicode's emoji data (UTS #51) names, joined and varied as sequences are; digits and # and *
-- only as keycaps. Anything else would be a message in the place of a reaction.
create function private.require_emoji(p_emoji text)
returns text
language plpgsql immutable security definer set search_path = ''
as $$
begin
  if p_emoji is null
    or pg_catalog.char_length(p_emoji) > 20
    or p_emoji !~ '^([0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\u200d\ufe0f\U000e0020-\U000e007f])+$'
    or p_emoji ~ '^[\u200d\ufe0f\U000e0020-\U000e007f]'
  then
    perform private.fail(
      'invalid_argument', 'A reaction is one emoji.', 422, pg_catalog.jsonb_build_object('field', 'p_emoji')
    );
  end if;
  return p_emoji;
end
$$;

revoke all on function private.require_emoji(text) from public, anon, authenticated, service_role;
