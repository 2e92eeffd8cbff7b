begin;
select plan(33);

select is(private.first_link(body), link, coalesce('in "' || left(body, 60) || '"', 'in nothing')) from (values
  ('no link', null),
  (null, null),
  ('https://example.com/', 'https://example.com/'),
  ('see http://example.com/a?b=c#d now', 'http://example.com/a?b=c#d'),
  ('HTTPS://EXAMPLE.COM/x', 'HTTPS://EXAMPLE.COM/x'),
  ('https://one.example https://two.example', 'https://one.example'),
  (E'line\nhttps://example.com/\nline', 'https://example.com/'),
  ('ends here: https://example.com/a.', 'https://example.com/a'),
  ('really https://example.com/a?!', 'https://example.com/a'),
  ('(https://example.com/a)', 'https://example.com/a'),
  ('(see https://example.com/a), and more', 'https://example.com/a'),
  ('https://example.com/wiki/A_(b)', 'https://example.com/wiki/A_(b)'),
  ('<https://example.com/a>', 'https://example.com/a'),
  ('"https://example.com/a"', 'https://example.com/a'),
  ('**https://example.com/a**', 'https://example.com/a'),
  ('[text](https://example.com/a)', 'https://example.com/a'),
  ('看https://example.com/路', 'https://example.com/路'),
  ('看https://example.com/a。', 'https://example.com/a'),
  (E'https://example.com/a\u3000next', 'https://example.com/a'),
  (E'https://example.com/a\u00a0next', 'https://example.com/a'),
  -- Not of the web, or nowhere to go.
  ('ftp://example.com/', null),
  ('javascript://example.com/', null),
  ('file:///etc/passwd', null),
  ('xhttps://example.com/', null),
  ('xhttps://example.com/ https://example.org/', 'https://example.org/'),
  ('://', null),
  ('https://', null),
  ('https:///path', null),
  ('https://?', null),
  -- What nobody sees is not in what is shown.
  (E'https://example.com/\u202egnp', null),
  (E'https://exam\u200bple.com/', null),
  ('https://example.com/' || repeat('a', 2028), 'https://example.com/' || repeat('a', 2028)),
  ('https://example.com/' || repeat('a', 2029), null)
) as t (body, link);

select * from finish();
rollback;
